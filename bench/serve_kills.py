"""kill -9 of an API process, of the job worker and of Postgres while pages and events come in.

An own asyncio client asks for pages and sends events all the time. For each kill: how long until
pages are whole again (not degraded) and events are acknowledged again; afterwards every event that
was acknowledged must be there, and no page may have been wrong.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
from sqlalchemy import text

from bench.results import publish, table
from bench.small_shop import Served, prepare_shop, serve_shop
from weft.database import open_database
from weft.settings import Settings

PAGE = """query ($person: ID) { recommend(scene: "home", person: $person, first: 20) {
    traceId release dropped { name reason } edges { node { item { key removed } } } } }"""
TRACK = "mutation ($events: [EventInput!]!) { track(events: $events) { accepted known } }"
BETWEEN = 8.0
BATCH = 20
READERS, SENDERS = 4, 2


@dataclass
class Seen:
    """What the client saw, with the times."""

    whole: list[float] = field(default_factory=list)  # pages as they should be
    degraded: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)  # nothing, or a true 503
    acknowledged: list[float] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


async def drive(
    served: Served, keys: dict[str, str], kills: list[tuple[str, Any]]
) -> dict[str, Any]:
    """Load the shop, kill one after another, and give what was seen."""
    seen, stop = Seen(), asyncio.Event()
    async with httpx.AsyncClient(base_url=served.address, timeout=30) as client:
        pages = [read(client, keys["reader"], seen, stop, n) for n in range(READERS)]
        events = [send(client, keys["writer"], seen, stop, n) for n in range(SENDERS)]
        tasks = [asyncio.create_task(work) for work in (*pages, *events)]
        told = {}
        for name, victim in kills:
            await asyncio.sleep(BETWEEN)
            told[name] = await killed(victim(), seen)
        await asyncio.sleep(BETWEEN)
        stop.set()
        await asyncio.gather(*tasks)
    return {"kills": told, "seen": seen}


async def killed(victim: psutil.Process, seen: Seen) -> dict[str, float]:
    """Kill a process; give after how long all goes well, seen over the seconds after."""
    at = time.monotonic()
    victim.kill()
    await asyncio.sleep(BETWEEN)
    return {
        "page_s": round(_gap(seen.whole, at), 2),
        "any_page_s": round(_gap(sorted([*seen.whole, *seen.degraded]), at), 2),
        "event_s": round(_gap(seen.acknowledged, at), 2),
    }


def _gap(times: list[float], at: float) -> float:
    """Give the longest time without, from the kill on."""
    later = [at, *(moment for moment in times if moment > at), time.monotonic()]
    return max(b - a for a, b in itertools.pairwise(later))


async def read(
    client: httpx.AsyncClient, key: str, seen: Seen, stop: asyncio.Event, n: int
) -> None:
    """Ask for pages until told to stop."""
    for number in itertools.count(n):
        if stop.is_set():
            return
        answer = await ask(client, key, PAGE, {"person": f"u{number % 300:05d}"})
        _judge(answer, seen)
        await asyncio.sleep(0.05)


def _judge(answer: Any, seen: Seen) -> None:
    now = time.monotonic()
    if answer is None or _away(answer):
        seen.refused.append(now)
        return
    page = (answer.get("data") or {}).get("recommend")
    if page is None:
        seen.wrong.append(str(answer)[:300])
        return
    items = [edge["node"]["item"] for edge in page["edges"]]
    if len({item["key"] for item in items}) != len(items) or any(i["removed"] for i in items):
        seen.wrong.append("an item twice, or one that is gone")
    if not items and page["dropped"]:  # a process that has just begun, whose channels were late
        seen.refused.append(now)
        return
    if not items:
        seen.wrong.append("an empty page")
    degraded = answer["extensions"].get("degraded")
    (seen.degraded if degraded else seen.whole).append(now)


async def send(
    client: httpx.AsyncClient, key: str, seen: Seen, stop: asyncio.Event, n: int
) -> None:
    """Send events; what is not acknowledged is sent again."""
    for number in itertools.count():
        names = [f"k{n}-{number}-{place}" for place in range(BATCH)]
        events = [
            {"id": name, "kind": "click", "person": f"u{n:05d}", "item": "i00001"} for name in names
        ]
        while not stop.is_set():
            answer = await ask(client, key, TRACK, {"events": events})
            done = ((answer or {}).get("data") or {}).get("track")
            if done and done["accepted"] + done["known"] == BATCH:
                seen.ids.update(names)
                seen.acknowledged.append(time.monotonic())
                break
            if answer is not None and not _away(answer):
                seen.wrong.append(str(answer)[:300])
            await asyncio.sleep(0.05)
        if stop.is_set():
            return
        await asyncio.sleep(0.05)


async def ask(client: httpx.AsyncClient, key: str, query: str, variables: Any) -> Any:
    """Ask, and give the answer, or nothing where none came."""
    headers = {"Authorization": f"Bearer {key}"}
    try:
        body = {"query": query, "variables": variables}
        return (await client.post("/graphql", json=body, headers=headers)).json()
    except (httpx.TransportError, ValueError):
        return None


def _away(answer: Any) -> bool:
    return any(e["extensions"]["code"] == "UNAVAILABLE" for e in answer.get("errors", []))


def lost(home: Path, ids: set[str]) -> int:
    """Count the events that were acknowledged and are not there."""
    with open_database(Settings(home)) as engine, engine.connect() as connection:
        query = text("SELECT id FROM event WHERE id = ANY(:ids)")
        there = set(connection.execute(query, {"ids": sorted(ids)}).scalars())
    return len(ids - there)


def main() -> None:
    """Measure."""
    options = _options()
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        keys = prepare_shop(home, options.items, options.users)
        with serve_shop(home) as served:
            kills: list[tuple[str, Callable[[], psutil.Process]]] = [
                ("api", lambda: served.children("serve")[0]),
                ("worker", lambda: served.children("work")[0]),
                ("postgres", served.database),
            ]
            found = asyncio.run(drive(served, keys, kills))
        seen: Seen = found["seen"]
        figures = {
            **found["kills"],
            "acknowledged": len(seen.ids),
            "lost": lost(home, seen.ids),
            "pages": len(seen.whole),
            "degraded": len(seen.degraded),
            "refused": len(seen.refused),
            "wrong": len(seen.wrong),
        }
    for line in seen.wrong[:5]:
        print(line)
    rows = [[name, *told.values()] for name, told in found["kills"].items()]
    heads = ["killed", "whole page again (s)", "any page again (s)", "event taken again (s)"]
    publish(
        f"make bench-kills ITEMS={options.items} USERS={options.users}", table(heads, rows), figures
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--users", type=int, default=500)
    return parser.parse_args()


if __name__ == "__main__":
    main()
