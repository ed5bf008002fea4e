import json

import pytest

from graph.importing.files import Summary
from tests.graph.formats.test_google import relations, tags
from tests.graph.shop import Shop, counts
from weft.errors import ImportFailed


def document(*categories: object) -> str:
    return json.dumps({"version": "2030-01", "verticals": [{"categories": list(categories)}]})


def category(identity: str, name: str, parent: str | None = None) -> dict[str, str | None]:
    return {"id": identity, "name": name, "parent_id": parent}


ENGLISH = document(category("ap", "Animals"), category("ap-1", "Live Animals", "ap"))
CHINESE = document(category("ap", "动物"), category("ap-1", "活体动物", "ap"))


def load(shop: Shop, files: dict[str, str]) -> Summary:
    paths = [shop.write(name, content) for name, content in files.items()]
    return shop.load_paths("tag", paths, format="shopify", facet="category")


def test_languages_are_joined_by_id(shop: Shop) -> None:
    both = {"en.json": ENGLISH, "zh-CN.json": CHINESE}
    assert counts(load(shop, both)) == (2, 2, 0, 0, 0)
    assert tags(shop) == [
        ("shopify/ap", "category", "en Animals; zh 动物"),
        ("shopify/ap-1", "category", "en Live Animals; zh 活体动物"),
    ]
    assert relations(shop) == [("shopify/ap-1", "shopify/ap")]
    assert counts(load(shop, both)) == (2, 0, 0, 2, 0)
    assert "en.json: version 2030-01" in shop.ask("SELECT reason FROM taxonomy_change")[0]


@pytest.mark.parametrize(
    "bad", [7, {"id": "x"}, category("x", " "), {**category("x", "X"), "parent_id": 1}]
)
def test_a_bad_category_is_refused_alone(shop: Shop, bad: object) -> None:
    summary = load(shop, {"en.json": document(category("ap", "Animals"), bad)})
    assert (summary.outcome.added, summary.rejected) == (1, 1)
    assert shop.rejects()[0]["reason"] == "id, name and parent_id are needed"


def test_an_unknown_parent_is_named(shop: Shop) -> None:
    load(shop, {"en.json": document(category("ap-1", "Live Animals", "ap"))})
    assert "no tag has the key 'shopify/ap'" in shop.rejects()[0]["reason"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"verticals": [{}]}', '{"verticals": 1}'])
def test_another_document_is_not_loaded(shop: Shop, content: str) -> None:
    with pytest.raises(ImportFailed, match=r"en\.json: "):
        load(shop, {"en.json": content})
