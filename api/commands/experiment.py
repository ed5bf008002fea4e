"""`weft experiment list | arm | report`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import orjson
import typer
from rich.console import Console
from sqlalchemy import Connection

from api.commands.arm_figures import balance_told, figures_table
from api.evaluation.released import released
from api.spec import Spec
from ranking.experiments.allotting import unit_of
from ranking.experiments.report import Asked, report
from ranking.experiments.spec import Experiment, options_of
from ranking.experiments.standing import arms_of, hold, tables_of
from weft.database import open_database
from weft.errors import BadRequest
from weft.settings import read_settings
from weft.words import parse_duration, print_percent

app = typer.Typer(help="See who is in experiments, and what came of them.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
wide = Console(highlight=False, width=200)


@app.command("list")
def show() -> None:
    """List the experiments of the live release, with their arms and what those change."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        experiments, _ = _declared(connection)
    for name, one in experiments.items():
        out.print(f"[bold]{name}[/]  layer {one.layer}, scenes {', '.join(one.scenes)}")
        for arm, declared in one.all_arms().items():
            options = ", ".join(options_of(declared.change))
            out.print(f"    {arm}  {print_percent(declared.share)}  changes {options}")
    if not experiments:
        out.print("no experiments are live; declare them in the section `experiments`")


@app.command()
def arm(
    person: Annotated[str, typer.Argument(help="The key of a person, or with --session of one.")],
    session: Annotated[bool, typer.Option("--session", help="It is the key of a session.")] = False,
) -> None:
    """Say which arms of the live experiments a person is in."""
    unit = unit_of(None, person) if session else unit_of(person)
    assert unit is not None
    with open_database(read_settings()) as engine, engine.begin() as connection:
        experiments, release = _declared(connection)
        tables = tables_of(hold(connection, experiments, release))
    arms = {one.experiment: one.arm for one in arms_of(tables, experiments, unit)}
    for name, one in experiments.items():
        told = arms.get(name, f"not in it: in another experiment of the layer {one.layer}")
        out.print(f"{name}  {told}")


@app.command("report")
def told(
    name: Annotated[str, typer.Argument(help="An experiment, whether it still runs or not.")],
    since: Annotated[
        str | None,
        typer.Option(help="Such as 7d or 2026-05-01; default: since its arms are as they are."),
    ] = None,
    click: Annotated[list[str] | None, typer.Option(help="A kind of event; click.")] = None,
    conversion: Annotated[list[str] | None, typer.Option(help="A kind; purchase.")] = None,
    within: Annotated[str, typer.Option(help="A conversion without trace counts so long.")] = "1d",
    json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Print rates of each arm beside control, and whether arms have the persons they should."""
    now = datetime.now(UTC)
    begin = None if since is None else _moment(since, now)
    clicks, converts = tuple(click or ("click",)), tuple(conversion or ("purchase",))
    asked = Asked(name, begin, now, clicks, converts, _duration("--within", within))
    with open_database(read_settings()) as engine, engine.begin() as connection:
        made = report(connection, asked)
    if json:
        print(orjson.dumps(made, option=orjson.OPT_INDENT_2).decode())  # noqa: T201
        return
    out.print(f"{made.name}: {made.since:%Y-%m-%d %H:%M} to {made.until:%Y-%m-%d %H:%M} UTC")
    wide.print(figures_table(made))
    for line in balance_told(made):
        out.print(line)


def _declared(connection: Connection) -> tuple[Mapping[str, Experiment], int]:
    live = released(connection, None)
    return Spec.model_validate(live.spec).experiments, live.release


def _moment(text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now - _duration("--since", text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _duration(option: str, text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise BadRequest(f"{option} {text}: {error}") from None
