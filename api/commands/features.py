"""`weft features`: which features of a model are worth having, and where words share places."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.evaluation.released import released
from api.spec import Spec
from ranking.features.asked import asked_of
from ranking.features.collisions import Collisions, collisions
from ranking.features.known import learn
from ranking.features.report import Worth, report
from ranking.features.rows import examples_of, read
from ranking.ready import load_ready
from ranking.samples.reading import read_labelled
from weft.database import open_database
from weft.errors import NotFound
from weft.marks import read_moment
from weft.settings import read_settings
from weft.spec import unknown
from weft.words import plural

LAST = timedelta(days=1)
out = Console(highlight=False, soft_wrap=True)


def features(
    model: Annotated[str, typer.Argument(help="A model of the live release.")],
    release: Annotated[int | None, typer.Option(help="Another release than the live one.")] = None,
) -> None:
    """Print coverage, importance and cost of each feature of a model, and shared places."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        live = released(connection, release)
        shop = Spec.model_validate(live.spec)
        if model not in shop.ranking.models:
            raise NotFound(unknown("model", model, shop.ranking.models))
        ready = load_ready(connection, shop.ranking, model, live.artifacts)
        until = read_moment(connection)
        samples, events = shop.ranking.samples, shop.events
        labelled = read_labelled(connection, samples, events, until - LAST, until)
        if not len(labelled):
            raise NotFound(f"nothing was shown since {until - LAST:%Y-%m-%d %H:%M} UTC")
        examples = examples_of(connection, ready.encoding, labelled)
        known = learn(connection, ready.encoding.features, datetime.now(UTC))
        worth = report(connection, ready.encoding, labelled, ready.scorer, examples, known)
        shared = collisions(ready.encoding, read(connection, ready.encoding, asked_of(labelled)))
    out.print(f"{plural(len(labelled), 'row')} of the last day")
    out.print(worth_table(worth))
    out.print(shared_table(shared))


def worth_table(worth: Sequence[Worth]) -> Table:
    """Lay out what speaks for features and what against them."""
    table = Table(
        "feature", "side", "coverage", "written later", "AUC falls by, ‰", "ms a request", box=None
    )
    for one in worth:
        fall = "-" if one.importance is None else f"{1000 * one.importance.fall:.2f}"
        shares = (f"{one.coverage:.1%}", f"{one.later:.1%}")
        table.add_row(one.name, one.side, *shares, fall, f"{one.milliseconds:.2f}")
    return table


def shared_table(found: Sequence[Collisions]) -> Table:
    """Lay out how crowded tables are."""
    table = Table("table", "words", "places", "used", "words that share", "by chance", box=None)
    for one in found:
        numbers = (f"{one.words:,}", f"{one.places:,}", f"{one.used:,}")
        table.add_row(one.table, *numbers, f"{one.shared:.1%}", f"{one.expected:.1%}")
    return table
