"""Measuring a spec on events that are held back: built aside, where the shop does not see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from api.building import apply_spec
from api.evaluation.choosing import Options
from api.evaluation.examining import Tell, examine
from api.releases import scenes_of
from api.spec import Spec
from graph.columns import sync_columns
from ranking.asking import Scenes
from recall.evaluation.reading import Later, read_later
from recall.evaluation.storing import Evaluation
from weft.aside import database_aside
from weft.errors import NotFound
from weft.facts import copy_facts, one_snapshot
from weft.marks import read_moment
from weft.releases import read_live
from weft.running import Watcher
from weft.words import print_duration


@dataclass(frozen=True)
class Past:
    """A shop as it was at a moment, built in a database aside, and what was done later."""

    engine: Engine
    scenes: Scenes
    split: datetime
    until: datetime
    later: tuple[Later, ...]


def hold_out(
    engine: Engine, spec: Spec, last: timedelta, options: Options, watcher: Watcher, tell: Tell
) -> Evaluation:
    """Build from the facts of some time ago in a database aside; measure on what came since."""
    with built_aside(engine, spec, last, watcher, tell) as past:
        found = examine(past.engine, past.scenes, past.later, past.split, options, tell)
    measured = (options.tops, options.persons, options.seed)
    return Evaluation(
        "holdout", None, past.split, past.until, *measured, found.figures, found.notes
    )


@contextmanager
def built_aside(
    engine: Engine, spec: Spec, last: timedelta, watcher: Watcher, tell: Tell
) -> Iterator[Past]:
    """Build a spec from what was known before the last events, for the length of the block."""
    with database_aside(engine) as aside:
        split, until, later = _copy_until(engine, aside, spec, last, tell)
        unwatched = spec.model_copy(update={"monitors": {}})  # they would compare with nothing
        apply_spec(aside, unwatched, watcher)
        with aside.begin() as connection:
            live = read_live(connection)
        assert live is not None
        yield Past(aside, scenes_of(spec, live), split, until, tuple(later))


def _copy_until(
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
