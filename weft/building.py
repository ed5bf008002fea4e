"""Apply: run what is stale, in parallel where that is safe, and let it be seen all at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from weft import builds
from weft.builds import Build
from weft.errors import BuildError, ReleaseBlocked
from weft.marks import read_marks
from weft.monitors.kinds import AnyMonitor
from weft.monitors.watch import complaints
from weft.notices import post
from weft.plan import Plan, make_plan, spec_hash
from weft.progress import SUBJECT, detail_of
from weft.releases import go_aside, go_live, news, read_canary
from weft.running import Watcher, run_all
from weft.steps import Step

Welcome = Callable[[Connection, Mapping[str, int]], object]


@dataclass(frozen=True)
class Shop:
    """What there is to build: the filled-in spec, its steps, its monitors.

    `welcome` is called with the artifacts of a release, in the transaction that makes it live.
    """

    spec: Mapping[str, Any]
    steps: tuple[Step, ...]
    monitors: Mapping[str, AnyMonitor]
    keep: int
    welcome: Welcome = lambda connection, artifacts: None


@dataclass(frozen=True)
class Applied:
    """What an apply did."""

    build: int | None
    ran: tuple[str, ...]
    release: int | None


def plan_shop(
    connection: Connection,
    shop: Shop,
    marks: Mapping[str, int] | None = None,
    asked: Collection[str] = (),
) -> Plan:
    """Say what an apply would do now."""
    now = read_marks(connection) if marks is None else marks
    return make_plan(shop.steps, now, builds.read_past(connection), asked)


def apply(
    engine: Engine,
    shop: Shop,
    watcher: Watcher,
    release: bool = True,
    asked: Collection[str] = (),
) -> Applied:
    """Build what is stale or asked for, and release it; the caller holds the build lock."""
    with engine.begin() as connection:
        build, plan = _open(connection, shop, asked)
    if build is not None:
        watcher.began(plan, build.resumed)
        run_all(engine, build, plan, watcher)
    number = _release(engine, shop, plan, build) if release else None
    ran = tuple(p.step.name for p in plan.stale)
    return Applied(build.id if build else None, ran, number)


def release_built(
    engine: Engine, shop: Shop, force: bool = False, share: float | None = None
) -> int:
    """Release what the last build made, although nobody did so then: to all or to a share."""
    with engine.begin() as connection:
        _insist_on_no_canary(connection)
        marks = builds.last_marks(connection)
        plan = plan_shop(connection, shop, marks)
        if plan.stale:
            names = ", ".join(p.step.name for p in plan.stale)
            raise BuildError(f"not built as the spec says: {names}; run `weft apply`")
        artifacts = _artifacts(plan, None)
        if not force:
            _check(connection, shop, artifacts)
        shop.welcome(connection, artifacts)
        made = (connection, shop.spec, artifacts, builds.author())
        number = go_live(*made) if share is None else go_aside(*made, share)
    builds.drop_outdated(engine, shop.keep)
    return number


def _insist_on_no_canary(connection: Connection) -> None:
    canary = read_canary(connection)
    if canary is not None:
        raise ReleaseBlocked(
            f"release {canary.release.release} is a canary: nothing else is released beside it; "
            "first `weft canary promote` or `weft canary end`"
        )


def _open(connection: Connection, shop: Shop, asked: Collection[str]) -> tuple[Build | None, Plan]:
    """Take up a killed build where it stopped, or begin one if anything is stale."""
    hashed = spec_hash(shop.spec)
    left = builds.unfinished(connection, hashed)
    if left is not None:
        plan = plan_shop(connection, shop, left.marks)
        if all(p.step.name in left.artifacts for p in plan.stale):
            return left, plan
        builds.end(connection, left.id, "stopped", "killed, and its steps have changed since")
    plan = plan_shop(connection, shop, asked=asked)
    if not plan.stale:
        return None, plan
    build = builds.begin(connection, hashed, [p.step.name for p in plan.stale])
    post(connection, SUBJECT, detail_of(build.id))
    return build, plan_shop(connection, shop, build.marks, asked)


def _release(engine: Engine, shop: Shop, plan: Plan, build: Build | None) -> int | None:
    artifacts = _artifacts(plan, build)
    with engine.begin() as connection:
        if not news(connection, shop.spec, artifacts):
            return None
        _insist_on_no_canary(connection)
        _check(connection, shop, artifacts)
        shop.welcome(connection, artifacts)
        number = go_live(connection, shop.spec, artifacts, builds.author())
    builds.drop_outdated(engine, shop.keep)
    return number


def _artifacts(plan: Plan, build: Build | None) -> dict[str, int]:
    promised = build.artifacts if build else {}
    return {
        p.step.name: promised[p.step.name] if p.artifact is None else p.artifact for p in plan.steps
    }


def _check(connection: Connection, shop: Shop, artifacts: Mapping[str, int]) -> None:
    blocking = [c.text for c in complaints(connection, shop.monitors, artifacts) if c.block]
    if blocking:
        lines = "\n".join(blocking)
        raise ReleaseBlocked(
            f"built, but not released:\n{lines}\nlook into it, or `weft release --force`"
        )
