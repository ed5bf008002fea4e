"""Both clients against a shop that is served in this process."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import Face, fill, open_face, tiny
from weft.client import AsyncClient, Client, Retrying, Tracked
from weft.client.buffer import Buffer
from weft.errors import BadRequest, Refused, Unauthenticated, Unavailable

QUICK = Retrying(times=2, first=0.001)


class Through(httpx.BaseTransport):
    """Sends requests into the app; the first ones may be lost, before or after they are done."""

    def __init__(self, face: Face, lost: int = 0, done: bool = True, status: int = 0) -> None:
        self.face, self.lost, self.done, self.status = face, lost, done, status
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        headers = {"Authorization": request.headers["authorization"]}
        lost = self.sent <= self.lost
        if not lost or self.done:
            answer = self.face.send("POST", "/graphql", content=request.read(), headers=headers)
        if lost and self.status:
            return httpx.Response(self.status, headers={"Retry-After": "0"})
        if lost:
            raise httpx.ReadError("the line is dead")
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture(scope="module")
def face(module_engine: Engine, bazaar: Spec) -> Iterator[Face]:
    fill(module_engine, bazaar, tiny())
    with open_face(module_engine, bazaar, "writer") as face:
        yield face


@contextmanager
def client(face: Face, through: Through | None = None, **more: Any) -> Iterator[Client]:
    transport = through or Through(face)
    more = {"retrying": QUICK, **more}
    with Client("http://shop", face.key or "", transport=transport, **more) as made:
        yield made


def click(**more: Any) -> dict[str, Any]:
    return {"kind": "click", "person": "eve", "item": "j1", **more}


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM event")).scalar_one())


def test_items_come_and_go(face: Face) -> None:
    with client(face) as shop:
        told = shop.upsert_items([{"key": "c1", "title": "cap", "category": "shoes"}])
        assert told.added == 1
        told = shop.upsert_items([{"key": "c2", "title": " ", "category": "shoes"}])
        assert (told.rejected[0].sent["key"], told.rejected[0].column) == ("c2", "title")
        assert shop.remove_items(["c1", "c9"]).unknown == ("c9",)
        assert shop.query('{ item(key: "c1") { removed } }')["item"]["removed"] is True


@pytest.mark.parametrize("done", [False, True])
def test_what_was_lost_on_the_way_is_sent_again_and_kept_once(
    face: Face, module_engine: Engine, done: bool
) -> None:
    before = count(module_engine)
    with client(face, Through(face, lost=2, done=done)) as shop:
        assert shop.track(click(), click()) == Tracked()
        told = shop.flush()
    assert told.accepted + told.known == 2
    assert count(module_engine) == before + 2


def test_a_busy_server_is_asked_again(face: Face) -> None:
    with client(face, Through(face, lost=1, done=False, status=503)) as shop:
        assert shop.query("{ me { roles } }")["me"]["roles"] == ["writer"]


def test_events_stay_until_they_are_acknowledged(face: Face, module_engine: Engine) -> None:
    before = count(module_engine)
    dead = Through(face, lost=3, done=False)
    with client(face, dead, buffer=Buffer(batch=2)) as shop:
        with pytest.raises(Unavailable):
            shop.track(click(), click())
        assert len(shop.buffer.waiting) == 2
    assert count(module_engine) == before + 2


def test_too_many_events_are_refused_aloud(face: Face) -> None:
    with client(face, buffer=Buffer(room=1, batch=10)) as shop:
        shop.track(click())
        with pytest.raises(Unavailable, match="none of these was taken"):
            shop.track(click())


def test_events_that_are_thrown_away_are_warned_of(face: Face) -> None:
    shop = Client("http://shop", face.key or "", transport=Through(face))
    shop.track(click())
    with pytest.warns(ResourceWarning, match="1 events were never sent"):
        shop.__del__()
    shop.close()


def test_a_mutation_of_ones_own_is_sent_once(face: Face) -> None:
    through = Through(face, lost=1)
    query = 'mutation { removeItems(keys: ["x"]) { removed } }'
    with client(face, through) as shop, pytest.raises(Unavailable):
        shop.query(query)
    assert through.sent == 1


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda shop: shop.query("{ nothing }"), BadRequest),
        (lambda shop: shop.query("{ taxonomyHistory { totalCount } }"), Refused),
        (lambda shop: shop.recommend("home"), Unavailable),
    ],
)
def test_errors_are_raised_by_their_code(
    face: Face, ask: Callable[[Client], object], kind: type[Exception]
) -> None:
    with client(face) as shop, pytest.raises(kind):
        ask(shop)


def test_a_wrong_key_is_told(face: Face) -> None:
    with (
        Client("http://shop", "weft_wrong", transport=Through(face)) as shop,
        pytest.raises(Unauthenticated),
    ):
        shop.query("{ me { name } }")


def test_coroutines_do_the_same(face: Face, module_engine: Engine) -> None:
    before = count(module_engine)

    async def run() -> Tracked:
        transport = face.client._transport
        async with AsyncClient("http://shop", face.key or "", transport=transport) as shop:
            await shop.upsert_items([{"key": "a1", "title": "cap", "category": "shoes"}])
            tasks = [shop.track(click(item="a1")) for _ in range(5)]
            told = sum(await asyncio.gather(*tasks), Tracked())
            return told + await shop.flush()

    assert face.portal.call(run).accepted == 5
    assert count(module_engine) == before + 5
