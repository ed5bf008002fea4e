import re
from pathlib import Path

import pytest

from tests.contracts.checkout import ROOT, files, read
from tests.contracts.command_line import help_of

FENCE = re.compile(r"^```(?:bash|sh|shell|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
PATH = re.compile(
    r"`([\w.{}*-]+(?:/[\w.{}*-]*)+|[\w-]+\.(?:md|toml|lock|yaml|yml|svg|py)|Makefile)`"
)
MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|farm|home/\w+|opt|Users)/"
    r"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|registry[.]yarnpkg"
    r"|--(?:extra-)?index-url|--find[-]links"
)
WORD = re.compile(r"[a-z][a-z-]*")


def fenced_commands() -> list[tuple[str, str]]:
    """List every `weft …` line of every shell block, with the page it is on."""
    return [
        (str(page), line.removeprefix("$ ").strip())
        for page in files("*.md")
        for block in FENCE.findall(read(page))
        for line in block.replace("\\\n", " ").splitlines()
        if re.match(r"(\$ )?weft\b", line)
    ]


@pytest.mark.parametrize(("page", "line"), sorted(set(fenced_commands())))
def test_commands_in_the_docs_exist(page: str, line: str) -> None:
    words = line.partition(" #")[0].split()[1:]
    names = []
    for word in words:
        if not WORD.fullmatch(word) or len(names) == 2:
            break
        names.append(word)
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    told = help_of(*names)
    assert [option for option in options if option not in told] == []


def test_links_resolve() -> None:
    broken = [
        f"{page}: {target}"
        for page in files("*.md")
        for pair in LINK.findall(_without_code(read(page)))
        if (target := (pair[0] or pair[1]).partition("#")[0])
        and "://" not in target
        and not target.startswith("mailto:")
        and not (ROOT / page.parent / target).exists()
    ]
    assert broken == []


def test_the_readme_names_only_what_is_there() -> None:
    named = PATH.findall(read(Path("README.md")))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_page_is_in_the_contents() -> None:
    contents = read(Path("mkdocs.yml"))
    pages = [path.relative_to("docs") for path in files("docs/*.md")]
    assert [str(page) for page in pages if str(page) not in contents] == []


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = [
        f"{path}:{number}"
        for path in files()
        if path.suffix not in (".png", ".woff2", ".ico")
        for number, line in enumerate(read(path).splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert found == []


def _without_code(page: str) -> str:
    return re.sub(r"^```.*?^```|`[^`\n]+`", "", page, flags=re.DOTALL | re.MULTILINE)
