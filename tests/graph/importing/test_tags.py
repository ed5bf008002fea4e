from graph.importing.circles import closing
from tests.graph.shop import Shop, counts, item
from weft.marks import read_marks

HEAD = "key,facet,parents,zh,en,zh_synonyms,en_hidden\n"


def tag(key: str, *parents: str, **cells: object) -> dict[str, object]:
    return {"key": key, "facet": "category", "parents": list(parents), **cells}


def labels(shop: Shop, key: str) -> list[tuple[str, str, str]]:
    return shop.ask(
        "SELECT language, kind, text FROM tag_label JOIN tag ON tag.id = tag_label.tag "
        f"WHERE key = '{key}' ORDER BY 1, 2, 3"
    )


def relations(shop: Shop) -> list[tuple[str, str]]:
    return shop.ask(
        "SELECT tag.key, above.key FROM tag_relation JOIN tag ON tag.id = tag "
        "JOIN tag above ON above.id = other WHERE kind = 'broader' ORDER BY 1, 2"
    )


def related(shop: Shop) -> list[tuple[str, str]]:
    return shop.ask(
        "SELECT tag.key, other.key FROM tag_relation AS relation JOIN tag ON tag.id = tag "
        "JOIN tag other ON other.id = other WHERE kind = 'related' ORDER BY 1, 2"
    )


def test_labels_come_by_language(shop: Shop) -> None:
    row = "shoe,category,,鞋,Shoes,鞋子|球鞋,shooes\n"
    assert counts(shop.load("tag", HEAD + row, "tags.csv")) == (1, 1, 0, 0, 0)
    assert labels(shop, "shoe") == [
        ("en", "hidden", "shooes"),
        ("en", "preferred", "Shoes"),
        ("zh", "preferred", "鞋"),
        ("zh", "synonym", "球鞋"),
        ("zh", "synonym", "鞋子"),
    ]
    assert shop.ask("SELECT normal FROM tag_label WHERE text = 'Shoes'") == ["shoes"]


def test_a_tag_without_labels_is_called_by_its_key(shop: Shop) -> None:
    shop.load("tag", [tag("wear/shoes")])
    assert labels(shop, "wear/shoes") == [("und", "preferred", "shoes")]


def test_parents_may_come_later(shop: Shop) -> None:
    assert counts(shop.load("tag", [tag("sneaker", "shoe"), tag("shoe")])) == (2, 2, 0, 0, 0)
    assert relations(shop) == [("sneaker", "shoe")]
    assert shop.ask("SELECT id, key FROM tag ORDER BY id") == [(1, "sneaker"), (2, "shoe")]


def test_the_same_again_leaves_everything_alone(shop: Shop) -> None:
    rows = [tag("sneaker", "shoe", en="Sneaker", en_synonyms=["trainer"]), tag("shoe")]
    shop.load("tag", rows)
    before = shop.ask("SELECT id, changed_at FROM tag ORDER BY id")
    assert counts(shop.load("tag", rows)) == (2, 0, 0, 2, 0)
    assert shop.ask("SELECT id, changed_at FROM tag ORDER BY id") == before
    with shop.engine.connect() as connection:
        assert read_marks(connection)["tag"] == 2


def test_labels_and_parents_are_replaced_as_sets(shop: Shop) -> None:
    shop.load("tag", [tag("a"), tag("b"), tag("c", "a", en="Old", en_synonyms=["x", "y"])])
    summary = shop.load("tag", [tag("c", "b", en="New", en_synonyms=["y"])])
    assert counts(summary) == (1, 0, 1, 0, 0)
    assert relations(shop) == [("c", "b")]
    assert labels(shop, "c") == [("en", "preferred", "New"), ("en", "synonym", "y")]


def test_unknown_parents_are_named_and_the_tag_is_kept(shop: Shop) -> None:
    rows = [tag("a", "nope", "neither", "b"), tag("b")]
    assert counts(shop.load("tag", rows)) == (2, 1, 0, 0, 1)
    (reject,) = shop.rejects()
    assert (reject["line"], reject["column"]) == (1, "parents")
    assert "'neither', 'nope'" in reject["reason"]
    assert shop.ask("SELECT count(*) FROM tag") == [2]
    assert relations(shop) == []


def test_related_tags_are_tied_both_ways_whoever_says_so(shop: Shop) -> None:
    head = "key,facet,related\n"
    shop.load("tag", head + "sari,category,silk|scarf\nsilk,material,\nscarf,category,\n", "a.csv")
    assert related(shop) == [
        ("sari", "scarf"), ("sari", "silk"), ("scarf", "sari"), ("silk", "sari"),
    ]  # fmt: skip


def test_a_row_that_names_related_tags_names_all_of_them(shop: Shop) -> None:
    shop.load("tag", [tag("a", related=["b"]), tag("b"), tag("c", related=["a"]), tag("d")])
    again = shop.load("tag", [tag("a", related=["d"])])
    assert counts(again) == (1, 0, 1, 0, 0)
    assert related(shop) == [("a", "d"), ("d", "a")]
    history = "SELECT key FROM taxonomy_change AS change JOIN tag ON tag.id = tag"
    assert shop.ask(f"{history} WHERE change.revision = 2 ORDER BY 1") == ["a", "b", "c", "d"]


def test_a_row_that_names_none_leaves_related_tags_alone(shop: Shop) -> None:
    shop.load("tag", [tag("a", related=["b"]), tag("b")])
    assert counts(shop.load("tag", [tag("a"), tag("b")])) == (2, 0, 0, 2, 0)
    assert related(shop) == [("a", "b"), ("b", "a")]


def test_unknown_related_tags_are_named_and_the_tag_is_kept(shop: Shop) -> None:
    rows = [tag("a", "no", related=["nope"]), tag("b", related=["b"]), tag("c", related=["a"])]
    assert counts(shop.load("tag", rows)) == (3, 1, 0, 0, 2)
    assert {(r["row"]["key"], r["column"]) for r in shop.rejects()} == {
        ("a", "parents"), ("a", "related"), ("b", "related"),
    }  # fmt: skip
    assert related(shop) == [("a", "c"), ("c", "a")]


def test_the_row_that_closes_a_circle_is_named(shop: Shop) -> None:
    rows = [tag("a", "b"), tag("b", "c"), tag("c", "a"), tag("d", "a"), tag("self", "self")]
    assert counts(shop.load("tag", rows)) == (5, 3, 0, 0, 2)
    found = {reject["row"]["key"]: reject["reason"] for reject in shop.rejects()}
    assert set(found) == {"c", "self"}
    assert "self → self" in found["self"]
    assert "closes a circle" in found["c"]
    assert relations(shop) == [("a", "b"), ("b", "c"), ("d", "a")]


def test_a_circle_with_what_stands_already_is_refused(shop: Shop) -> None:
    shop.load("tag", [tag("a", "b"), tag("b")])
    assert counts(shop.load("tag", [tag("b", "a")])) == (1, 0, 0, 0, 1)
    assert relations(shop) == [("a", "b")]


def test_turning_a_relation_round_is_no_circle(shop: Shop) -> None:
    shop.load("tag", [tag("a", "b"), tag("b")])
    assert counts(shop.load("tag", [tag("b", "a"), tag("a")])) == (2, 0, 2, 0, 0)
    assert relations(shop) == [("b", "a")]


def test_a_tag_keeps_its_facet(shop: Shop) -> None:
    shop.load("tag", [tag("a")])
    rows = [{"key": "a", "facet": "brand"}, {"key": "b", "facet": "Not A Name"}]
    assert counts(shop.load("tag", rows)) == (2, 0, 0, 0, 2)
    assert {reject["column"] for reject in shop.rejects()} == {"facet"}


def test_a_new_hierarchy_reaches_the_items_below(shop: Shop) -> None:
    shop.load("tag", [tag("top"), tag("mid"), tag("leaf", "mid")])
    shop.load("item", [item("i", category="leaf"), item("j", category="top")])
    assert shop.ask("SELECT tag_ids FROM item ORDER BY id") == [[2, 3], [1]]
    shop.load("tag", [tag("mid", "top")])
    assert shop.ask("SELECT tag_ids FROM item ORDER BY id") == [[1, 2, 3], [1]]
    with shop.engine.connect() as connection:
        assert read_marks(connection)["item"] == 3


def test_a_double_in_a_later_chunk_is_found(shop: Shop) -> None:
    rows = [tag(f"t{n}") for n in range(50_010)]
    rows.append(tag("t3", "t4"))
    assert counts(shop.load("tag", rows)) == (50_011, 50_010, 0, 0, 1)
    assert "in line 4 already" in shop.rejects()[0]["reason"]


def test_circles_are_blamed_on_the_latest_line() -> None:
    assert closing([("a", "b", 0)], [("b", "a", 7)]) == {"b": (7, "a → b → a")}
    assert closing([("a", "b", 0), ("b", "a", 0)], []) == {}
    assert closing([], [("a", "b", 1), ("b", "c", 2)]) == {}
