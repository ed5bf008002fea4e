from sqlalchemy import Engine

from api.spec import Spec
from tests.api.shop import fill, open_face, tiny


def test_item_gives_its_declared_attributes(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        query = """{ item(key: "j1") { key title price city addedAt removed publishedAt expiresAt
            category { key label(language: "zh") broader { key broader { key } } }
            brand { key label } tags(facet: "brand") { key } } }"""
        item = face.ask(query)["item"]
    assert item["price"] == 100.0
    assert item["city"] == "上海"
    assert item["expiresAt"] is None
    assert item["category"]["label"] == "牛仔裤"
    assert item["category"]["broader"] == [{"key": "trousers", "broader": [{"key": "clothes"}]}]
    assert item["tags"] == [{"key": "acme"}]
