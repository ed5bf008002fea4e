"""What is known of a person, and what a trace tells: for a shop with a model that ranks."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.api.shop import Face, open_face, release
from tests.ranking.shop import PERSONS, TEXT, city_of, open_longing

STATE = """query ($person: ID!) { personState(person: $person) {
    person { key } features { name type values known } recent { item { key } kind time weight }
    interests { tag { key facet } weight } interestTags { tag { key } edges weight }
    arms { experiment arm } spaces { name vector tower } } }"""
PAGE = """query ($person: ID, $session: Session, $context: PersonContext, $first: Int = 6) {
    recommend(scene: "home", person: $person, session: $session, context: $context,
              first: $first) {
        traceId dropped { name }
        edges { node { item { key city } score stages { name score } channel } } } }"""
TRACE = """query ($id: ID!) { traceOf(traceId: $id) {
    id time moment query scene person release question dropped { name reason }
    items { item { key } score channel channels { name rank score } stages { name score } }
    tags { tag { key } score channel channels { name rank } } } }"""
FINE = "fine: {type: fm, dim: 8, rate: 0.03, batch: 256, epochs: 8, check: 6h}"


@pytest.fixture(scope="module")
def ranked(module_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Face]:
    """A shop whose persons click on what is of the city that they long for."""
    head = TEXT.split("  models:\n")[0]
    scene = "fine: {model: fine, deadline: 30s}}\n"
    scenes = f"scenes:\n  home: {{recall: [popular, fresh], seen: [], {scene}"
    text = f"{head}  models:\n    {FINE}\n{scenes}"
    spec = open_longing(module_engine, tmp_path_factory.mktemp("longing"), text)
    release(module_engine, spec)
    with open_face(module_engine, spec) as face:
        yield face


def visit(city: int) -> dict[str, Any]:
    """Give a session with clicks on things of one city."""
    items = [f"i{n}" for n in range(24) if city_of(n) == f"city{city}"]
    return {"key": "s", "events": [{"item": item} for item in items]}


def page(face: Face, **variables: Any) -> Any:
    return face.ask(PAGE, **variables)["recommend"]


def cities(page: Any) -> list[str]:
    return [edge["node"]["item"]["city"] for edge in page["edges"]]


def state(face: Face, person: str) -> Any:
    return face.ask(STATE, person=person)["personState"]


def trace(face: Face, id: str) -> Any:
    return face.ask(TRACE, id=id)["traceOf"]


@pytest.mark.parametrize("city", range(4))
def test_a_model_ranks_for_a_stranger_by_what_was_sent(ranked: Face, city: int) -> None:
    got = page(ranked, session=visit(city))
    assert got["dropped"] == []
    assert cities(got)[:3] == [f"city{city}"] * 3
    assert [stage["name"] for stage in got["edges"][0]["node"]["stages"]] == ["fine"]


def test_what_was_sent_counts_beside_what_is_stored(ranked: Face) -> None:
    before = page(ranked, person="p0", first=24)
    after = page(ranked, person="p0", session=visit(2), first=24)
    scores = [
        {edge["node"]["item"]["key"]: edge["node"]["score"] for edge in some["edges"]}
        for some in (before, after)
    ]
    assert scores[1]["i2"] > scores[0]["i2"]


def test_features_of_a_person_are_told_as_models_read_them(ranked: Face) -> None:
    found = state(ranked, "p1")
    assert found["person"] == {"key": "p1"}
    features = {one["name"]: one for one in found["features"]}
    assert set(features) == {"who", "taken"}
    assert features["who"] == {"name": "who", "type": "word", "values": ["p1"], "known": True}
    newest = f"{found['recent'][0]['kind']} {found['recent'][0]['item']['key']}"
    assert features["taken"]["values"][0] == newest
    assert len(features["taken"]["values"]) == 8
    times = [deed["time"] for deed in found["recent"]]
    assert times == sorted(times, reverse=True)
    assert (found["arms"], found["spaces"], found["interests"]) == ([], [], [])


def test_nobody_knows_somebody_unknown(ranked: Face) -> None:
    assert state(ranked, "nobody") is None
    assert state(ranked, f"p{PERSONS}") is None


def test_a_trace_tells_what_was_answered_and_what_stages_thought(ranked: Face) -> None:
    got = page(ranked, person="p1", session=visit(1), context={"device": "phone"})
    found = trace(ranked, got["traceId"])
    assert (found["query"], found["scene"], found["person"]) == ("recommend", "home", "p1")
    assert found["release"] == 1
    assert found["question"]["context"] == {"device": "phone"}
    assert found["question"]["session"]["key"] == "s"
    assert found["question"]["first"] == 6
    assert [one["item"]["key"] for one in found["items"]] == [
        edge["node"]["item"]["key"] for edge in got["edges"]
    ]
    for kept, shown in zip(found["items"], got["edges"], strict=True):
        node = shown["node"]
        assert (kept["score"], kept["channel"]) == (node["score"], node["channel"])
        assert kept["stages"] == node["stages"]
    assert found["tags"] == []
    assert found["dropped"] == []
    assert found["moment"] <= found["time"]


def test_a_trace_that_there_is_not_is_null(ranked: Face) -> None:
    for id in ("ghost", "'; DROP TABLE trace; --", "x" * 1000):
        assert trace(ranked, id) is None


def test_interests_and_spaces_are_those_of_the_shop(boutique: Face) -> None:
    found = state(boutique, "ann")
    tags = {one["tag"]["key"]: one["weight"] for one in found["interests"]}
    assert tags == {"acme": 1.0, "dress": 1.0}
    assert {one["edges"] for one in found["interestTags"]} == {"fond"}
    assert {one["tag"]["key"] for one in found["interestTags"]} == {"acme", "dress"}
    assert found["spaces"] == [
        {"name": "flat", "vector": True, "tower": False},
        {"name": "taste", "vector": True, "tower": True},
        {"name": "walks", "vector": True, "tower": False},
    ]
    assert found["features"] == []
    assert [deed["item"]["key"] for deed in found["recent"]] == ["a1", "a2", "a3"]
    new = state(boutique, "new")
    assert (new["recent"], new["interests"], new["interestTags"]) == ([], [], [])
    assert [one["vector"] for one in new["spaces"]] == [False, True, False], "a tower places all"


def test_traces_of_other_queries_are_told_as_well(boutique: Face) -> None:
    asked = {
        "recommendTags": '{ recommendTags(scene: "brands", person: "ann") { traceId } }',
        "similarItems": '{ similarItems(item: "a1") { traceId } }',
        "searchItems": '{ searchItems(keyword: "dress") { traceId } }',
    }
    found = {q: trace(boutique, boutique.ask(text)[q]["traceId"]) for q, text in asked.items()}
    assert {q: one["query"] for q, one in found.items()} == {q: q for q in asked}
    tags = found["recommendTags"]
    assert tags["tags"][0]["tag"]["key"] == "acme"
    assert (tags["items"], tags["scene"], tags["person"]) == ([], "brands", "ann")
    assert found["similarItems"]["question"]["item"] == "a1"
    assert found["similarItems"]["scene"] is None
    assert found["searchItems"]["question"]["keyword"] == "dress"
    assert found["searchItems"]["items"][0]["channels"][0]["name"] == "keyword"
