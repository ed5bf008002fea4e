from pathlib import Path

from api.spec import json_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "weft.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == json_schema()
