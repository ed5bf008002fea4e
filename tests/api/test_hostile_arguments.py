"""What nobody would mean is refused or answered, and never breaks anything."""

from typing import Any

import pytest

from tests.api.shop import Face

QUERIES = {
    "recommend": """query ($t: String!, $id: ID!) { recommend(scene: "home", person: $id,
        session: {key: $id, events: [{item: $id}]}, context: {city: $t}, exclude: [$id])
        { traceId unknownItems } }""",
    "recommendTags": """query ($t: String!, $id: ID!) { recommendTags(scene: "brands",
        session: {key: $id, events: [{item: $id}]}, context: {device: $t}, exclude: [$id])
        { traceId } }""",
    "scene": "query ($t: String!, $id: ID) { recommendTags(scene: $t, person: $id) { traceId } }",
    "similarItems": "query ($t: String!, $id: ID!) { similarItems(item: $id, space: $t) "
    "{ traceId } }",
    "searchItems": "query ($t: String!, $id: ID) { searchItems(keyword: $t, person: $id) "
    "{ reading { rest } } }",
    "relatedTags": "query ($id: ID!) { relatedTags(tag: $id) { score } }",
    "relatedKeywords": "query ($t: String) { relatedKeywords(keyword: $t) { score } }",
    "personState": "query ($id: ID!) { personState(person: $id) { arms { arm } } }",
    "traceOf": "query ($id: ID!) { traceOf(traceId: $id) { id } }",
}
TEXTS = ["\x00", "a\x00b", "'; DROP TABLE item; --", "\u202e", "%_\\", "🦄" * 150, "x" * 199]
FINE = {"BAD_REQUEST", "NOT_FOUND"}


@pytest.mark.parametrize("query", QUERIES)
def test_no_argument_breaks_anything(boutique: Face, query: str) -> None:
    for text in TEXTS:
        answer: Any = boutique.post(QUERIES[query], t=text, id=text).json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert codes <= FINE, (text, answer)


@pytest.mark.parametrize("query", ["recommend", "recommendTags", "similarItems", "searchItems"])
def test_a_cursor_that_was_made_up_is_refused(boutique: Face, query: str) -> None:
    asked = {
        "recommend": 'scene: "home"',
        "recommendTags": 'scene: "brands"',
        "similarItems": 'item: "a1"',
        "searchItems": 'keyword: "dress"',
    }[query]
    page = f"{query}({asked}, first: 1 AFTER) {{ pageInfo {{ endCursor }} }}"
    first = boutique.ask(f"{{ {page.replace('AFTER', '')} }}")[query]
    cursor = first["pageInfo"]["endCursor"]
    for made_up in ("", "x", "W10", cursor[:-4], cursor + "AAAA"):
        asking = page.replace("AFTER", f', after: "{made_up}"')
        assert boutique.code(f"{{ {asking} }}") == "BAD_REQUEST", made_up
