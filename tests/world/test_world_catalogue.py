import unicodedata
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import polars as pl
import pytest

from tests.world.living_shop import shop

FACETS = {"category", "brand", "series", "theme", "material", "style", "color", "audience"}
COLUMNS = ["key", "title", "category", "brand", "city", "business", "seller", "price"]
COLUMNS += ["published_at", "expires_at"]


def spans() -> list[tuple[str, list[object]]]:
    titles = dict(shop().items.select("key", "title").iter_rows())
    return [(titles[row["key"]], span) for row in shop().true_items for span in row["spans"]]


def open_labels(tag: dict[str, object]) -> set[str]:
    return {label for name in ("zh", "en") for label in (tag[name], *tag[f"{name}_synonyms"])}


def test_tags_form_a_tree_of_eight_facets() -> None:
    keys = {tag["key"] for tag in shop().tags}
    assert {tag["facet"] for tag in shop().tags} == FACETS
    assert len(keys) == len(shop().tags)
    assert all(parent in keys for tag in shop().tags for parent in tag["parents"])
    assert all(key.isascii() for key in keys)
    assert all(tag["zh"] or tag["en"] for tag in shop().tags)


def test_items_have_flat_columns_whose_keys_resolve() -> None:
    keys = {tag["key"] for tag in shop().tags}
    items = shop().items
    assert items.columns == COLUMNS
    assert items["key"].is_unique().all()
    assert set(items["category"]) | set(items["brand"].drop_nulls()) <= keys
    assert all(key.count("/") == 3 for key in items["category"].unique())
    assert items["price"].min() >= 1
    assert items["title"].str.len_chars().min() > 0


def test_some_brands_are_not_listed_but_true() -> None:
    listed = shop().items["brand"].to_list()
    true = [row["tags"].get("brand") for row in shop().true_items]
    assert all(brand in (None, truth) for brand, truth in zip(listed, true, strict=True))
    missing = sum(b is None and t is not None for b, t in zip(listed, true, strict=True))
    assert 0.1 < missing / len(listed) < 0.25


def test_spans_reproduce_the_words_of_the_title() -> None:
    tags = {tag["key"]: tag for tag in shop().tags}
    withheld = {(row["tag"], row["word"]) for row in shop().words["withheld"]}
    found = Counter()
    for title, (start, end, facet, key) in spans():
        said, tag = title[start:end], tags[key]
        assert said.strip() == said != ""
        assert tag["facet"] == facet
        found["open"] += said in open_labels(tag)
        found["hidden"] += said in (*tag["zh_hidden"], *tag["en_hidden"])
        found["withheld"] += (key, said) in withheld
        found["all"] += 1
    assert 0.8 < found["open"] / found["all"] < 0.95
    assert 0.01 < found["hidden"] / found["all"] < 0.06
    assert found["withheld"] > 20


def test_spans_do_not_overlap_and_belong_to_the_item() -> None:
    for row in shop().true_items:
        ends = [(start, end) for start, end, _, _ in row["spans"]]
        assert all(a[1] <= b[0] for a, b in pairwise(ends))
        assert {key for *_, key in row["spans"]} <= set(row["tags"].values())


def test_titles_are_chinese_english_and_mixed() -> None:
    languages = Counter(row["language"] for row in shop().true_items)
    assert languages.keys() == {"zh", "en", "mixed"}
    assert min(languages.values()) / len(shop().true_items) > 0.12


@pytest.mark.parametrize(
    ("phenomenon", "pattern"),
    [
        ("free shipping", "【包邮】"),
        ("emoji", "[🔥✨]"),
        ("shouting", "HOT!!|L@@K"),
        ("full width", "[Ａ-Ｚａ-ｚ]"),
        ("traditional characters", "[連裙鞋復約純藍紅]"),
        ("shoe size", r"\d\d码"),
        ("storage", "256GB"),
        ("volume", r"500ml\*2"),
    ],
)
def test_titles_carry(phenomenon: str, pattern: str) -> None:
    assert shop().items["title"].str.contains(pattern).sum() > 2, phenomenon


def test_full_width_letters_keep_their_offsets() -> None:
    wide = [
        t[s:e]
        for t, (s, e, *_) in spans()
        if any(unicodedata.east_asian_width(c) == "F" for c in t[s:e])
    ]
    assert len(wide) > 10


@pytest.mark.parametrize("word", ["苹果", "小米", "橙", "coach", "apple"])
def test_ambiguous_words_mean_different_things(word: str) -> None:
    meanings = shop().words["ambiguous"][word]
    facets = {tag["facet"] for tag in shop().tags if tag["key"] in meanings}
    assert len(meanings) > 1
    assert len(facets) > 1


def test_titles_use_ambiguous_words_in_several_meanings() -> None:
    ambiguous, used = shop().words["ambiguous"], {}
    for title, (start, end, _, key) in spans():
        used.setdefault(title[start:end].casefold(), set()).add(key)
    assert sum(len(used.get(word, ())) > 1 for word in ambiguous) > 5


def test_withheld_words_are_not_in_the_tag_list() -> None:
    known = {label for tag in shop().tags for label in open_labels(tag)}
    assert len(shop().words["withheld"]) > 30
    assert not {row["word"] for row in shop().words["withheld"]} & known


def test_auctions_live_for_hours() -> None:
    auctions = shop().items.filter(business="auction")
    life = auctions["expires_at"] - auctions["published_at"]
    assert len(auctions) > 50
    assert life.min() >= timedelta(hours=3)
    assert life.max() <= timedelta(hours=72)


def test_every_line_of_business_is_there() -> None:
    shares = Counter(shop().items["business"])
    assert set(shares) == {"new", "used", "auction", "service", "rental"}
    assert shares["new"] > shares["used"] > shares["auction"]


def test_items_arrive_every_day_after_a_stock() -> None:
    first = shop().events["time"].min().replace(hour=0, minute=0, second=0) - timedelta(hours=8)
    published = shop().items["published_at"]
    arriving = published.filter(published >= first)
    assert 0.3 < len(arriving) / len(published) < 0.5
    assert published.is_sorted()
    assert arriving.dt.date().n_unique() >= 12
    assert (first - published.min()) > timedelta(days=60)


def test_used_things_are_cheaper_than_new_ones() -> None:
    usual = shop().items.group_by("business").agg(pl.col("price").median())
    price = dict(usual.iter_rows())
    assert price["used"] < price["new"]
