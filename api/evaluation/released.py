"""Measuring a release on what came after it was built."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from api.evaluation.choosing import Options
from api.evaluation.examining import Tell, examine
from api.releases import make_ready
from recall.evaluation import queries
from recall.evaluation.reading import read_later
from recall.evaluation.storing import Evaluation
from weft.errors import NotFound
from weft.marks import read_moment
from weft.releases import Live, read_live, read_release


def measure_release(engine: Engine, number: int | None, options: Options, tell: Tell) -> Evaluation:
    """Measure the live release, or another one that is kept."""
    with engine.begin() as connection:
        live = released(connection, number)
        ready = make_ready(live)
        split, notes = built_at(connection, live.release)
        until = max(split, min(read_moment(connection), datetime.now(UTC)))
        later = read_later(connection, ready.spec.events.positive, split, until)
    if not later:
        raise NotFound(
            f"release {live.release} was built from all events up to {split:%Y-%m-%d %H:%M} UTC, "
            "and nothing that counts as interest came after them: import newer events, measure an "
            "earlier release with --release, or hold events back with --holdout 1d"
        )
    found = examine(engine, ready.scenes, later, split, options, tell)
    measured = (options.tops, options.persons, options.seed)
    whole = (*notes, *found.notes)
    return Evaluation("release", live.release, split, until, *measured, found.figures, whole)


def released(connection: Connection, number: int | None) -> Live:
    """Give the live release, or another one."""
    live = read_live(connection) if number is None else read_release(connection, number)
    if live is None:
        raise NotFound("nothing is released yet; run `weft apply`, or measure with --holdout 1d")
    return live


def built_at(connection: Connection, release: int) -> tuple[datetime, tuple[str, ...]]:
    """Give the moment that counted as now for a release, if it is still there to be asked."""
    row = connection.execute(queries.RELEASED, {"release": release}).one()
    if row.dropped:
        raise NotFound(
            f"release {release} is not kept any more: {', '.join(row.dropped)} was dropped; "
            "`weft history` lists releases, and `keep.releases` in the spec says how many stay"
        )
    if row.later is None:
        return row.moment, ()
    return row.moment, (
        f"build {row.later} came after release {release}: channels that read the graph's edges as "
        "they stand now know what was done since, and look better than they were",
    )
