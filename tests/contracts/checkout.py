"""What is in the checkout: the files that git knows or would take, and what their Python says."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("weft", "nlp", "graph", "recall", "ranking", "api", "migrations", "world")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*patterns: str) -> tuple[Path, ...]:
    """List files by pattern, relative to the checkout; no pattern: all."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = sorted(set(listed.split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def product_files() -> tuple[Path, ...]:
    """List the Python files of the product's own packages."""
    return tuple(path for path in files("*.py") if path.parts[0] in PACKAGES)


def read(path: Path) -> str:
    """Read a file of the checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file of the checkout."""
    return ast.parse(read(path), str(path))


def functions(path: Path) -> Iterator[Function]:
    """Give every function and method of a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))
