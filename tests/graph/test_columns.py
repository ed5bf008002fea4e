from typing import Any

from sqlalchemy import event, text

from graph.catalog import Catalog
from graph.columns import sync_columns
from tests.graph.shop import Shop, item

COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_name = '{}' AND is_generated = 'ALWAYS' ORDER BY 1
"""
INDEXES = "SELECT indexname FROM pg_indexes WHERE indexname LIKE '%\\_by\\_%' ORDER BY 1"


def sync(shop: Shop, item: dict[str, Any], user: dict[str, Any] | None = None) -> list[str]:
    """Make the columns follow; give the statements that changed something."""
    said: list[str] = []

    def listen(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.strip().startswith("SELECT"):
            said.append(statement)

    event.listen(shop.engine, "before_cursor_execute", listen)
    with shop.engine.begin() as connection:
        sync_columns(connection, Catalog.model_validate({"item": item, "user": user or {}}))
    event.remove(shop.engine, "before_cursor_execute", listen)
    return said


def test_every_declared_attribute_is_a_column_of_its_type(shop: Shop) -> None:
    assert shop.ask(COLUMNS.format("item")) == [
        ("about", "text"),
        ("category", "text"),
        ("city", "text"),
        ("price", "double precision"),
        ("seen_at", "timestamp with time zone"),
        ("styles", "ARRAY"),
        ("used", "boolean"),
    ]
    assert shop.ask(COLUMNS.format("person")) == [("city", "text"), ("vip", "boolean")]


def test_filters_have_indexes_and_statistics(shop: Shop) -> None:
    assert shop.ask(INDEXES) == [
        "item_by_category",
        "item_by_city",
        "item_by_price",
        "item_by_styles",
    ]
    definitions = dict(shop.ask("SELECT indexname, indexdef FROM pg_indexes"))
    assert definitions["item_by_price"].endswith("USING btree (price, id)")
    assert definitions["item_by_styles"].endswith("USING gin (styles)")
    target = "SELECT attstattarget FROM pg_attribute WHERE attname = 'price' "
    target += "AND attrelid = 'item'::regclass"
    assert shop.ask(target) == [1000]


def test_a_second_time_nothing_is_done(shop: Shop) -> None:
    wanted = {"city": {"type": "keyword", "filter": True}}
    assert sync(shop, wanted, wanted)
    assert sync(shop, wanted, wanted) == []


def test_columns_no_longer_declared_go(shop: Shop) -> None:
    sync(shop, {"city": {"type": "keyword"}})
    assert shop.ask(COLUMNS.format("item")) == [("city", "text")]
    assert shop.ask(INDEXES) == []


def test_a_changed_type_changes_the_column_whatever_it_held(shop: Shop) -> None:
    shop.rows("item", item("a", city="上海", price=5, seen_at="2026-05-01", styles=["x"]))
    types = ("number", "time", "boolean", "text", "keyword")
    for kind in types:
        names = ("city", "price", "seen_at", "styles")
        sync(shop, {name: {"type": kind} for name in names})
    sync(shop, {name: {"type": "keyword", "many": True} for name in names})
    assert shop.ask("SELECT city, price, styles FROM item") == [(None, None, ["x"])]


def test_columns_of_other_people_are_left_alone(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        connection.execute(text("ALTER TABLE item ADD COLUMN mine text"))
    sync(shop, {})
    assert shop.ask("SELECT mine FROM item") == []
    assert shop.ask(COLUMNS.format("item")) == []
