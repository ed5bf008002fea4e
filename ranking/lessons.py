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
    learn, check = cut(examples, moment - ranker.check)
    _insist(learn, own.tasks[0])
    return Lesson(
        own.layout,
        learn,
        check if len(check) else None,
        teacher=manner.teacher,
        seed=ranker.seed,
        threads=manner.threads,
        device=manner.device,
        checkpoints=manner.checkpoints,
        progress=manner.progress,
        tell=manner.tell,
    )


def encoding_of(ranking: Ranking, name: str, encoding: Encoding) -> Encoding:
    """Give what of an encoding a model reads: its own features, and those of its teacher."""
    names = _features(ranking, name)
    return encoding if names is None else encoding.only(sorted(names))


def _features(ranking: Ranking, name: str) -> set[str] | None:
    ranker = ranking.models[name]
    teacher = ranker.learns_from()
    theirs = set() if teacher is None else _features(ranking, teacher)
    if ranker.features is None or theirs is None:
        return None
    return {*ranker.features, *theirs}


def cut(examples: Examples, at: datetime) -> tuple[Examples, Examples]:
    """Cut rows in two by time: nothing of a day that is judged is learned."""
    later = examples.times >= at.timestamp()
    return examples.part(np.flatnonzero(~later)), examples.part(np.flatnonzero(later))


def _insist(learn: Examples, task: str) -> None:
    yes = int(learn.labels[:, 0].sum()) if len(learn) else 0
    if min(yes, len(learn) - yes) < LEAST:
        raise NothingToLearn(
            f"{len(learn):,} rows with {yes:,} of '{task}' are too few to learn from: import"
            " exposures and what came of them, or let the model `learn` from further back"
        )
