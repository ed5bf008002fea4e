"""Evaluations in the database, to be read in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from recall.evaluation import queries
from recall.evaluation.figures import Figure


@dataclass(frozen=True)
class Evaluation:
    """One run: what was measured, how, and what came out."""

    way: str
    release: int | None
    split: datetime
    until: datetime
    tops: tuple[int, ...]
    persons: int
    seed: int
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


def save_evaluation(connection: Connection, made: Evaluation, author: str) -> int:
    """Keep a run and its figures; the caller commits."""
    connection.execute(queries.LOCK_EVALUATIONS)
    values = {name: value for name, value in vars(made).items() if name not in ("figures", "notes")}
    values = {**values, "tops": list(made.tops), "author": author}
    number = int(connection.execute(queries.ADD_EVALUATION, values).scalar_one())
    rows = [{"evaluation": number, **_row(figure)} for figure in made.figures]
    connection.execute(queries.ADD_FIGURES, rows)
    return number


def read_figures(connection: Connection, number: int) -> Sequence[Figure]:
    """Read the figures of a run."""
    return [Figure(*row) for row in connection.execute(queries.FIGURES, {"evaluation": number})]


def _row(figure: Figure) -> dict[str, object]:
    return asdict(figure)
