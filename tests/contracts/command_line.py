"""What the command line itself says that it can do."""

import re
from functools import cache

from typer.testing import CliRunner

from api.commands.main import app

PLAIN = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200", "TERMINAL_WIDTH": "200"}


@cache
def help_of(*command: str) -> str:
    """Ask a command for its help; a command that is not there answers with an error."""
    answer = CliRunner().invoke(app, [*command, "--help"], env=PLAIN)
    assert answer.exit_code == 0, f"weft {' '.join(command)}: {answer.output}"
    return answer.output


def commands(*group: str) -> set[str]:
    """List the commands of a group, or of `weft` itself."""
    _, _, listed = help_of(*group).partition("Commands")
    return set(re.findall(r"^\W*([a-z][a-z-]*)\s{2,}\S", listed, re.MULTILINE))
