"""Python sessions in the docs run as they are written, each page from top to bottom."""

import doctest
import re
from pathlib import Path

import pytest

from tests.contracts.checkout import files, read

SESSION = re.compile(r"^```pycon\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [page for page in files("*.md") if SESSION.search(read(page))]


def test_there_are_sessions() -> None:
    assert Path("docs/how-to/read-text-alone.md") in PAGES


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_sessions_run(page: Path) -> None:
    whole = "\n".join(SESSION.findall(read(page)))
    session = doctest.DocTestParser().get_doctest(whole, {}, str(page), str(page), 0)
    told: list[str] = []
    doctest.DocTestRunner().run(session, out=told.append)
    assert told == []
