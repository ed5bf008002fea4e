"""The database goes away: pages that are kept are served, and nothing is acknowledged."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
from sqlalchemy import Engine, create_engine, text

from api.spec import Spec
from tests.api.shop import Face, fill, open_face, release, tiny

PAGE = """query ($person: ID, $where: ItemFilter, $after: String, $exclude: [ID!]) {
    recommend(scene: "home", person: $person, where: $where, after: $after, exclude: $exclude) {
        traceId release dropped { name reason }
        edges { cursor node { score item { key title price brand { key label } tags { key } } } }
    }
}"""
TRACK = 'mutation { track(events: [{kind: "click", person: "ann", item: "j1"}]) { accepted } }'


@contextmanager
def shut(engine: Engine) -> Iterator[None]:
    """Turn everybody out of the database for the length of the block, and let nobody in."""
    admin = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = engine.url.database
    out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    try:
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
            connection.execute(text(out), {"name": name})
            yield
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    finally:
        admin.dispose()


@contextmanager
def still(engine: Engine, face: Face) -> Iterator[None]:
    """Stop every session of this database: it takes what is sent and says nothing."""
    engine.dispose()
    with engine.connect() as connection:
        query = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                     " AND pid <> pg_backend_pid()")  # fmt: skip
        found = [psutil.Process(pid) for pid in connection.execute(query).scalars()]
        for process in found:
            process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in found:
                process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def engine(module_engine: Engine) -> Engine:
    return module_engine


@pytest.fixture(scope="module")
def shop(engine: Engine, bazaar: Spec) -> Iterator[Face]:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar, "operator") as face:
        face.ask(PAGE)
        until(lambda: "home" in face.service.pages.kept)
        yield face


def until(holds: Any, seconds: float = 5.0) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def keys(answer: Any) -> set[str]:
    return {e["node"]["item"]["key"] for e in answer["data"]["recommend"]["edges"]}


def test_the_kept_page_is_served_with_its_fields_and_says_so(engine: Engine, shop: Face) -> None:
    before = shop.post(PAGE).json()
    with shut(engine):
        response = shop.post(PAGE, person="ann")
        answer = response.json()
        assert response.status_code == 200
        assert "errors" not in answer
        assert answer["extensions"]["degraded"] is True
        assert answer["extensions"]["dropped"] == [
            {"field": "recommend", "name": "database", "reason": "failed"}
        ]
        assert keys(answer) == keys(before) == {"j1", "j2", "t1", "s1"}
        shown = {
            e["node"]["item"]["key"]: e["node"]["item"]
            for e in answer["data"]["recommend"]["edges"]
        }
        usual = {
            e["node"]["item"]["key"]: e["node"]["item"]
            for e in before["data"]["recommend"]["edges"]
        }
        assert shown == usual
        ready = shop.send("GET", "/ready")
        assert ready.status_code == 200
        assert ready.json()["degraded"] is True


def test_only_what_is_known_to_pass_is_served(engine: Engine, shop: Face) -> None:
    with shut(engine):
        assert keys(shop.post(PAGE, where={"price": {"gte": 200}}).json()) == {"j2", "t1"}
        assert keys(shop.post(PAGE, where={"brand": {"eq": "acme"}}).json()) == {"j1", "s1"}
        assert keys(shop.post(PAGE, where={"not": {"city": {"exists": True}}}).json()) == {"s1"}
        assert keys(shop.post(PAGE, where={"category": {"under": "clothes"}}).json()) == set()
        assert keys(shop.post(PAGE, exclude=["j1", "j2"]).json()) == {"t1", "s1"}
        assert shop.code(PAGE.replace('"home"', '"nowhere"')) == "NOT_FOUND"


def test_nothing_is_acknowledged_and_all_is_well_soon_after(engine: Engine, shop: Face) -> None:
    with shut(engine):
        until(shop.service.pulse.gone.is_set)
        assert shop.post(TRACK).status_code == 503
        assert shop.code(TRACK) == "UNAVAILABLE"
        assert shop.code("{ items { totalCount } }") == "UNAVAILABLE"
        assert shop.ask("{ me { name } }")["me"]["name"] == "test"
    until(lambda: "degraded" not in shop.post(PAGE).json()["extensions"])
    until(lambda: shop.post(TRACK).status_code == 200)
    assert shop.send("GET", "/ready").json()["degraded"] is False
    shop.ask("{ items { totalCount } }")


def test_a_database_that_hangs_is_not_waited_for(engine: Engine, shop: Face) -> None:
    with still(engine, shop):
        began = time.monotonic()
        answer = shop.post(PAGE).json()
        assert time.monotonic() - began < 5
        assert answer["extensions"]["degraded"] is True
    until(lambda: "degraded" not in shop.post(PAGE).json()["extensions"])
