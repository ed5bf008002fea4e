"""`weft check | show | plan | apply | status | history | release | rollback`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML
from sqlalchemy import Connection

from api.arriving import catch_up
from api.building import apply_spec, prove_spec, shop_of
from api.commands.watching import Screen
from api.spec import Spec, filled_in, json_schema, open_spec
from weft import queries
from weft.building import Applied, plan_shop, release_built
from weft.builds import build_lock, who_builds
from weft.database import open_database
from weft.plan import Plan, Planned
from weft.releases import go_back, read_canary, read_live, read_release
from weft.settings import read_settings
from weft.words import plural, print_percent

SpecOption = Annotated[Path, typer.Option("--spec", help="The spec of the shop.")]
WaitOption = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Wait while somebody else is building, or leave.")
]
DEFAULT = Path("weft.yaml")
out = Console(highlight=False, soft_wrap=True)


def check(
    spec: SpecOption = DEFAULT,
    database: Annotated[
        bool, typer.Option("--database", help="Also ask the views and functions it names.")
    ] = False,
) -> None:
    """Prove the spec; list every problem with its line."""
    opened = open_spec(spec)
    shop = shop_of(opened)
    if database:
        with open_database(read_settings()) as engine:
            prove_spec(engine, opened)
    out.print(f"{spec}: good; {plural(len(shop.steps), 'step')}")


def show(
    spec: SpecOption = DEFAULT,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of all specs, for editors.")
    ] = False,
) -> None:
    """Print the spec with every default filled in."""
    if schema:
        sys.stdout.write(json_schema())
    else:
        YAML(typ="safe", pure=True).dump(filled_in(open_spec(spec)), sys.stdout)


def plan(spec: SpecOption = DEFAULT) -> None:
    """Say what an apply would build, why, and how long it may take."""
    opened = open_spec(spec)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        _print_plan(plan_shop(connection, shop_of(opened)))


def apply(
    spec: SpecOption = DEFAULT,
    release: Annotated[bool, typer.Option(help="Let requests read it at the end.")] = True,
    wait: WaitOption = True,
) -> None:
    """Build what is stale, and release it."""
    opened = open_spec(spec)
    with open_database(read_settings()) as engine, Screen() as screen:
        applied = apply_spec(engine, opened, screen, wait, release)
    _print_applied(applied, release)


def status(spec: SpecOption = DEFAULT) -> None:
    """Say what is live, who is building, and what is stale."""
    opened = open_spec(spec)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        live = read_live(connection)
        out.print(f"live: release {live.release}" if live else "live: nothing; run `weft apply`")
        canary = read_canary(connection)
        if canary is not None:
            share = print_percent(canary.share)
            out.print(f"canary: release {canary.release.release}, for {share} of persons")
        if connection.execute(queries.RUNNING_BUILD).one_or_none():
            out.print(who_builds(connection))
        _print_plan(plan_shop(connection, shop_of(opened)))


def history(
    build: Annotated[
        int | None, typer.Option(help="Print the log and metrics of one build.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many builds and releases.")] = 20,
) -> None:
    """List builds and releases, or the log of one build."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        if build is not None:
            _print_build(connection, build)
            return
        _print_builds(connection, count)
        _print_releases(connection, count)


def release(
    spec: SpecOption = DEFAULT,
    force: Annotated[bool, typer.Option(help="Although a monitor says no.")] = False,
    wait: WaitOption = True,
) -> None:
    """Release what was built with --no-release, was blocked, or was rolled back."""
    opened = open_spec(spec)
    with (
        open_database(read_settings()) as engine,
        Screen() as screen,
        build_lock(engine, wait, screen.waited),
    ):
        number = release_built(engine, shop_of(opened), force)
    out.print(f"release {number} is live")


def rollback() -> None:
    """Return to the release before the live one."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        withdrawn, live = go_back(connection)
        before = read_release(connection, live)
        catch_up(connection, Spec.model_validate(before.spec), before.artifacts)
    out.print(f"release {withdrawn} is withdrawn; release {live} is live")


def _print_plan(plan: Plan) -> None:
    for planned in plan.steps:
        if planned.stale:
            out.print(f"[bold]{planned.step.name}[/]  {_estimate(planned)}")
            for reason in planned.why:
                out.print(f"    {reason}")
    fresh = len(plan.steps) - len(plan.stale)
    total = sum(p.seconds or 0 for p in plan.stale)
    if plan.stale:
        steps = plural(len(plan.stale), "step")
        out.print(
            f"{steps} to run, {fresh} up to date; about {total:.0f} s where there is a history"
        )
    else:
        out.print(f"nothing to build; {plural(fresh, 'step')} up to date")


def _estimate(planned: Planned) -> str:
    return "no history" if planned.seconds is None else f"about {planned.seconds:.1f} s"


def _print_applied(applied: Applied, asked: bool) -> None:
    if applied.build is None:
        out.print("nothing to build")
    else:
        out.print(f"build {applied.build}: {', '.join(applied.ran) or 'no step left to run'}")
    if applied.release is not None:
        out.print(f"release {applied.release} is live")
    elif asked:
        out.print(
            "the live release stays: nothing new, or it was withdrawn (`weft release` insists)"
        )
    else:
        out.print("not released; `weft release` does it")


def _print_builds(connection: Connection, count: int) -> None:
    rows = connection.execute(queries.BUILDS, {"count": count}).all()
    table = Table("build", "state", "began", "took", "made", "by", "", box=None)
    for r in rows:
        took = f"{((r.finished_at or datetime.now(UTC)) - r.started_at).total_seconds():.1f} s"
        made = plural(r.made, "artifact")
        began = f"{r.started_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(r.id), r.state, began, took, made, r.author, r.error or "")
    out.print(table)


def _print_releases(connection: Connection, count: int) -> None:
    rows = connection.execute(queries.RELEASES, {"count": count}).all()
    table = Table("release", "state", "since", "build", "by", box=None)
    for r in rows:
        table.add_row(
            str(r.id), _state(r), f"{r.released_at:%Y-%m-%d %H:%M:%S}", str(r.build or ""), r.author
        )
    out.print(table)


def _state(row: Any) -> str:
    if row.live:
        return "live"
    if row.share is not None:
        return f"canary {print_percent(row.share)}"
    return "withdrawn" if row.withdrawn_at else ""


def _print_build(connection: Connection, build: int) -> None:
    for line in connection.execute(queries.LINES, {"build": build}):
        out.print(f"{line.at:%H:%M:%S}  {line.step or ''}  {line.message}", markup=False)
    for row in connection.execute(queries.BUILD_METRICS, {"build": build}):
        out.print(f"{row.step}.{row.name} = {row.value:g}", markup=False)
