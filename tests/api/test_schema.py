from pathlib import Path

from api.graphql.schema import build_schema, printed
from api.spec import Spec
from graph.catalog import Catalog

SCHEMA = Path(__file__).parent.parent.parent / "schema.graphql"


def test_the_printed_schema_is_up_to_date(bazaar: Spec) -> None:
    command = "weft schema --spec examples/bazaar/weft.yaml > schema.graphql"
    assert SCHEMA.read_text() == printed(bazaar.catalog), f"run {command}"


def test_an_empty_catalogue_has_a_schema() -> None:
    assert "type Item" in printed(Catalog())


def test_odd_attribute_names_and_lists_fit() -> None:
    declared = {
        "class": {"type": "keyword", "filter": True},
        "self": {"type": "number", "filter": True},
        "colors": {"type": "tag", "facet": "color", "many": True, "filter": True},
        "sizes": {"type": "keyword", "many": True, "filter": True},
        "is_new": {"type": "boolean", "filter": True},
    }
    text = build_schema(Catalog.model_validate({"item": declared})).as_str()
    for line in ("class: String", "self: Float", "colors: [Tag!]!", "sizes: [String!]"):
        assert line in text
    assert "isNew: BooleanFilter" in text
