"""What a model of the spec learns from, read from the database as of a moment."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from graph.catalog import Catalog
from ranking.examples import Examples
from ranking.features.encoding import Encoding
from ranking.features.fitting import fit_encoding
from ranking.features.rows import examples_of
from ranking.rankers.lesson import Checkpoints, Lesson, NoCheckpoints, Progress, Scorer
from ranking.samples.reading import read_labelled
from ranking.spec import Ranking
from weft.errors import NothingToLearn
from weft.events import Events

LEAST = 20  # rows of either answer, below which nothing is learned


@dataclass(frozen=True)
class Course:
    """All of the spec that shapes what is learned."""

    ranking: Ranking
    catalog: Catalog
    events: Events
    zone: str


@dataclass(frozen=True)
class Manner:
    """Under which conditions something is learned."""

    teacher: Scorer | None = None
    device: str = "cpu"
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    checkpoints: Checkpoints = field(default_factory=NoCheckpoints)
    progress: Callable[[float], None] = lambda share: None
    tell: Callable[[Progress], None] = lambda progress: None


def fit_before(connection: Connection, course: Course, moment: datetime) -> Encoding:
    """Learn from all rows that are kept how features are encoded, as known at a moment."""
    ranking, events = course.ranking, course.events
    since = moment - ranking.samples.history
    labelled = read_labelled(connection, ranking.samples, events, since, moment)
    shop = (course.catalog, events)
    return fit_encoding(connection, ranking.features, *shop, labelled, course.zone)


def read_lesson(
    connection: Connection,
    course: Course,
    name: str,
    encoding: Encoding,
    moment: datetime,
    manner: Manner,
) -> Lesson:
    """Read the rows of one model, the last of them apart."""
    own = encoding_of(course.ranking, name, encoding)
    examples = read_examples(
        connection, course, own, moment - course.ranking.models[name].learn, moment
    )
    return lesson_of(course, name, own, examples, moment, manner)


def read_examples(
    connection: Connection, course: Course, own: Encoding, since: datetime, until: datetime
) -> Examples:
    """Read rows with their features, as they were known at the end."""
    samples, events = course.ranking.samples, course.events
    return examples_of(connection, own, read_labelled(connection, samples, events, since, until))


def lesson_of(
    course: Course,
    name: str,
    own: Encoding,
    examples: Examples,
    moment: datetime,
    manner: Manner,
) -> Lesson:
    """Make a lesson of rows: the last of them decide the end."""
    ranker = course.ranking.models[name]
    teacher = ranker.learns_from()
    learn, check = cut(examples, moment - ranker.check)
    _insist(learn, own.tasks[0])
    return Lesson(
        own.layout,
        learn,
        check if len(check) else None,
        teacher=manner.teacher,
        tutor=None if teacher is None else course.ranking.models[teacher],
        seed=ranker.seed,
        threads=manner.threads,
        device=manner.device,
        checkpoints=manner.checkpoints,
        progress=manner.progress,
        tell=manner.tell,
    )


def encoding_of(ranking: Ranking, name: str, encoding: Encoding) -> Encoding:
    """Give what of an encoding a model reads; a student reads what its teacher reads."""
    names = ranking.models[ranking.first_teacher(name)].features
    return encoding if names is None else encoding.only(names)


def cut(examples: Examples, at: datetime) -> tuple[Examples, Examples]:
    """Cut requests in two: those that ended before, and those that began then or later.

    A request on both sides is in neither part: nothing of what is judged is learned.
    """
    moment, (_, request) = at.timestamp(), np.unique(examples.groups, return_inverse=True)
    begun = np.full(int(request.max(initial=-1)) + 1, np.inf)
    ended = -begun
    np.minimum.at(begun, request, examples.times)
    np.maximum.at(ended, request, examples.times)
    parts = (ended < moment)[request], (begun >= moment)[request]
    return examples.part(np.flatnonzero(parts[0])), examples.part(np.flatnonzero(parts[1]))


def _insist(learn: Examples, task: str) -> None:
    yes = int(learn.labels[:, 0].sum()) if len(learn) else 0
    if min(yes, len(learn) - yes) < LEAST:
        raise NothingToLearn(
            f"{len(learn):,} rows with {yes:,} of '{task}' are too few to learn from: import"
            " exposures and what came of them, or let the model `learn` from further back"
        )
