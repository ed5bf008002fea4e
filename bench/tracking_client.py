"""A client of `bench.tracking` in a process of its own: it sends events, or asks for pages."""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

TRACK = "mutation ($events: [EventInput!]!) { track(events: $events) { accepted } }"
PAGE = """query ($person: ID) { recommend(scene: "home", person: $person, first: 20) {
    traceId edges { node { item { key } } } } }"""
SENDERS = 4  # connections of the writer


@dataclass(frozen=True)
class Load:
    """What a client does: over which connections, how often, with what."""

    address: str
    key: str
    seconds: float
    batch: int = 0  # events in a call; none: pages are asked for
    people: int = 1_000
    pages: float = 5.0  # asked for in a second


def main() -> None:
    """Do what the first argument says, and print what came of it."""
    print(json.dumps(asyncio.run(_client(Load(**json.loads(sys.argv[1]))))))


async def _client(load: Load) -> dict[str, Any]:
    """Send or ask until the time is over."""
    waits: list[float] = []
    failed = [0]
    limits = httpx.Limits(max_connections=64)
    headers = {"Authorization": f"Bearer {load.key}"}
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=30) as client:
        began = time.perf_counter()
        work = _send if load.batch else _ask
        many = SENDERS if load.batch else 1
        await asyncio.gather(*(work(client, load, waits, failed) for _ in range(many)))
        seconds = time.perf_counter() - began
    p50, p99 = np.percentile(np.array(waits) * 1e3, (50, 99)).round(1).tolist()
    return {"answers": len(waits), "seconds": seconds, "p50": p50, "p99": p99, "failed": failed[0]}


async def _send(
    client: httpx.AsyncClient, load: Load, waits: list[float], failed: list[int]
) -> None:
    until, number = time.perf_counter() + load.seconds, 0
    while time.perf_counter() < until:
        events = [_event(load, number + place) for place in range(load.batch)]
        number += load.batch
        await _post(client, load, TRACK, {"events": events}, waits, failed)


async def _ask(
    client: httpx.AsyncClient, load: Load, waits: list[float], failed: list[int]
) -> None:
    """Ask at a steady rate, whether or not the last answer is there."""
    asking = []
    for number in range(int(load.seconds * load.pages)):
        person = {"person": _key("u", number % load.people)}
        asking.append(asyncio.create_task(_post(client, load, PAGE, person, waits, failed)))
        await asyncio.sleep(1 / load.pages)
    await asyncio.gather(*asking)


async def _post(
    client: httpx.AsyncClient,
    load: Load,
    query: str,
    variables: Mapping[str, Any],
    waits: list[float],
    failed: list[int],
) -> None:
    began = time.perf_counter()
    body = {"query": query, "variables": variables}
    answer = (await client.post(f"{load.address}/graphql", json=body)).json()
    waits.append(time.perf_counter() - began)
    kept = answer.get("data", {}).get("track", {}).get("accepted", load.batch)
    failed[0] += "errors" in answer or kept != load.batch


def _key(letter: str, number: int) -> str:
    return letter + np.base_repr(number, 36).lower().zfill(5)


def _event(load: Load, number: int) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "kind": "click" if number % 5 == 0 else "expose",
        "person": _key("u", number % load.people),
        "item": _key("i", number % 500),
        "scene": "home",
        "position": number % 20,
    }


if __name__ == "__main__":
    main()
