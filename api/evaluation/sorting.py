"""Measuring the models of `ranking` on what was shown later."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from api.evaluation.released import built_at, released
from api.spec import Spec
from ranking.evaluation.figures import TOPS, figures_of
from ranking.evaluation.later import examine
from ranking.evaluation.learning import learned_before
from ranking.evaluation.pools import Pool, agreements
from ranking.labelled import Labelled
from ranking.lessons import Course
from ranking.ready import Ready, load_ready
from ranking.samples.reading import read_labelled
from recall.evaluation.storing import Evaluation
from weft.errors import NotFound
from weft.marks import read_moment
from weft.spec import unknown
from weft.words import plural

Tell = Callable[[str, float], None]
WAY = "ranking"


@dataclass(frozen=True)
class Options:
    """What to measure, and how."""

    models: tuple[str, ...] = ()  # all
    pool: Pool = field(default_factory=Pool)
    seed: int = 7


def measure_models(engine: Engine, number: int | None, options: Options) -> Evaluation:
    """Measure the models of a release on what was shown after it was built."""
    with engine.begin() as connection:
        live = released(connection, number)
        spec = Spec.model_validate(live.spec)
        split, notes = built_at(connection, live.release)
        names = chosen(spec, options)
        models = [load_ready(connection, spec.ranking, name, live.artifacts) for name in names]
        until = max(split, read_moment(connection))
        return _measured(connection, spec, models, (split, until), options, live.release, notes)


def hold_out_models(
    engine: Engine, spec: Spec, last: timedelta, options: Options, tell: Tell
) -> Evaluation:
    """Learn from what was known some time ago, beside the shop; measure on what came since."""
    names = chosen(spec, options)
    with engine.begin() as connection:
        until = read_moment(connection)
        split = until - last
        models = learned_before(connection, course_of(spec), names, split, tell)
        return _measured(connection, spec, models, (split, until), options, None, ())


def course_of(spec: Spec) -> Course:
    """Give what of a spec shapes what is learned."""
    return Course(spec.ranking, spec.catalog, spec.events, spec.timezone)


def chosen(spec: Spec, options: Options) -> tuple[str, ...]:
    """Give the models that are measured; refuse names that the spec does not know."""
    for name in options.models:
        if name not in spec.ranking.models:
            raise NotFound(unknown("model", name, spec.ranking.models))
    if not spec.ranking.models:
        raise NotFound("there is no model to measure: declare one in `ranking.models`")
    return options.models or tuple(spec.ranking.models)


def _measured(
    connection: Connection,
    spec: Spec,
    models: list[Ready],
    moments: tuple[datetime, datetime],
    options: Options,
    release: int | None,
    notes: tuple[str, ...],
) -> Evaluation:
    split, until = moments
    course = course_of(spec)
    later = read_labelled(connection, spec.ranking.samples, spec.events, split, until)
    if not len(later):
        raise NotFound(
            f"nothing was shown between {split:%Y-%m-%d %H:%M} UTC and {until:%Y-%m-%d %H:%M} that "
            "has been joined: import newer events and run `weft apply`, or hold more back with "
            "--holdout 1d"
        )
    exam = examine(connection, course, later, models)
    figures = figures_of(exam, options.seed)
    agreed = agreements(connection, later, models, options.pool, options.seed)
    persons = int(exam.persons.max()) + 1
    whole = (*notes, _note(later, persons))
    measured = (split, until, TOPS, persons, options.seed)
    return Evaluation(WAY, release, *measured, (*figures, *agreed), whole)


def _note(later: Labelled, persons: int) -> str:
    shown = f"{plural(len(later), 'item')} shown in {plural(len(later.traces), 'request')}"
    return f"{shown} to {plural(persons, 'person')}; answers count that came in time"
