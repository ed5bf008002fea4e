"""The load of `bench.serve`: pages for mixed persons under mixed filters, at a steady rate.

Run by locust in a venv of its own; settings come by the environment, answers go to a file.
"""

import json
import os
import random
import time
from pathlib import Path

from locust import FastHttpUser, events, task

KEY, OUT = os.environ["LOAD_KEY"], os.environ["LOAD_OUT"]
PERSONS, USERS = int(os.environ["LOAD_PERSONS"]), int(os.environ["LOAD_USERS"])
RATE = float(os.environ["LOAD_RATE"])
QUERY = os.environ["LOAD_QUERY"]
CATEGORIES, CITIES = 200, 40
HEADERS = {"authorization": f"Bearer {KEY}"}
chance = random.Random(int(os.environ.get("LOAD_SEED", "1")))
told: list[tuple[float, float, int, bool, list[str], str, list[float]]] = []


def where() -> dict[str, object] | None:
    """Give a filter, or none: half of the pages have none."""
    drawn = chance.random()
    if drawn < 0.5:
        return None
    if drawn < 0.7:
        return {"price": {"gte": 20, "lte": 500}}
    if drawn < 0.9:
        return {"category": {"in": [f"c{chance.randrange(CATEGORIES)}" for _ in range(5)]}}
    return {"city": {"eq": f"city {chance.randrange(CITIES)}"}}


class Visitor(FastHttpUser):
    """Somebody who asks for pages."""

    def wait_time(self) -> float:
        """Wait as visitors do, who know nothing of each other: evenly, all would ask at once."""
        return chance.expovariate(RATE / USERS)

    def on_start(self) -> None:
        """Wait before the first page, too."""
        time.sleep(self.wait_time())

    @task
    def page(self) -> None:
        """Ask for a page, and see whether it is whole."""
        asked = {"person": f"p{chance.randint(1, PERSONS)}", "where": where()}
        began = time.perf_counter()
        with self.client.post(
            "/graphql",
            json={"query": QUERY, "variables": asked},
            headers=HEADERS,
            catch_response=True,
        ) as response:
            seconds = time.perf_counter() - began
            release, ok, dropped, trace, scores = 0, False, [], "", []
            if response.status_code == 200:
                content = response.json()
                ok = "errors" not in content
                page = (content.get("data") or {}).get("recommend") or {}
                release = page.get("release", 0)
                dropped = [one["name"] for one in page.get("dropped", [])]
                trace = page.get("traceId", "")
                scores = [edge["node"]["score"] for edge in page.get("edges", [])]
            if not ok:
                response.failure("no answer")
            told.append((time.time(), seconds, release, ok, dropped, trace, scores))


@events.quitting.add_listener
def write(**_: object) -> None:
    """Write what was answered."""
    Path(OUT).write_text(json.dumps(told))
