"""Requests that say of themselves who asks: a session, a context."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.shop import Face

PAGE = """query ($scene: String = "home", $person: ID, $session: Session, $first: Int = 6,
                 $after: String, $context: PersonContext, $where: ItemFilter) {
    recommend(scene: $scene, person: $person, session: $session, first: $first, after: $after,
              context: $context, where: $where) {
        traceId unknownItems pageInfo { endCursor }
        edges { node { item { key brand { key } } channel channels { name } } } } }"""


def page(face: Face, **variables: Any) -> Any:
    return face.ask(PAGE, **variables)["recommend"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]


def brands(page: Any) -> list[str | None]:
    return [(edge["node"]["item"]["brand"] or {}).get("key") for edge in page["edges"]]


def visit(*items: str, kind: str = "click") -> dict[str, Any]:
    return {"key": "s1", "events": [{"item": item, "kind": kind} for item in items]}


def test_a_stranger_who_sends_what_they_did_gets_a_page_of_their_own(boutique: Face) -> None:
    cold = page(boutique)
    acme, zenith = (page(boutique, session=visit(*some)) for some in (("a1", "a2"), ("z1", "z2")))
    assert brands(acme)[0] == "acme"
    assert brands(zenith)[0] == "zenith"
    assert {c["name"] for e in acme["edges"] for c in e["node"]["channels"]} == {
        "similar", "tastes", "near", "popular"
    }  # fmt: skip
    assert {edge["node"]["channel"] for edge in cold["edges"]} == {"popular"}


def test_a_user_tower_runs_on_what_was_sent(boutique: Face) -> None:
    for brand in ("acme", "zenith"):
        got = page(boutique, scene="tower", session=visit(f"{brand[0]}1", f"{brand[0]}2"), first=2)
        assert brands(got) == [brand] * 2
    cold = page(boutique, scene="tower")  # the tower has no answer; what stands in for it has
    assert {edge["node"]["channel"] for edge in cold["edges"]} == {"popular", "fresh"}


def test_what_was_done_in_the_session_is_seen(boutique: Face) -> None:
    assert not {"a1", "a2"} & set(keys(page(boutique, session=visit("a1", "a2"), first=30)))
    looked = visit("a1", kind="expose")
    assert "a1" in keys(page(boutique, session=looked, first=30))


def test_items_that_there_are_not_are_left_out_and_told(boutique: Face) -> None:
    got = page(boutique, session=visit("ghost", "a1", "a2"))
    assert got["unknownItems"] == ["ghost"]
    assert brands(got)[0] == "acme"
    assert page(boutique, session=visit("ghost"))["unknownItems"] == ["ghost"]


def test_a_removed_item_still_tells_what_somebody_likes(boutique: Face) -> None:
    got = page(boutique, session=visit("gone"))
    assert got["unknownItems"] == []
    assert brands(got)[0] == "acme"


def test_a_session_counts_beside_what_is_known_of_a_person(boutique: Face) -> None:
    known, both = page(boutique, person="ann"), page(boutique, person="ann", session=visit("z1"))
    assert "zenith" not in brands(known)[:3]
    assert "zenith" in brands(both)[:3]
    assert "a4" in keys(both)


def test_events_with_times_are_read_by_time(boutique: Face) -> None:
    now = datetime.now(UTC)
    events = [
        {"item": "z1", "time": (now - timedelta(minutes=1)).isoformat()},
        {"item": "a1", "time": (now - timedelta(days=40)).isoformat()},
        {"item": "b1", "time": (now + timedelta(days=40)).isoformat()},
    ]
    session = {"key": "s", "events": events}
    assert brands(page(boutique, session=session))[0] in ("zenith", "bigco")


def test_pages_of_a_session_fit_together_and_their_cursor_is_its_own(boutique: Face) -> None:
    session = visit("a1")
    whole = keys(page(boutique, session=session, first=8))
    first = page(boutique, session=session, first=3)
    after = first["pageInfo"]["endCursor"]
    second = page(boutique, session=session, first=5, after=after)
    assert keys(first) + keys(second) == whole
    for other in (None, visit("a2"), {**session, "key": "s2"}):
        assert boutique.code(PAGE, session=other, after=after) == "BAD_REQUEST"
    other = {"city": "Rome"}
    assert boutique.code(PAGE, session=session, after=after, context=other) == "BAD_REQUEST"


@pytest.mark.parametrize(("session", "what"), [
    ({"key": "", "events": []}, "session.key"),
    ({"key": "s", "events": [{"item": "a1", "kind": "klick"}]}, "session.events[0].kind"),
    ({"key": "s", "events": [{"item": "a1", "kind": "search"}]}, "session.events[0].kind"),
    ({"key": "s", "events": [{"item": "a1", "time": "2026-01-01T00:00"}]}, "zone"),
    ({"key": "s", "events": [{"item": "a1"}] * 201}, "at most 200"),
])  # fmt: skip
def test_a_session_that_is_wrong_is_told_how(boutique: Face, session: Any, what: str) -> None:
    error = boutique.error(PAGE, session=session)
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert what in error["message"]


def test_a_context_counts_in_the_place_of_what_is_stored(boutique: Face) -> None:
    own = {"scene": "own", "first": 30}
    stored = page(boutique, person="ann", **own)
    said = page(boutique, person="ann", context={"city": "Rome"}, **own)
    unknown = page(boutique, person="ann", context={"city": None}, **own)
    assert not {"z1", "a1"} & set(keys(stored))
    assert "z2" in keys(stored)
    assert "z1" in keys(said)
    assert "z2" not in keys(said)
    assert {"z1", "z2"} <= set(keys(unknown))


def test_lists_are_those_of_the_context(boutique: Face) -> None:
    paris = page(boutique, scene="local", context={"city": "Paris"}, first=3)
    rome = page(boutique, scene="local", context={"city": "Rome"}, first=3)
    assert set(brands(paris)) == {"acme"}
    assert set(brands(rome)) == {"zenith"}


def test_a_context_is_typed_by_the_catalogue(boutique: Face) -> None:
    full = {"city": "Paris", "device": "web", "age": 30, "loyal": True,
            "joinedAt": "2026-01-01T00:00:00Z"}  # fmt: skip
    assert keys(page(boutique, context=full))
    assert boutique.code(PAGE, context={"age": "old"}) == "BAD_REQUEST"
    assert boutique.code(PAGE, context={"shoe": 3}) == "BAD_REQUEST"


def test_filters_hold_for_a_session(boutique: Face) -> None:
    where = {"brand": {"eq": "zenith"}, "price": {"lte": 20}}
    assert set(keys(page(boutique, session=visit("a1"), where=where))) == {"z1", "z2"}
