"""Whatever is sent: an answer in JSON, a code, and nothing of the inside."""

import random
import time
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import fill, open_face, release, tiny

INSIDE = ("Traceback", "sqlalchemy", "psycopg", "SELECT", ".py", "site-packages", "graphql.")
CODES = {"BAD_REQUEST", "NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED", "UNAVAILABLE"}
GOOD = [
    '{ item(key: "j1") { key title price tags { key } } }',
    "{ items(filter: {price: {gte: 1}}, orderBy: {field: PRICE}, first: 2) { totalCount } }",
    "query ($s: String!) { recommend(scene: $s, first: 2) { traceId edges { cursor } } }",
    'mutation { track(events: [{kind: "click", person: "p", item: "j1"}]) { accepted } }',
    "fragment F on Tag { broader { ...F } } { tags { edges { node { ...F } } } }",
    "{ __schema { types { name fields { name type { ofType { ofType { name } } } } } } }",
]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"[]", "object"),
        (b'{"query": 1}', "query"),
        (b'{"query": "{ me { name } }", "variables": []}', "variables"),
        (b'{"query": "{ me { name } }", "operationName": 1}', "operationName"),
        (b'{"query": "' + b" " * 2**20 + b'"}', "larger"),
    ],
)
def test_a_body_that_is_no_question(engine: Engine, bazaar: Spec, body: bytes, says: str) -> None:
    with open_face(engine, bazaar) as face:
        response = face.send("POST", "/graphql", content=body, headers=face.headers())
        assert response.status_code == 400
        assert says in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nothing }",
        "{ item { key } }",
        '{ item(key: "a") }',
        "subscription { x }",
        "{ me { name } } { me { name } }",
        "{ tags { edges { node " + "{ broader " * 20 + "{ key }" + "}" * 20 + " } } }",
        "{ " + " ".join(f"a{n}: me {{ name }}" for n in range(40)) + " }",
        "{ " + "me { name } " * 800 + " }",
        "fragment F on Tag { broader { ...F } } { tags { edges { node { ...F } } } }",
        "query ($a: Nothing) { me { name } }",
        '{ items(filter: {publishedAt: {lt: "yesterday"}}) { totalCount } }',
        '{ items(filter: {price: {lt: "1"}}) { totalCount } }',
    ],
)
def test_queries_that_make_no_sense_or_are_too_large(
    engine: Engine, bazaar: Spec, query: str
) -> None:
    with open_face(engine, bazaar) as face:
        assert face.code(query) == "BAD_REQUEST"


def test_operators_may_look_at_the_schema(engine: Engine, bazaar: Spec) -> None:
    from graphql import get_introspection_query

    with open_face(engine, bazaar, "operator") as face:
        assert face.ask(get_introspection_query())["__schema"]


def test_an_error_inside_is_logged_under_its_id_and_not_shown(
    engine: Engine, bazaar: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE trace ADD CHECK (scene = 'nowhere')"))
        error = face.error('{ recommend(scene: "home") { traceId } }')
    assert error["extensions"]["code"] == "INTERNAL"
    assert not any(word in error["message"] for word in INSIDE)
    logged = capsys.readouterr()
    assert error["extensions"]["id"] in logged.out + logged.err


def test_columns_that_are_not_there_yet(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        error = face.error('{ item(key: "j1") { key } }')
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert "weft apply" in error["message"]


def test_300_malformed_requests(
    engine: Engine, bazaar: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    chance = random.Random(7)
    with open_face(engine, bazaar, "operator") as face:
        for _ in range(300):
            body = garble(chance)
            response = face.send("POST", "/graphql", content=body, headers=face.headers())
            check(response, body)
    assert "Traceback" not in capsys.readouterr().err


def garble(chance: random.Random) -> bytes:
    """Take a good request and spoil it."""
    query = list(chance.choice(GOOD))
    for _ in range(chance.randint(0, 6)):
        place = chance.randrange(len(query))
        query[place] = chance.choice(
            ['"', "{", "}", "(", ":", "$", "0", "\\u0000", "-", "é", "", "null"]
        )
    odd: list[Any] = ["home", None, 1, [], {}, "\0", "a" * 3_000, -1, 1e300, True]
    body = {"query": "".join(query), "variables": {"s": chance.choice(odd)}}
    text = orjson.dumps(body)
    if chance.random() < 0.2:
        cut = chance.randrange(len(text))
        text = text[:cut] + chance.choice([b"", b"\xff", b"\0", b'"']) + text[cut + 1 :]
    return text


def check(response: Any, body: bytes) -> None:
    assert response.status_code in (200, 400), (response.text, body)
    answer = response.json()
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] in CODES, (error, body)
        assert not any(word in error["message"] for word in INSIDE), (error, body)


def test_a_database_that_goes_and_comes_back(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar) as face:
        face.ask("{ version { release } }")
        name = engine.url.database
        shut(engine, name, False)
        response = face.post("{ version { release } }")
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert face.send("GET", "/ready").json()["degraded"] is True
        assert face.send("GET", "/health").status_code == 200
        shut(engine, name, True)
        began = time.monotonic()
        while face.post("{ version { release } }").status_code != 200:
            assert time.monotonic() - began < 5
            time.sleep(0.02)
        assert face.send("GET", "/ready").status_code == 200


def shut(engine: Engine, name: str | None, open_: bool) -> None:
    """Turn everybody out of a database, or let them in again."""
    from sqlalchemy import create_engine

    engine.dispose()
    keeper = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {open_}'))
        turn_out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(turn_out), {"name": name})
    keeper.dispose()
