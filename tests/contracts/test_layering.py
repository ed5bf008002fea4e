import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.contracts.checkout import (
    PACKAGES,
    ROOT,
    Function,
    files,
    functions,
    product_files,
    read,
    tree,
)

LONGEST_FUNCTION = 80
MEDIAN_FUNCTION = 9
LONGEST_FILE = 500
PICKLES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
SQL_FILES = {"queries.py", "tables.py"}
SQL_FOLDERS = {"migrations", "tests", "bench"}
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|TRUNCATE\s+\w"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW|SCHEMA|FUNCTION)|COPY\s.+\s(FROM|TO)\s+STD)",
    re.DOTALL,
)


def test_imports_go_one_way() -> None:
    order = "import importlinter.cli as cli; cli.lint_imports_command()"
    linted = subprocess.run(
        [sys.executable, "-c", order, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_is_ours_and_not_a_stranger_of_the_same_name(name: str) -> None:
    place = importlib.import_module(name).__file__
    assert place is not None, f"{name}/ has no __init__.py"
    assert Path(place).resolve().is_relative_to(ROOT)


def test_every_package_is_named_wherever_packages_are_listed() -> None:
    project = tomllib.loads(read(Path("pyproject.toml")))["tool"]
    ours = set(PACKAGES)
    assert set(project["hatch"]["build"]["targets"]["wheel"]["packages"]) == ours
    assert set(project["mypy"]["packages"]) == {*ours, "bench"}
    assert set(project["ruff"]["lint"]["isort"]["known-first-party"]) == {*ours, "tests", "bench"}
    assert set(project["importlinter"]["root_packages"]) == ours - {"migrations"}


def test_imports_are_absolute() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in files("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert found == []


def test_nothing_is_pickled() -> None:
    found = [
        f"{path}: {name}"
        for path in files("*.py")
        for name in _imported(tree(path))
        if name.split(".")[0] in PICKLES
    ]
    assert found == []


def test_sql_lives_in_queries_and_tables() -> None:
    found = [
        f"{path}:{line}"
        for path in files("*.py")
        if path.name not in SQL_FILES and path.parts[0] not in SQL_FOLDERS
        for line in sorted({*_sql_words(tree(path)), *_sql_calls(tree(path))})
    ]
    assert found == []


def test_functions_are_short() -> None:
    sizes = {
        f"{path}:{node.lineno} {node.name}": _size(node)
        for path in product_files()
        for node in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert median(sizes.values()) <= MEDIAN_FUNCTION


def test_files_are_short() -> None:
    sizes = {str(path): read(path).count("\n") for path in files("*.py", "*.ts", "*.tsx", "*.js")}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_every_function_is_typed() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path in files("*.py")
        if path.parts[0] != "tests"
        for node in functions(path)
        if not _typed(node)
    ]
    assert found == []


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _sql_words(module: ast.Module) -> Iterator[int]:
    docstrings = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        words = node.value if isinstance(node, ast.Constant) else None
        if isinstance(words, str) and SQL.search(words) and id(node) not in docstrings:
            yield node.lineno


def _sql_calls(module: ast.Module) -> Iterator[int]:
    """Find `text("…")` and `.execute("…")`, whatever the text says."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            literal = isinstance(node.args[0], ast.Constant | ast.JoinedStr)
            if literal and (name in ("execute", "exec_driver_sql") or _is_text(node.func, module)):
                yield node.lineno


def _is_text(called: ast.expr, module: ast.Module) -> bool:
    """Tell SQLAlchemy's `text` from anybody else's."""
    if isinstance(called, ast.Attribute):
        return called.attr == "text" and getattr(called.value, "id", "") in ("sa", "sqlalchemy")
    return getattr(called, "id", "") == "text" and any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and any(alias.name == "text" for alias in node.names)
        for node in ast.walk(module)
    )


def _size(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _typed(function: Function) -> bool:
    spec = function.args
    arguments = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    given = [a for a in arguments if a is not None and a.arg not in ("self", "cls")]
    return function.returns is not None and all(a.annotation is not None for a in given)
