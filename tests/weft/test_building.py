import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.weft.toy import Seen, toy_shop, toy_step
from weft.building import Applied, Shop, apply, plan_shop, release_built
from weft.builds import build_lock
from weft.errors import BuildError, BuildRunning, NotFound, ReleaseBlocked, StepFailed
from weft.marks import add_mark
from weft.monitors.bounds import Bounds
from weft.monitors.sigma import Sigma
from weft.releases import go_back, read_live
from weft.running import Quiet
from weft.steps import Work


def tables(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'derived' ORDER BY 1")
        )
        return [name for name in found.scalars() if re.search(r"_[0-9]+$", name)]


def scalar(engine: Engine, statement: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def run(engine: Engine, shop: Shop, release: bool = True) -> Applied:
    with build_lock(engine, True, print):
        return apply(engine, shop, Quiet(), release)


def test_apply_builds_in_order_and_releases(engine: Engine) -> None:
    seen = Seen()
    shop = toy_shop(toy_step("b", needs=("a",)), toy_step("a"))
    applied = apply(engine, shop, seen)
    assert applied == Applied(1, ("a", "b"), 1)
    assert seen.lines.index("finished a") < seen.lines.index("started b")
    with engine.connect() as connection:
        live = read_live(connection)
    assert live is not None
    assert live.artifacts == {"a": 1, "b": 2}
    assert tables(engine) == ["a_1", "b_2"]


def test_second_apply_has_nothing_to_do(engine: Engine) -> None:
    shop = toy_shop(toy_step("a"))
    run(engine, shop)
    assert run(engine, shop) == Applied(None, (), None)


def test_only_what_reads_new_data_is_rebuilt(engine: Engine) -> None:
    shop = toy_shop(toy_step("a", reads=("item",)), toy_step("b"))
    run(engine, shop)
    with engine.begin() as connection:
        add_mark(connection, "item", 3)
        assert plan_shop(connection, shop).stale[0].why == ("3 changed items",)
    assert run(engine, shop).ran == ("a",)


def test_a_step_runs_again_when_it_is_asked_for(engine: Engine) -> None:
    shop = toy_shop(toy_step("a"), toy_step("b", needs=("a",)))
    run(engine, shop)
    with build_lock(engine, True, print):
        again = apply(engine, shop, Quiet(), asked=("a",))
    assert again == Applied(2, ("a",), 2)
    assert run(engine, shop) == Applied(None, (), None)


def test_nothing_is_live_without_release(engine: Engine) -> None:
    shop = toy_shop(toy_step("a"))
    assert run(engine, shop, release=False).release is None
    with engine.connect() as connection:
        assert read_live(connection) is None
    assert release_built(engine, shop) == 1


def test_release_refuses_what_was_not_built(engine: Engine) -> None:
    with pytest.raises(BuildError, match="not built as the spec says: a; run `weft apply`"):
        release_built(engine, toy_shop(toy_step("a")))


def test_a_failing_step_keeps_what_was_finished_and_shows_nothing(engine: Engine) -> None:
    def fail(work: Work) -> None:
        raise ValueError("no such luck")

    shop = toy_shop(toy_step("a"), toy_step("b", needs=("a",), hook=fail))
    with pytest.raises(StepFailed, match="b: no such luck"):
        run(engine, shop)
    assert tables(engine) == ["a_1"]
    assert scalar(engine, "SELECT state FROM weft.build") == "failed"
    assert scalar(engine, "SELECT count(*) FROM weft.live") == 0
    mended = toy_shop(toy_step("a"), toy_step("b", needs=("a",)))
    assert run(engine, mended).ran == ("b",)


def test_a_failing_step_stops_what_runs_beside_it(engine: Engine) -> None:
    def slow(work: Work) -> None:
        work.connection.execute(text("SELECT pg_sleep(60)"))

    def fail(work: Work) -> None:
        time.sleep(0.3)
        raise ValueError("enough")

    began = time.monotonic()
    with pytest.raises(StepFailed, match="enough"):
        run(engine, toy_shop(toy_step("slow", hook=slow), toy_step("bad", hook=fail)))
    assert time.monotonic() - began < 30
    assert tables(engine) == []


def test_steps_that_do_not_need_each_other_run_together(engine: Engine) -> None:
    barrier = threading.Barrier(2, timeout=20)

    def meet(work: Work) -> None:
        barrier.wait()

    assert len(run(engine, toy_shop(toy_step("a", hook=meet), toy_step("b", hook=meet))).ran) == 2


def test_a_step_that_must_be_alone_is_alone(engine: Engine) -> None:
    running: set[str] = set()

    def watch(name: str, alone: bool) -> object:
        def hook(work: Work) -> None:
            running.add(name)
            assert not alone or running == {name}
            time.sleep(0.1)
            running.discard(name)

        return hook

    steps = [toy_step(n, hook=watch(n, n == "big"), alone=n == "big") for n in ("a", "big", "c")]
    assert len(run(engine, toy_shop(*steps)).ran) == 3


def test_the_second_builder_is_told_who_builds(engine: Engine) -> None:
    shop = toy_shop(toy_step("a"))
    told: list[str] = []

    def look(work: Work) -> None:
        said = pytest.raises(BuildRunning, match=r"is building \(build 1, process \d+, since")
        with said, build_lock(engine, False, told.append):
            pass

    with build_lock(engine, True, told.append):
        apply(engine, toy_shop(toy_step("a", hook=look)), Quiet())
    assert told == []
    with build_lock(engine, False, told.append):
        assert run_inside(engine, shop) == ()


def run_inside(engine: Engine, shop: Shop) -> tuple[str, ...]:
    return apply(engine, shop, Quiet()).ran


def test_the_second_builder_waits(engine: Engine) -> None:
    told: list[str] = []
    order: list[str] = []

    def second() -> None:
        with build_lock(engine, True, told.append):
            order.append("second")

    with build_lock(engine, True, told.append):
        thread = threading.Thread(target=second)
        thread.start()
        while not told:
            time.sleep(0.01)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]
    assert told[0].endswith("; waiting")


def test_rollback_returns_and_apply_does_not_undo_it(engine: Engine) -> None:
    run(engine, toy_shop(toy_step("a", 1)))
    second = toy_shop(toy_step("a", 2))
    run(engine, second)
    with engine.begin() as connection:
        assert go_back(connection) == (2, 1)
        with pytest.raises(NotFound, match="no earlier release"):
            go_back(connection)
    assert run(engine, second).release is None
    assert release_built(engine, second) == 3
    assert scalar(engine, "SELECT release FROM weft.live") == 3


def test_going_back_to_an_old_spec_releases_it_without_building(engine: Engine) -> None:
    first = toy_shop(toy_step("a", 1))
    run(engine, first)
    run(engine, toy_shop(toy_step("a", 2)))
    assert run(engine, first) == Applied(None, (), 3)


def test_a_release_is_announced_when_it_commits(engine: Engine) -> None:
    raw = engine.raw_connection()
    listener = raw.driver_connection
    assert listener is not None
    listener.autocommit = True
    listener.execute("LISTEN weft")
    run(engine, toy_shop(toy_step("a")))
    payloads = [n.payload for n in listener.notifies(timeout=5, stop_after=1)]
    listener.execute("UNLISTEN *")
    raw.close()
    assert payloads[0] == "build 1"
    assert payloads[-1] == "release 1"
    assert {payload.split()[0] for payload in payloads[1:-1]} <= {"build"}


def test_old_artifacts_are_dropped_whole(engine: Engine) -> None:
    for value in range(6):
        run(engine, toy_shop(toy_step("a", value), toy_step("same"), keep=2))
    assert tables(engine) == ["a_6", "a_7", "same_2"]
    assert scalar(engine, "SELECT count(*) FROM weft.artifact WHERE dropped_at IS NULL") == 3


def test_a_monitor_blocks_the_release_and_force_overrules_it(engine: Engine) -> None:
    low = {"rows": Bounds(type="bounds", metric="rows", low=5, block=True)}
    shop = toy_shop(toy_step("a", 1), monitors=low)
    with pytest.raises(ReleaseBlocked, match="rows: a: rows 1 is below 5"):
        run(engine, shop)
    assert scalar(engine, "SELECT count(*) FROM weft.live") == 0
    assert release_built(engine, shop, force=True) == 1


def test_three_sigma_needs_a_past(engine: Engine) -> None:
    rule = {"rows": Sigma(type="sigma", metric="rows", block=True)}
    for value in (100, 101, 99, 98, 102):
        run(engine, toy_shop(toy_step("a", value), monitors=rule))
    with pytest.raises(ReleaseBlocked, match="3σ of the last 5"):
        run(engine, toy_shop(toy_step("a", 10), monitors=rule))
    assert run(engine, toy_shop(toy_step("a", 103), monitors=rule)).release == 6


KILLED = """
import os, signal, sys
from sqlalchemy import text
from tests.weft.toy import toy_shop, toy_step
from weft.building import apply
from weft.builds import build_lock
from weft.database import connect
from weft.running import Quiet

def die(work):
    os.kill(os.getpid(), signal.SIGKILL)

engine = connect(sys.argv[1])
shop = toy_shop(toy_step("a"), toy_step("b", needs=("a",), hook=die))
with build_lock(engine, True, print):
    apply(engine, shop, Quiet())
"""


def test_a_killed_build_goes_on_where_it_stopped(engine: Engine, database_url: str) -> None:
    here = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", KILLED, database_url], cwd=here, check=False)
    assert done.returncode == -9
    assert scalar(engine, "SELECT state FROM weft.build") == "running"
    with engine.begin() as connection:
        add_mark(connection, "item", 3)
    seen = Seen()
    shop = toy_shop(toy_step("a"), toy_step("b", needs=("a",)))
    with build_lock(engine, True, print):
        applied = apply(engine, shop, seen)
    assert applied == Applied(1, ("b",), 1)
    assert "resumed" in seen.lines
    assert tables(engine) == ["a_1", "b_2"]


STOPPED = """
import os, signal, sys, threading
from sqlalchemy import text
from tests.weft.toy import toy_shop, toy_step
from weft.building import apply
from weft.database import connect
from weft.running import Quiet

def sleep(work):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    work.connection.execute(text("SELECT pg_sleep(100)"))

apply(connect(sys.argv[1]), toy_shop(toy_step("a", hook=sleep)), Quiet())
"""


def test_an_interrupted_build_stops_its_queries_and_says_so(
    engine: Engine, database_url: str
) -> None:
    here = Path(__file__).parents[2]
    began = time.monotonic()
    command = [sys.executable, "-c", STOPPED, database_url]
    done = subprocess.run(command, cwd=here, check=False, capture_output=True)
    assert done.returncode != 0
    assert time.monotonic() - began < 60
    assert scalar(engine, "SELECT state FROM weft.build") == "stopped"
    assert tables(engine) == []


def test_a_killed_build_of_another_spec_is_closed(engine: Engine, database_url: str) -> None:
    here = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", KILLED, database_url], cwd=here, check=False)
    assert run(engine, toy_shop(toy_step("a"), toy_step("c"))).ran == ("c",)
    assert scalar(engine, "SELECT state FROM weft.build WHERE id = 1") == "stopped"
