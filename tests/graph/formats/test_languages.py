from pathlib import Path

import pytest

from graph.formats.languages import language_of
from weft.errors import ImportFailed


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("taxonomy-with-ids.zh-CN.txt", "zh"),
        ("taxonomy.zh-TW.txt", "zh-tw"),
        ("de-DE.json", "de"),
        ("en.json", "en"),
        ("list.en-GB.txt", "en-gb"),
        ("list_pt_BR.txt", "pt-br"),
        ("a.b.yue.txt", "yue"),
    ],
)
def test_a_name_ends_in_a_language(name: str, language: str) -> None:
    assert language_of(Path(name)) == language


@pytest.mark.parametrize("name", ["taxonomy.txt", "EN.txt", "zh-.txt", "en-1.json"])
def test_other_names_do_not(name: str) -> None:
    with pytest.raises(ImportFailed, match="must end in a language"):
        language_of(Path(name))
