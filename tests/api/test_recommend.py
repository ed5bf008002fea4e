import time
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import Face, add_items, fill, open_face, release, tiny

PAGE = """query ($scene: String = "home", $person: ID, $first: Int = 20, $after: String,
                 $where: ItemFilter, $exclude: [ID!]) {
    recommend(scene: $scene, person: $person, first: $first, after: $after, where: $where,
              exclude: $exclude) {
        traceId release dropped { name reason } pageInfo { hasNextPage endCursor }
        edges { cursor node { item { key category { key } } score channel
                              channels { name rank score } } } } }"""


def page(face: Face, **variables: Any) -> Any:
    return face.ask(PAGE, **variables)["recommend"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]


def test_before_the_first_release_only_recommending_says_what_to_do(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        assert face.ask('{ item(key: "j1") { title } }')["item"] == {"title": "蓝色牛仔裤"}
        response = face.post(PAGE)
        assert response.status_code == 503
        error = response.json()["errors"][0]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert "weft apply" in error["message"]
        assert face.send("GET", "/ready").status_code == 503


def test_a_page_names_its_release_and_leaves_a_trace(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        got = page(face, person="ann", where={"price": {"gte": 100}})
        assert sorted(keys(got)) == ["j1", "j2", "t1"]
        assert got["release"] == 1
        assert {edge["node"]["channel"] for edge in got["edges"]} == {"fresh"}
        assert face.send("GET", "/ready").status_code == 200
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM trace")).one()
    assert row.id == got["traceId"]
    assert (row.scene, row.person, row.release) == ("home", 1, 1)
    assert len(row.items) == len(row.channels) == 3
    assert row.question["where"] == {"price": {"gte": 100.0}}


def test_an_unknown_scene_is_told_which_there_are(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        error = face.error(PAGE, scene="hom")
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert "there are home" in error["message"]


def test_an_unknown_person_is_a_new_one(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        assert keys(page(face, person="nobody")) == keys(page(face))


def test_page_two_goes_on_with_page_one_although_a_release_comes_between(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        whole = keys(page(face))
        first = page(face, first=2)
        assert first["pageInfo"]["hasNextPage"]
        with engine.begin() as connection:
            newest = {"key": "new", "title": "new", "category": "shoes", "price": 1.0}
            now = datetime.now(UTC).isoformat()
            add_items(connection, bazaar, [{**newest, "published_at": now}])
        assert release(engine, changed(bazaar)) == 2
        wait_for_release(face, 2)
        second = page(face, first=10, after=first["pageInfo"]["endCursor"])
        assert second["release"] == 1
        assert keys(first) + keys(second) == whole
        assert page(face)["release"] == 2


def test_a_cursor_of_another_question_is_refused(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        cursor = page(face, first=1)["pageInfo"]["endCursor"]
        assert face.code(PAGE, after=cursor, person="ann") == "BAD_REQUEST"
        assert face.code(PAGE, after="nonsense") == "BAD_REQUEST"
        assert face.code(PAGE, after=cursor[:-3]) == "BAD_REQUEST"


def test_every_item_says_all_that_found_it_and_so_does_the_trace(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        got = page(face)
        channels = [edge["node"]["channels"] for edge in got["edges"]]
        assert got["dropped"] == []
    assert [c[0]["name"] for c in channels] == [e["node"]["channel"] for e in got["edges"]]
    ranks = sorted(hit["rank"] for c in channels for hit in c if hit["name"] == "fresh")
    assert ranks == list(range(1, len(ranks) + 1))
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT found_by FROM trace")).scalar_one()
    assert kept == [[[h["name"], h["rank"], h["score"]] for h in c] for c in channels]


def test_excluded_keys_do_not_come_and_belong_to_the_cursor(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        whole = keys(page(face))
        assert keys(page(face, exclude=[whole[0], "ghost"])) == whole[1:]
        cursor = page(face, first=1)["pageInfo"]["endCursor"]
        assert face.code(PAGE, after=cursor, exclude=[whole[0]]) == "BAD_REQUEST"
        assert face.code(PAGE, exclude=[str(n) for n in range(1001)]) == "BAD_REQUEST"


def test_a_cursor_in_the_middle_of_a_page_goes_on_behind_its_item(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        whole = keys(page(face))
        first = page(face, first=3)
        after = first["edges"][0]["cursor"]
        second = page(face, first=2, after=after)
        third = page(face, first=9, after=second["pageInfo"]["endCursor"])
    assert [whole[0], *keys(second), *keys(third)] == whole


@pytest.mark.parametrize("first", [0, -1, 101])
def test_pages_have_a_size_from_1_to_100(engine: Engine, bazaar: Spec, first: int) -> None:
    with open_face(engine, bazaar) as face:
        assert face.code(PAGE, first=first) == "BAD_REQUEST"


def changed(spec: Spec) -> Spec:
    """Give the same shop with other channels, so that there is something to build."""
    fresh = spec.recall.channels["fresh"].model_copy(update={"top": 400})
    channels = {**spec.recall.channels, "fresh": fresh}
    recall = spec.recall.model_copy(update={"channels": channels})
    return spec.model_copy(update={"recall": recall})


def wait_for_release(face: Face, number: int) -> None:
    """Wait until a release is served."""
    deadline = time.monotonic() + 5
    while face.service.release != number:
        assert time.monotonic() < deadline
        time.sleep(0.02)
