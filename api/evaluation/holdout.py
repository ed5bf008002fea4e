"""Measuring a spec on events that are held back: built aside, where the shop does not see it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from api.building import apply_spec
from api.evaluation.choosing import Options
from api.evaluation.examining import Tell, examine
from api.releases import scenes_of
from api.spec import Spec
from graph.columns import sync_columns
from recall.evaluation.reading import Later, read_later
from recall.evaluation.storing import Evaluation
from weft.aside import database_aside
from weft.errors import NotFound
from weft.facts import copy_facts, one_snapshot
from weft.marks import read_moment
from weft.releases import read_live
from weft.running import Watcher
from weft.words import print_duration


def hold_out(
    engine: Engine, spec: Spec, last: timedelta, options: Options, watcher: Watcher, tell: Tell
) -> Evaluation:
    """Build from the facts of some time ago in a database aside; measure on what came since."""
    with database_aside(engine) as aside:
        split, until, later = copy_until(engine, aside, spec, last, tell)
        unwatched = spec.model_copy(update={"monitors": {}})
        apply_spec(aside, unwatched, watcher)
        with aside.begin() as connection:
            live = read_live(connection)
        assert live is not None
        found = examine(aside, scenes_of(spec, live), later, split, options, tell)
    measured = (options.tops, options.persons, options.seed)
    return Evaluation("holdout", None, split, until, *measured, found.figures, found.notes)


def copy_until(
    engine: Engine, aside: Engine, spec: Spec, last: timedelta, tell: Tell
) -> tuple[datetime, datetime, list[Later]]:
    """Copy what was known before the last events, and give what was done in them."""
    with aside.begin() as connection:
        sync_columns(connection, spec.catalog)
    with one_snapshot(engine) as source:
        until = read_moment(source)
        split = until - last
        later = read_later(source, spec.events.positive, split, until)
        if not later:
            raise NotFound(
                f"nobody did anything that counts as interest in the last {print_duration(last)}, "
                f"from {split:%Y-%m-%d %H:%M} UTC on: import events, or hold more back"
            )
        copy_facts(source, aside, split, lambda share: tell("copy", share))
    return split, until, later
