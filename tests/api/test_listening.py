"""Subscriptions: what is heard, and how sockets begin and end."""

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Engine

from api.keys import revoke_key
from api.spec import Spec
from tests.api.shop import Face, fill, open_face, release, tiny
from tests.api.sockets import PROTOCOL, Socket, socket

ACKNOWLEDGED = {"type": "connection_ack"}
RELEASES = "subscription { releaseChanges { release author } }"
BUILDS = """subscription ($build: Int) { buildProgress(build: $build) {
    build state share steps { name done share } lines { step message } } }"""
VIEWS = """
name: tiny
recall:
  channels: {popular: {type: popular}}
scenes:
  home: {recall: [popular]}
"""


@pytest.fixture
def small() -> Spec:
    """A shop that is built in a moment."""
    return Spec.model_validate(YAML(typ="safe").load(VIEWS))


def heard(socket: Socket, field: str) -> object:
    message = socket.receive()
    assert message["type"] == "next", message
    return message["payload"]["data"][field]


def test_a_release_is_told_to_whoever_listens(engine: Engine, small: Spec) -> None:
    release(engine, small)
    with open_face(engine, small) as face, socket(face, face.key) as open_:
        assert open_.protocol == PROTOCOL
        assert open_.receive() == ACKNOWLEDGED
        open_.subscribe(RELEASES)
        assert heard(open_, "releaseChanges")["release"] == 1
        assert release(engine, small.model_copy(update={"timezone": "Asia/Tokyo"})) == 2
        assert heard(open_, "releaseChanges")["release"] == 2
        open_.send({"type": "ping"})
        assert open_.receive() == {"type": "pong"}
        open_.send({"type": "complete", "id": "1"})


def test_a_build_is_followed_to_its_end(engine: Engine, small: Spec) -> None:
    with open_face(engine, small, "operator") as face, socket(face, face.key) as open_:
        assert open_.receive() == ACKNOWLEDGED
        open_.subscribe(BUILDS, build=1)
        release(engine, small)
        told = []
        while (message := open_.receive())["type"] == "next":
            told.append(message["payload"]["data"]["buildProgress"])
    assert message == {"id": "1", "type": "complete"}
    assert (told[-1]["state"], told[-1]["share"]) == ("done", 1.0)
    assert all(step["done"] and step["share"] == 1 for step in told[-1]["steps"])
    shares = [one["share"] for one in told]
    assert shares == sorted(shares)
    lines = [(line["step"], line["message"]) for one in told for line in one["lines"]]
    assert len(lines) == len(set(lines))
    assert "recall.popular" in {step for step, _ in lines}


def test_keys_and_roles_hold_as_for_queries(engine: Engine, small: Spec) -> None:
    with open_face(engine, small) as face:
        for wrong in (None, "weft_000000000000_" + "0" * 48):
            with socket(face) as open_:
                open_.begin(wrong)
                assert open_.code() == 4403
        with socket(face, headers=face.headers()) as open_:
            open_.begin(None)
            assert open_.receive() == ACKNOWLEDGED
            open_.subscribe(BUILDS)
            error = open_.receive()
            assert (error["id"], error["type"]) == ("1", "error")
            assert error["payload"][0]["extensions"]["code"] == "FORBIDDEN"
            open_.subscribe("{ version { weft } }")
            assert "by POST" in open_.receive()["payload"][0]["message"]
            open_.subscribe("subscription { __schema { types { name } } }")
            assert open_.receive()["type"] == "error"
            open_.subscribe("subscription { nothing }")
            assert open_.receive()["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
            assert face.key is not None
            with engine.begin() as connection:
                revoke_key(connection, face.key.split("_")[1])
            assert open_.code() == 4403


def test_only_the_one_protocol_is_spoken_and_in_its_order(engine: Engine, small: Spec) -> None:
    with open_face(engine, small) as face:
        for protocols in (("graphql-ws",), ()):
            with socket(face, protocols=protocols) as open_:
                assert open_.code() == 4406
        with socket(face) as open_:
            open_.subscribe(RELEASES)
            assert open_.code() == 4401
        for message, code in (
            ({"type": "connection_init"}, 4429),
            ({"type": "start"}, 4400),
            ([], 4400),
        ):
            with socket(face, face.key) as open_:
                open_.send(message)
                assert open_.code() == code
        with socket(face, face.key) as open_:
            open_.subscribe(RELEASES)
            open_.subscribe(RELEASES)
            assert open_.code() == 4409
        assert not face.service.sockets.open


def test_sockets_are_counted_and_do_not_idle(
    engine: Engine, small: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_face(engine, small) as face:
        monkeypatch.setattr("api.sockets.MOST", 1)
        with socket(face, face.key) as first, socket(face) as second:
            assert first.receive() == ACKNOWLEDGED
            assert second.code() == 1013
        monkeypatch.setattr("api.listening.IDLE", 0.1)
        with socket(face, face.key) as idle:
            assert idle.code() == 1000
        monkeypatch.setattr("api.listening.BEGINNING", 0.1)
        with socket(face) as silent:
            assert silent.code() == 4408


def test_sockets_end_with_their_process_and_with_their_schema(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        for close, code in (
            (face.service.sockets.close_all, 1001),
            (lambda: close_others(face), 1012),
        ):
            with socket(face, face.key) as open_:
                assert open_.receive() == ACKNOWLEDGED
                open_.subscribe(RELEASES)
                face.portal.call(close)
                assert open_.code() == code


async def close_others(face: Face) -> None:
    face.service.sockets.close_others(object())
