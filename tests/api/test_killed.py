"""Processes that are killed while they take events lose none; those that are stopped say so."""

import itertools
import json
import signal
import threading
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import Engine, text
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.spec import Spec
from tests.api.shop import new_key
from tests.api.sockets import PROTOCOL
from tests.api.test_up import Running, running, wait

TRACK = "mutation ($events: [EventInput!]!) { track(events: $events) { accepted known } }"
BATCH, SENDERS, KILLS = 20, 3, 2


class Sender(threading.Thread):
    """Sends batch after batch; one that gets no answer is sent again, until it gets one."""

    def __init__(self, up: Running, key: str, name: str, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.up, self.key, self.stop = up, key, stop
        self.sent: list[str] = []
        self.acknowledged: list[str] = []

    def run(self) -> None:
        numbers = itertools.count()
        while not self.stop.is_set():
            ids = [f"{self.name}-{next(numbers)}" for _ in range(BATCH)]
            self.sent += ids
            while not self.send([event(number) for number in ids]):
                if self.stop.is_set():
                    return
            self.acknowledged += ids

    def send(self, events: list[dict[str, Any]]) -> bool:
        try:
            answer = httpx.post(
                f"{self.up.address}/graphql",
                json={"query": TRACK, "variables": {"events": events}},
                headers={"Authorization": f"Bearer {self.key}"},
                timeout=30,
            )
            told = answer.json()["data"]["track"]
        except (httpx.TransportError, ValueError, KeyError, TypeError):
            return False
        return bool(told["accepted"] + told["known"] == len(events))


def event(number: str) -> dict[str, Any]:
    return {"id": number, "kind": "click", "person": number.split("-", 1)[0], "item": "j1",
            "time": "2026-05-01T12:00:00Z"}  # fmt: skip


def serving(up: Running) -> list[psutil.Process]:
    return [child for child in up.children() if serves(child)]


def serves(child: psutil.Process) -> bool:
    try:
        return "serve" in child.cmdline()
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return False


def test_no_event_that_was_acknowledged_is_lost_or_doubled(
    engine: Engine, bazaar: Spec, tmp_path: Path
) -> None:
    with running(engine, bazaar, tmp_path) as up:
        stop, key = threading.Event(), new_key(engine, "writer")
        senders = [Sender(up, key, f"s{n}", stop) for n in range(SENDERS)]
        for sender in senders:
            sender.start()
        try:
            for kill in range(1, KILLS + 1):
                enough = kill * 5 * BATCH
                wait(lambda least=enough: all(len(s.acknowledged) > least for s in senders))
                serving(up)[0].kill()
                wait(lambda: len(serving(up)) == 2)
        finally:
            stop.set()
            for sender in senders:
                sender.join(60)
    acknowledged = [number for sender in senders for number in sender.acknowledged]
    with engine.connect() as connection:
        kept = list(connection.execute(text("SELECT id FROM event")).scalars())
        counted = connection.execute(text("SELECT sum(rows) FROM event_day")).scalar_one()
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept) <= {number for s in senders for number in s.sent}
    assert counted == len(kept)


def test_sockets_are_closed_in_order_when_it_stops(
    engine: Engine, bazaar: Spec, tmp_path: Path
) -> None:
    with running(engine, bazaar, tmp_path) as up:
        place = f"{up.address.replace('http', 'ws')}/graphql"
        headers = {"Authorization": f"Bearer {up.key}"}
        with connect(
            place, subprotocols=[Subprotocol(PROTOCOL)], additional_headers=headers
        ) as socket:
            socket.send(json.dumps({"type": "connection_init"}))
            payload = {"query": "subscription { releaseChanges { release } }"}
            socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            assert json.loads(socket.recv(30)) == {"type": "connection_ack"}
            assert json.loads(socket.recv(30))["type"] == "next"
            up.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code in (1001, 1012)
        assert up.process.wait(60) == 0
