import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contracts.checkout import read


def pins() -> dict[str, str]:
    lines = [line for line in read(Path("requirements.lock")).splitlines() if line[:1] != "#"]
    pairs = [line.split("==") for line in lines]
    assert all(len(pair) == 2 for pair in pairs), "a line that is not name==version"
    return {canonicalize_name(name): version for name, version in pairs}


def wanted() -> list[Requirement]:
    project = tomllib.loads(read(Path("pyproject.toml")))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for part in (project["dependencies"], *extras) for line in part]


def test_every_dependency_is_pinned_inside_its_range() -> None:
    locked = pins()
    wrong = [
        f"{need} is locked at {locked.get(canonicalize_name(need.name))}; run make lock"
        for need in wanted()
        if not need.specifier.contains(locked.get(canonicalize_name(need.name), "0"))
    ]
    assert wrong == []


def test_torch_is_pinned_without_a_build() -> None:
    assert pins()["torch"] == "2.13.0"
