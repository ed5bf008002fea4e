from datetime import UTC, datetime

from graph.importing.declared import Declared
from tests.graph.reading import CATALOG
from tests.graph.shop import Shop, counts, item
from weft.marks import read_marks

RICH = item(
    "a",
    category="c",
    city="上海",
    price="1,299.00",
    seen_at="2026-05-01 12:00",
    styles=["x", "y"],
    used="yes",
)


def marks(shop: Shop) -> dict[str, int]:
    with shop.engine.connect() as connection:
        return read_marks(connection)


def test_attributes_are_typed_json_and_columns(shop: Shop) -> None:
    assert counts(shop.load("item", [RICH, item("b")])) == (2, 2, 0, 0, 0)
    assert shop.ask("SELECT attributes FROM item ORDER BY id") == [
        {
            "category": "c",
            "city": "上海",
            "price": 1299.0,
            "seen_at": "2026-05-01T04:00:00Z",
            "styles": ["x", "y"],
            "used": True,
        },
        {},
    ]
    moment = datetime(2026, 5, 1, 4, tzinfo=UTC)
    assert shop.ask("SELECT city, price, seen_at, styles, used FROM item ORDER BY id") == [
        ("上海", 1299.0, moment, ["x", "y"], True),
        (None, None, None, None, None),
    ]


def test_the_same_again_leaves_rows_and_marks_alone(shop: Shop) -> None:
    shop.load("item", [RICH])
    before = shop.ask("SELECT changed_at FROM item"), marks(shop)
    assert counts(shop.load("item", [{**RICH, "price": 1299}])) == (1, 0, 0, 1, 0)
    assert (shop.ask("SELECT changed_at FROM item"), marks(shop)) == before


def test_a_row_says_everything_about_its_item(shop: Shop) -> None:
    shop.load("item", [RICH])
    assert counts(shop.load("item", [item("a", city="北京")])) == (1, 0, 1, 0, 0)
    assert shop.ask("SELECT attributes, tag_ids FROM item") == [({"city": "北京"}, [])]
    assert shop.ask("SELECT count(*) FROM item_tag") == [0]
    assert marks(shop)["item"] == 2


def test_ids_are_without_gaps_in_the_order_of_the_file(shop: Shop) -> None:
    shop.load("item", [item("c"), item("bad", price="x"), item("a")])
    shop.load("item", [item("b"), item("c", city="x"), item("d")])
    assert shop.ask("SELECT id, key FROM item ORDER BY id") == [
        (1, "c"),
        (2, "a"),
        (3, "b"),
        (4, "d"),
    ]


def test_a_removed_item_that_comes_again_is_back(shop: Shop) -> None:
    shop.load("item", [item("a")])
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE item SET removed_at = now()")
    assert counts(shop.load("item", [item("a")])) == (1, 0, 1, 0, 0)
    assert shop.ask("SELECT removed_at FROM item") == [None]


def test_of_one_key_twice_the_first_counts(shop: Shop) -> None:
    rows = [item("a", city="x"), item("a", city="x"), item("a", city="y"), item("b")]
    assert counts(shop.load("item", rows)) == (4, 2, 0, 1, 1)
    (reject,) = shop.rejects()
    assert (reject["line"], reject["column"]) == (3, "key")
    assert "in line 1 already" in reject["reason"]
    assert shop.ask("SELECT city FROM item ORDER BY id") == ["x", None]


def test_doubles_are_found_far_apart_but_not_across_files(shop: Shop) -> None:
    far = [item(f"k{n}") for n in range(60_000)]
    rows = [*far, item("k0"), item("k1", city="other")]
    assert counts(shop.load("item", rows)) == (60_002, 60_000, 0, 1, 1)
    assert shop.rejects()[0]["line"] == 60_002
    assert counts(shop.load("item", [item("k1", city="other")])) == (1, 0, 1, 0, 0)


def test_a_double_of_a_refused_row_is_judged_by_itself(shop: Shop) -> None:
    rows = [item("t", category="c"), item("a", price="x"), item("a", price="1")]
    assert counts(shop.load("item", rows)) == (3, 2, 0, 0, 1)


def test_tags_are_made_and_tie_the_item_to_all_above(shop: Shop) -> None:
    shop.rows(
        "tag",
        {"key": "top", "facet": "category"},
        {"key": "c", "facet": "category", "parents": ["top"]},
    )
    summary = shop.load("item", [item("a", category="c"), item("b", category="x/new")])
    assert summary.outcome.new_tags == 1
    assert shop.ask("SELECT tag_ids FROM item ORDER BY id") == [[1, 2], [3]]
    assert shop.ask("SELECT item, tag, source FROM item_tag ORDER BY 1") == [
        (1, 2, "catalog"),
        (2, 3, "catalog"),
    ]
    label = "SELECT language, kind, text FROM tag_label WHERE tag = 3"
    assert shop.ask(label) == [("und", "preferred", "new")]


def test_changed_tags_replace_those_of_the_catalogue_only(shop: Shop) -> None:
    shop.load("item", [item("a", category="c")])
    shop.rows("tag", {"key": "red", "facet": "colour"})
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO item_tag VALUES (1, 2, 'text')")
    shop.load("item", [item("a", category="d")])
    assert shop.ask("SELECT tag, source FROM item_tag ORDER BY tag") == [
        (2, "text"),
        (3, "catalog"),
    ]
    assert shop.ask("SELECT tag_ids FROM item") == [[2, 3]]


def test_a_tag_of_another_facet_refuses_the_row(shop: Shop) -> None:
    shop.rows("tag", {"key": "nike", "facet": "brand"})
    assert counts(shop.load("item", [item("a", category="nike"), item("b")])) == (2, 1, 0, 0, 1)
    assert "of the facet brand, not category" in shop.rejects()[0]["reason"]


def test_unknown_tags_may_be_refused(shop: Shop) -> None:
    declared = {"item": {"category": {"type": "tag", "facet": "category", "unknown": "reject"}}}
    shop.declared = Declared(type(CATALOG).model_validate(declared))
    shop.rows("tag", {"key": "c", "facet": "category"})
    rows = [item("a", category="c"), item("b", category="d")]
    assert counts(shop.load("item", rows)) == (2, 1, 0, 0, 1)
    assert "no tag of the facet category has the key 'd'" in shop.rejects()[0]["reason"]
    assert shop.ask("SELECT key FROM tag") == ["c"]


def test_users_are_loaded_alike(shop: Shop) -> None:
    rows = [{"key": "ann", "city": "x", "vip": True}, {"key": "bob"}, {"key": "ann", "city": "y"}]
    assert counts(shop.load("person", rows)) == (3, 2, 0, 0, 1)
    assert counts(shop.load("person", [{"key": "bob", "city": "z"}])) == (1, 0, 1, 0, 0)
    assert shop.ask("SELECT id, key, city, vip FROM person ORDER BY id") == [
        (1, "ann", "x", True),
        (2, "bob", "z", None),
    ]
    assert marks(shop)["person"] == 3
