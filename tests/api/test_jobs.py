import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.jobs import Job, jobs_of, work
from api.spec import Spec, open_spec
from api.traces import make_room
from weft.errors import SpecError


def test_a_worker_does_what_is_due(engine: Engine) -> None:
    done: list[str] = []
    jobs = (Job("every second", "* * * * * *", lambda: done.append("x")),)
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> None:
        working = asyncio.create_task(work(url, jobs))
        for _ in range(150):
            await asyncio.sleep(0.1)
            if done:
                break
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    asyncio.run(run())
    assert done


def test_a_shop_is_refreshed_only_where_its_spec_says_so(engine: Engine, bazaar: Spec) -> None:
    path = Path("weft.yaml")
    never = bazaar.model_copy(update={"refresh": None})
    assert [job.name for job in jobs_of(engine, never, path)] == ["make room for traces"]
    assert [job.name for job in jobs_of(engine, bazaar, path)][1:] == ["refresh"]


def test_refresh_is_written_as_cron_has_it(tmp_path: Path) -> None:
    spec = tmp_path / "weft.yaml"
    spec.write_text("name: shop\nrefresh: hourly\n")
    with pytest.raises(SpecError, match=r"weft.yaml:2: refresh: five fields"):
        open_spec(spec)


def test_there_is_room_for_the_traces_of_two_days(engine: Engine) -> None:
    for _ in range(2):
        make_room(engine, date(2026, 12, 31))
    with engine.connect() as connection:
        names = connection.execute(
            text("SELECT relid::regclass::text FROM pg_partition_tree('trace') WHERE isleaf")
        ).scalars()
        assert sorted(names) == ["trace_20261231", "trace_20270101"]
