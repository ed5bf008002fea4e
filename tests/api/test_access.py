"""Keys and roles: who may do what, and how fast a key stops working."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from api.keys import create_key, list_keys, revoke_key
from api.spec import Spec
from tests.api.edits import EDITS
from tests.api.shop import Face, fill, new_key, open_face, tiny
from weft.errors import BadRequest, NotFound

ASK = {
    "item": '{ item(key: "j1") { key } }',
    "items": "{ items { totalCount } }",
    "tag": '{ tag(key: "jeans") { key } }',
    "tags": "{ tags { totalCount } }",
    "person": '{ person(key: "ann") { key } }',
    "me": "{ me { name } }",
    "annotate": '{ annotate(text: "jeans") { keywords } }',
    "readQuery": '{ readQuery(text: "jeans under 100") { rest } }',
    "version": "{ version { weft } }",
}
RELEASED = {
    "recommend": '{ recommend(scene: "home") { release } }',
    "recommendTags": '{ recommendTags(scene: "brands") { release } }',
    "similarItems": '{ similarItems(item: "j1") { release } }',
    "searchItems": '{ searchItems(keyword: "jeans") { release } }',
    "relatedTags": '{ relatedTags(tag: "jeans") { score } }',
    "relatedKeywords": '{ relatedKeywords(tag: "jeans") { score } }',
    "personState": '{ personState(person: "ann") { person { key } } }',
    "traceOf": '{ traceOf(traceId: "none") { release } }',
}
ITEMS = {
    "upsertItems": """mutation {
        upsertItems(items: [{key: "j9", title: "jeans", category: "jeans"}]) { added } }""",
    "removeItems": 'mutation { removeItems(keys: ["j1"]) { removed } }',
}
TRACK = 'mutation { track(events: [{kind: "click", person: "ann", item: "j1"}]) { accepted } }'
MAY_TRACK = {"reader": False, "writer": True, "analyst": False, "operator": True}


@pytest.mark.parametrize("role", MAY_TRACK)
def test_every_role_reads_and_only_writers_and_operators_track(
    engine: Engine, bazaar: Spec, role: str
) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, role) as face:
        for query in ASK.values():
            face.ask(query)
        if MAY_TRACK[role]:
            assert face.ask(TRACK)["track"] == {"accepted": 1}
        else:
            error = face.error(TRACK)
            assert error["extensions"]["code"] == "FORBIDDEN"
            assert error["message"] == f"track needs the role 'writer'; this key has {role}"


def test_a_key_without_a_role_may_do_nothing(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        bare = face.holding(new_key(engine))
        queries = [*ASK.values(), *RELEASED.values(), *ITEMS.values(), TRACK]
        assert {bare.code(query) for query in queries} == {"FORBIDDEN"}


@pytest.mark.parametrize("role", MAY_TRACK)
def test_only_writers_and_operators_change_items(engine: Engine, bazaar: Spec, role: str) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, role) as face:
        for query in ITEMS.values():
            if MAY_TRACK[role]:
                face.ask(query)
            else:
                assert face.code(query) == "FORBIDDEN"


def test_every_root_field_names_its_role(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        schema = face.service.serving.schema._schema
    asked = {*ASK, *RELEASED, "taxonomyHistory"}
    assert set(schema.query_type.fields) == asked, "a new query belongs into the role matrix"
    assert set(schema.mutation_type.fields) == {"track", *ITEMS, *EDITS}


def test_bad_keys_are_turned_away(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        good = face.key or ""
        other = new_key(engine, "reader")
        mixed = "_".join([*good.split("_")[:2], other.split("_")[2]])
        for key in (None, "", "weft", good[:-1], good + "0", good.upper(), mixed, "weft_ü_ü", "0"):
            response = face.holding(key).post(ASK["me"]) if key != "weft_ü_ü" else _odd(face)
            assert response.status_code == 401, key
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_revoked_key_stops_working_within_a_second(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        face.ask(ASK["me"])
        with engine.begin() as connection:
            revoke_key(connection, (face.key or "").split("_")[1])
        began = time.monotonic()
        while face.post(ASK["me"]).status_code != 401:
            assert time.monotonic() - began < 1
            time.sleep(0.01)


def test_a_key_made_after_it_was_tried_works(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        key = new_key(engine, "reader")
        with engine.begin() as connection:
            connection.execute(text("UPDATE weft.api_key SET revoked_at = now()"))
        assert face.holding(key).post(ASK["me"]).status_code == 401


def test_a_checked_key_is_not_read_again(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        served = [_answers_without_its_row(engine, face) for _ in range(3)]
    assert any(served)  # the listener's first connection makes keys be read again, once


def _answers_without_its_row(engine: Engine, face: Face) -> bool:
    new = replace(face, key=new_key(engine, "reader"))
    new.ask(ASK["me"])
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM weft.api_key"))
    return "errors" not in new.post(ASK["me"]).json()


def test_only_a_hash_is_stored(engine: Engine) -> None:
    key = new_key(engine, "reader", "analyst")
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT k::text FROM weft.api_key k")).scalar_one()
        assert key.split("_")[2] not in stored
        assert [tuple(row["roles"]) for row in list_keys(connection)] == [("reader", "analyst")]


def test_unknown_roles_and_ids_are_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        with pytest.raises(BadRequest, match="there are"):
            create_key(connection, "x", ["reader", "king"])
        with pytest.raises(NotFound, match="weft keys list"):
            revoke_key(connection, "abc")


def _odd(face: Face) -> object:
    headers = {b"authorization": "Bearer weft_ü_ü".encode()}
    return face.send("POST", "/graphql", json={"query": "{ me { name } }"}, headers=headers)
