"""Scenes with `of` recommend tags."""

from typing import Any

from tests.api.shop import Face

TAGS = """query ($scene: String = "brands", $person: ID, $session: Session, $first: Int = 20,
                 $after: String, $where: ItemFilter, $exclude: [ID!]) {
    recommendTags(scene: $scene, person: $person, session: $session, first: $first,
                  after: $after, where: $where, exclude: $exclude) {
        traceId release unknownItems dropped { name } pageInfo { hasNextPage endCursor }
        edges { node { tag { key facet } score channel channels { name rank score }
                       items { key brand { key } } } } } }"""
ITEMS = """query ($scene: String!) { recommend(scene: $scene) { traceId } }"""


def page(face: Face, **variables: Any) -> Any:
    return face.ask(TAGS, **variables)["recommendTags"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["tag"]["key"] for edge in page["edges"]]


def visit(*items: str) -> dict[str, Any]:
    return {"key": "s1", "events": [{"item": item} for item in items]}


def test_the_brand_that_somebody_likes_comes_before_the_one_with_many_items(
    boutique: Face,
) -> None:
    got = page(boutique, person="ann")
    assert keys(got)[0] == "acme"
    assert set(keys(got)) == {"acme", "zenith", "bigco"}
    first = got["edges"][0]["node"]
    assert first["tag"]["facet"] == "brand"
    assert {item["brand"]["key"] for item in first["items"]} == {"acme"}
    assert 0 < len(first["items"]) <= 3
    assert first["channel"] in {hit["name"] for hit in first["channels"]}
    assert keys(page(boutique, person="bob"))[0] == "zenith"


def test_a_stranger_with_a_session_gets_brands_of_their_own(boutique: Face) -> None:
    assert keys(page(boutique, session=visit("z1", "ghost")))[0] == "zenith"
    assert page(boutique, session=visit("z1", "ghost"))["unknownItems"] == ["ghost"]


def test_tags_come_from_the_space_where_it_has_tags(boutique: Face) -> None:
    got = page(boutique, scene="places", person="ann")
    assert keys(got)[0] == "acme"
    assert "silent" not in keys(got), "a brand without items is no recommendation"
    assert got["edges"][0]["node"]["items"]
    assert -1 <= got["edges"][0]["node"]["channels"][0]["score"] <= 1


def test_a_tower_places_tags_for_somebody_unknown(boutique: Face) -> None:
    for brand in ("acme", "zenith"):
        got = page(boutique, scene="loved", session=visit(f"{brand[0]}1", f"{brand[0]}2"))
        assert keys(got)[0] == brand
        assert "silent" not in keys(got)


def test_filters_are_of_the_items_that_speak(boutique: Face) -> None:
    assert keys(page(boutique, where={"category": {"eq": "cup"}})) == ["zenith"]
    dear = page(boutique, person="ann", where={"price": {"gt": 100}})
    assert keys(dear) == ["bigco"]
    assert {item["key"] for item in dear["edges"][0]["node"]["items"]} == {"b11"}
    assert keys(page(boutique, scene="places", person="ann", where={"price": {"gt": 100}})) == [
        "bigco"
    ]


def test_a_scene_may_extend_one_with_another_facet(boutique: Face) -> None:
    got = page(boutique, scene="kinds", person="bob")
    assert keys(got)[0] == "cup"
    assert all(len(edge["node"]["items"]) == 1 for edge in got["edges"])
    assert "wear" not in keys(got), "what is above would be everybody's"


def test_pages_of_tags_fit_together_and_leave_traces(boutique: Face) -> None:
    whole = keys(page(boutique, person="ann"))
    first = page(boutique, person="ann", first=1)
    assert first["pageInfo"]["hasNextPage"]
    after = first["pageInfo"]["endCursor"]
    second = page(boutique, person="ann", first=5, after=after)
    assert keys(first) + keys(second) == whole
    assert not second["pageInfo"]["hasNextPage"]
    assert boutique.code(TAGS, person="bob", after=after) == "BAD_REQUEST"


def test_excluded_tags_do_not_come(boutique: Face) -> None:
    assert "acme" not in keys(page(boutique, person="ann", exclude=["acme", "ghost"]))


def test_a_facet_without_tags_gives_an_empty_page(boutique: Face) -> None:
    assert keys(page(boutique, scene="themes")) == []


def test_each_kind_of_scene_says_which_query_is_its(boutique: Face) -> None:
    error = boutique.error(ITEMS, scene="brands")
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "recommendTags" in error["message"]
    error = boutique.error(TAGS, scene="home")
    assert "ask `recommend`" in error["message"]
    assert boutique.code(TAGS, scene="brnds") == "NOT_FOUND"
