from pathlib import Path

import pytest

from graph.importing.files import Summary
from tests.graph.shop import Shop, counts
from weft.errors import ImportFailed

HEAD = "# Google_Product_Taxonomy_Version: 2020-01-01\n"
ENGLISH = HEAD + "1 - Wear\n12 - Wear > Dresses\n13 - Wear > Dresses > Gowns\n2 - Cups & Mugs\n"
CHINESE = "1 - 服装\n12 - 服装 > 连衣裙\n3 - 家具/桌子\n"


def load(shop: Shop, files: dict[str, str], **options: object) -> Summary:
    paths = [shop.write(name, content) for name, content in files.items()]
    chosen = {"format": "google", "facet": "category", **options}
    return shop.load_paths("tag", paths, **chosen)


def tags(shop: Shop) -> list[tuple[str, str, str]]:
    return shop.ask(
        "SELECT key, facet, string_agg(language || ' ' || text, '; ' ORDER BY language) "
        "FROM tag JOIN tag_label ON tag_label.tag = tag.id GROUP BY key, facet ORDER BY key"
    )


def relations(shop: Shop) -> list[tuple[str, str]]:
    return shop.ask(
        "SELECT tag.key, above.key FROM tag_relation JOIN tag ON tag.id = tag "
        "JOIN tag above ON above.id = other ORDER BY 1, 2"
    )


def test_languages_are_joined_by_id(shop: Shop) -> None:
    both = {"list.en-US.txt": ENGLISH, "list.zh-CN.txt": CHINESE}
    assert counts(load(shop, both)) == (5, 5, 0, 0, 0)
    assert tags(shop) == [
        ("google/1", "category", "en Wear; zh 服装"),
        ("google/12", "category", "en Dresses; zh 连衣裙"),
        ("google/13", "category", "en Gowns"),
        ("google/2", "category", "en Cups & Mugs"),
        ("google/3", "category", "zh 家具/桌子"),
    ]
    assert relations(shop) == [("google/12", "google/1"), ("google/13", "google/12")]
    assert counts(load(shop, both)) == (5, 0, 0, 5, 0)


def test_the_version_is_in_the_history(shop: Shop) -> None:
    load(shop, {"list.en-US.txt": ENGLISH})
    (reason,) = set(shop.ask("SELECT reason FROM taxonomy_change"))
    assert reason == (
        "import of list.en-US.txt; list.en-US.txt: Google_Product_Taxonomy_Version: 2020-01-01"
    )


def test_the_first_file_says_where_an_entry_stands(shop: Shop) -> None:
    moved = "1 - 服装\n2 - 杯子\n12 - 杯子 > 连衣裙\n"
    load(shop, {"zh.txt": moved, "en.txt": ENGLISH})
    assert relations(shop) == [("google/12", "google/2"), ("google/13", "google/12")]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("Wear > Hats", None, "`id - name > name` is needed"),
        ("12 - Wear > Hats", "key", "the id 12 stands at 3 already, as Dresses"),
        ("99 - Garden > Spades", "parents", "'Garden' has no line of its own"),
    ],
)
def test_bad_lines_are_refused_alone(
    shop: Shop, line: str, column: str | None, reason: str
) -> None:
    files = {"en.txt": ENGLISH, "zh.txt": "1 - 服装\n", "de.txt": f"{ENGLISH}{line}\n"}
    summary = load(shop, files)
    assert (summary.outcome.added, summary.rejected) == (4, 1)
    (reject,) = shop.rejects()
    assert (reject["line"], reject["column"], reject["reason"]) == (6, column, reason)
    assert reject["file"].endswith("de.txt")


def test_bytes_that_are_not_utf8_are_refused(shop: Shop) -> None:
    path = shop.folder / "zh.txt"
    path.write_bytes("1 - 服装\n".encode("gb18030") + b"2 - Cups\n")
    summary = shop.load_paths("tag", [path], format="google", facet="category")
    assert (summary.outcome.added, summary.rejected) == (1, 1)
    assert "try --encoding gb18030" in shop.rejects()[0]["reason"]


def test_strict_keeps_nothing_of_a_bad_file(shop: Shop) -> None:
    assert not load(shop, {"en.txt": ENGLISH + "x\n"}, strict=True).kept
    assert tags(shop) == []


@pytest.mark.parametrize(
    ("files", "options", "says"),
    [
        ({"en.txt": ENGLISH}, {"facet": None}, "needs --facet"),
        ({"list.txt": ENGLISH}, {}, "must end in a language"),
        ({"a.en.txt": ENGLISH, "b.en-US.txt": ENGLISH}, {}, "two files are in the language en"),
        ({"en.csv": "key,facet\n"}, {"format": "csv"}, "--facet goes with --format google"),
    ],
)
def test_what_makes_no_sense_is_not_loaded(
    shop: Shop, files: dict[str, str], options: dict[str, str], says: str
) -> None:
    with pytest.raises(ImportFailed, match=says):
        load(shop, files, **options)


def test_items_have_no_taxonomy_format(shop: Shop) -> None:
    with pytest.raises(ImportFailed, match="is for tags"):
        shop.load_paths("item", [Path("en.txt")], format="google", facet="category")
