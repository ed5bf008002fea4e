"""An API process that is killed while it takes events: none that it acknowledged is lost."""

import itertools
import threading
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import new_key
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
