import re
from pathlib import Path
from typing import Any

import pytest

from api.spec import Spec
from tests.contracts.checkout import read

PAGE = Path("docs/reference/spec.md")
SCHEMA = Spec.model_json_schema()


def _words(schema: Any) -> list[Any]:
    """Collect the values of every `const` and `enum`."""
    if isinstance(schema, list):
        return [word for part in schema for word in _words(part)]
    if not isinstance(schema, dict):
        return []
    own = [*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    return own + [word for part in schema.values() for word in _words(part)]


def options() -> list[str]:
    classes = [SCHEMA, *SCHEMA["$defs"].values()]
    return sorted({name for c in classes for name in c.get("properties", {})})


def words() -> list[str]:
    return sorted({word for word in _words(SCHEMA) if isinstance(word, str)})


@pytest.mark.parametrize("name", options())
def test_every_option_is_in_the_reference(name: str) -> None:
    assert f"`{name}`" in read(PAGE)


@pytest.mark.parametrize("word", words())
def test_every_choice_is_in_the_reference(word: str) -> None:
    assert f"`{word}`" in read(PAGE)


def test_the_reference_names_no_option_that_is_gone() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", read(PAGE), re.MULTILINE)
    assert rows
    assert set(rows) <= {*options(), *words()}
