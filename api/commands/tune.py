"""`weft tune`: options of a ranker, tried stage by stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML
from sqlalchemy import Connection

from api.spec import Spec, open_spec
from ranking.rankers.lesson import Lesson
from ranking.tuning.report import HEADS, Tuning, rows_of
from ranking.tuning.storage import only_one, storage_in
from ranking.tuning.tune import tune
from weft.database import open_database
from weft.settings import read_settings
from weft.words import plural

STAGES = "hidden,lr,batch,regularisation"
out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Subject:
    """A ranker's section as the spec has it, and what it learns from."""

    section: Mapping[str, Any]
    lesson: Lesson


Reader = Callable[[Connection, Spec, str], Subject]


def command(read: Reader) -> Callable[..., None]:
    """Give the command, with what reads a model's section and lesson."""

    def tune_model(
        model: Annotated[str, typer.Argument(help="A ranker of the section `ranking`.")],
        stages: Annotated[str, typer.Option(help="Which options, one group after another.")] = (
            STAGES
        ),
        trials: Annotated[int, typer.Option(min=1, help="So many in each stage.")] = 20,
        seed: Annotated[int, typer.Option(help="Another seed, other proposals.")] = 0,
        spec: Annotated[Path, typer.Option(help="The spec of the shop.")] = Path("weft.yaml"),
    ) -> None:
        """Try options of a ranker; if killed, the same command goes on."""
        shop = open_spec(spec)
        with open_database(read_settings()) as engine, only_one(engine, model):
            with engine.begin() as connection:
                subject = read(connection, shop, model)
            with storage_in(engine) as storage:
                names = [name.strip() for name in stages.split(",")]
                section, lesson = subject.section, subject.lesson
                found = tune(model, section, lesson, names, trials, storage, seed, out.print)
            show(model, found)

    return tune_model


def show(model: str, found: Tuning) -> None:
    """Print what was tried, and the section that is best."""
    table = Table(*HEADS, box=None)
    for row in rows_of(found):
        table.add_row(*row)
    out.print(table)
    out.print(
        f"{found.measure} {found.gain:+.5f}, on the examples that it was chosen by, which were "
        f"looked at {plural(found.looks(), 'time')}; `weft eval` tells what it is worth\n"
    )
    YAML().dump({model: dict(found.section)}, out.file)
