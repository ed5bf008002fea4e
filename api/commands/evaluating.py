"""`weft eval`: how well what is served finds what persons did later."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.commands.figures import tables_of
from api.commands.sorted_figures import tables_of_models
from api.commands.watching import Screen
from api.evaluation import sorting
from api.evaluation.choosing import Options
from api.evaluation.holdout import hold_out
from api.evaluation.released import measure_release
from api.spec import open_spec
from ranking.evaluation.plots import draw_plots
from recall.evaluation.storing import Evaluation, save_evaluation
from weft.builds import author
from weft.database import open_database
from weft.errors import BadRequest
from weft.settings import read_settings
from weft.words import parse_duration

app = typer.Typer(help="Measure what is served on what came later.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
wide = Console(highlight=False, width=240)  # many channels make a table that is not to be cut


@app.callback()
def evaluating() -> None:
    """Measure what is served on what came later."""


@app.command()
def recall(
    release: Annotated[int | None, typer.Option(help="Another release than the live one.")] = None,
    holdout: Annotated[
        str | None, typer.Option(help="Hold the last events back, such as 1d, and build aside.")
    ] = None,
    spec: Annotated[Path, typer.Option(help="The spec to build with --holdout.")] = Path(
        "weft.yaml"
    ),
    k: Annotated[list[int] | None, typer.Option(min=1, max=5000, help="How many to find.")] = None,
    persons: Annotated[int, typer.Option(min=1, help="Ask for at most so many.")] = 2_000,
    scene: Annotated[str | None, typer.Option(help="Only in this scene.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other persons.")] = 7,
    json: Annotated[Path | None, typer.Option(help="Write all figures to a file, too.")] = None,
) -> None:
    """Measure recall: of each channel and fused, beside popular and ItemCF."""
    if release is not None and holdout is not None:
        raise BadRequest(
            "--release and --holdout: one measures what is built, one builds; take one"
        )
    options = Options(tuple(sorted(set(k or (20, 200)))), persons, scene, seed)
    with leaving(), open_database(read_settings()) as engine:
        with Screen() as screen:
            if holdout is None:
                made = measure_release(engine, release, options, screen.showed)
            else:
                shop, last = open_spec(spec), _duration(holdout)
                made = hold_out(engine, shop, last, options, screen, screen.showed)
        with engine.begin() as connection:
            number = save_evaluation(connection, made, author())
    _print(made, number, tables_of(made))
    if json is not None:
        json.write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))


@app.command()
def ranking(
    release: Annotated[int | None, typer.Option(help="Another release than the live one.")] = None,
    holdout: Annotated[
        str | None, typer.Option(help="Hold the last rows back, such as 1d, and learn beside.")
    ] = None,
    spec: Annotated[Path, typer.Option(help="The spec to learn from with --holdout.")] = Path(
        "weft.yaml"
    ),
    model: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other draws.")] = 7,
    plots: Annotated[Path | None, typer.Option(help="Draw plots into a folder.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write all figures to a file, too.")] = None,
) -> None:
    """Measure models on what was shown later: how true they are, and how they compare."""
    if release is not None and holdout is not None:
        raise BadRequest(
            "--release and --holdout: one measures what is built, one learns; take one"
        )
    options = sorting.Options(tuple(model or ()), seed=seed)
    with leaving(), open_database(read_settings()) as engine:
        with Screen() as screen:
            if holdout is None:
                made = sorting.measure_models(engine, release, options)
            else:
                shop, last = open_spec(spec), _duration(holdout)
                made = sorting.hold_out_models(engine, shop, last, options, screen.showed)
        with engine.begin() as connection:
            number = save_evaluation(connection, made, author())
    _print(made, number, tables_of_models(made))
    for file in [] if plots is None else draw_plots(plots, made.figures):
        out.print(f"{file}")
    if json is not None:
        json.write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))


@contextmanager
def leaving() -> Iterator[None]:
    """Leave through every `with` when told to end, so that nothing stays aside."""

    def leave(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise BadRequest(f"--holdout {text}: {error}") from None


def _print(made: Evaluation, number: int, tables: Iterable[Table]) -> None:
    what = f"release {made.release}" if made.release else "the spec, learned beside"
    out.print(
        f"evaluation {number}: {what}, as of {made.split:%Y-%m-%d %H:%M} UTC, measured on what was "
        f"done until {made.until:%Y-%m-%d %H:%M}"
    )
    for note in made.notes:
        out.print(note, markup=False)
    for table in tables:
        out.print()
        wide.print(table)
