"""What the command line itself says that it can do."""

import os
import re
import subprocess
import sys
from functools import cache

from tests.contracts.checkout import ROOT

PLAIN = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200", "TERMINAL_WIDTH": "200"}


@cache
def help_of(*command: str) -> str:
    """Ask a command for its help; a command that is not there answers with an error."""
    order = [sys.executable, "-m", "api.commands.main", *command, "--help"]
    answer = subprocess.run(
        order, cwd=ROOT, env=os.environ | PLAIN, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, f"weft {' '.join(command)}: {answer.stderr or answer.stdout}"
    return answer.stdout


def commands(*group: str) -> set[str]:
    """List the commands of a group, or of `weft` itself."""
    _, _, listed = help_of(*group).partition("Commands")
    return set(re.findall(r"^\W*([a-z][a-z-]*)\s{2,}\S", listed, re.MULTILINE))
