"""What is like an item: by channels, by spaces, by whatever knows it."""

from typing import Any

from sqlalchemy import Engine

from api.spec import Spec
from tests.api.shop import Face, fill, open_face, tiny

LIKE = """query ($item: ID!, $space: String, $channel: String, $first: Int = 20, $after: String,
                 $where: ItemFilter) {
    similarItems(item: $item, space: $space, channel: $channel, first: $first, after: $after,
                 where: $where) {
        traceId release reason dropped { name } pageInfo { hasNextPage endCursor }
        edges { node { item { key } score foundBy { name rank score } } } } }"""


def like(face: Face, item: str, **variables: Any) -> Any:
    return face.ask(LIKE, item=item, **variables)["similarItems"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]


def ways(page: Any) -> list[str]:
    return list(dict.fromkeys(edge["node"]["foundBy"]["name"] for edge in page["edges"]))


def test_lists_come_first_then_spaces_and_then_walks(boutique: Face) -> None:
    got = like(boutique, "a1")
    assert set(keys(got)[:3]) == {"a2", "a3", "a4"}
    assert ways(got)[0] == "similar"
    assert got["edges"][0]["node"]["foundBy"]["rank"] == 1
    assert "a1" not in keys(got)
    assert "gone" not in keys(got)
    assert got["reason"] is None


def test_a_space_or_a_channel_may_be_named(boutique: Face) -> None:
    near = like(boutique, "z1", space="flat", first=3)
    assert ways(near) == ["flat"]
    assert set(keys(near)) == {"z2", "z3", "z4"}
    for channel in ("similar", "topics", "tastes", "near"):
        got = like(boutique, "z1", channel=channel, first=3)
        assert ways(got) == [channel]
        assert set(keys(got)) <= {"z2", "z3", "z4"}, channel


def test_an_item_that_nobody_has_met_is_answered_by_what_is_known_of_it(boutique: Face) -> None:
    got = like(boutique, "gone", first=4)
    assert set(keys(got)) == {"a1", "a2", "a3", "a4"}
    assert "similar" not in ways(got)


def test_nothing_says_why(boutique: Face) -> None:
    assert like(boutique, "bare", channel="similar")["reason"] == (
        "channel 'similar' finds nothing like it that may be shown"
    )
    got = like(boutique, "bare", space="walks")
    assert (keys(got), got["reason"]) == ([], "the item has no vector in space 'walks' yet")
    nowhere = like(boutique, "bare", where={"price": {"gt": 1e6}})
    assert "the item has no vector in space 'walks' yet" in nowhere["reason"]
    assert "space 'taste' finds nothing like it that may be shown" in nowhere["reason"]


def test_filters_hold_for_every_way(boutique: Face) -> None:
    where = {"city": {"eq": "Rome"}}
    for way in ({}, {"space": "flat"}, {"channel": "similar"}, {"channel": "topics"}):
        got = keys(like(boutique, "a1", where=where, first=2, **way))
        assert set(got) == {"a2", "a4"}, way


def test_pages_fit_together(boutique: Face) -> None:
    whole = keys(like(boutique, "b1", first=15))
    first = like(boutique, "b1", first=4)
    after = first["pageInfo"]["endCursor"]
    second = like(boutique, "b1", first=11, after=after)
    assert keys(first) + keys(second) == whole
    assert boutique.code(LIKE, item="b2", after=after) == "BAD_REQUEST"
    assert boutique.code(LIKE, item="b1", after=after, space="flat") == "BAD_REQUEST"


def test_unknown_names_are_told_which_there_are(boutique: Face) -> None:
    error = boutique.error(LIKE, item="a1", space="flatt")
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert "there are flat, taste, walks" in error["message"]
    error = boutique.error(LIKE, item="a1", channel="popular")
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert "channel that goes from items" in error["message"]
    assert boutique.error(LIKE, item="ghost")["message"] == "there is no item 'ghost'"
    both = {"space": "flat", "channel": "similar"}
    assert boutique.code(LIKE, item="a1", **both) == "BAD_REQUEST"
    assert boutique.code(LIKE, item="a1", first=0) == "BAD_REQUEST"


def test_before_the_first_release_it_says_what_to_do(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        assert face.code(LIKE, item="j1") == "UNAVAILABLE"
