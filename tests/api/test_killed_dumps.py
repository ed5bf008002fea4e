"""An API process that is killed while dumps wait: answers that were given are kept all the same."""

from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.test_killed import serving
from tests.api.test_up import Running, running, wait

PAGE = {"query": '{ recommend(scene: "home", person: "ann", first: 3) { traceId } }'}


def ask(up: Running) -> Any:
    headers = {"Authorization": f"Bearer {up.key}"}
    answer = httpx.post(f"{up.address}/graphql", json=PAGE, headers=headers, timeout=30)
    return answer.json()["data"]["recommend"]["traceId"]


def answers(up: Running) -> bool:
    try:
        return bool(ask(up))
    except httpx.TransportError:
        return False


def test_killed_processes_lose_dumps_at_most(engine: Engine, bazaar: Spec, tmp_path: Path) -> None:
    with running(engine, bazaar, tmp_path) as up:
        wait(lambda: len(serving(up)) == 2)
        given = [ask(up) for _ in range(5)]
        for child in serving(up):
            child.kill()
        wait(lambda: answers(up))
        with engine.connect() as connection:
            kept = set(connection.execute(text("SELECT id FROM trace")).scalars())
            dumped = set(connection.execute(text("SELECT trace FROM trace_dump")).scalars())
    assert set(given) <= kept
    assert dumped <= kept
