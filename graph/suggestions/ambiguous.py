"""Ambiguous labels: one form, several tags, and how often each of them was meant."""

from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.suggestion import Suggestion, evidence

MOST = 5_000


def ambiguous(connection: Connection) -> list[Suggestion]:
    """Give every label that several tags share; the more even the choice, the higher."""
    rows = connection.execute(queries.AMBIGUOUS, {"most": MOST}).all()
    return [_suggestion(form, list(owners)) for form, owners in groupby(rows, lambda r: r.normal)]


def _suggestion(form: str, owners: list[Any]) -> Suggestion:
    chosen = [owner.chosen for owner in owners]
    rest = sum(chosen) - max(chosen)
    meanings = [
        {
            "tag": owner.key,
            "facet": owner.facet,
            "chosen": owner.chosen,
            "confidence": None if owner.confidence is None else round(owner.confidence, 4),
        }
        for owner in owners
    ]
    items = [item for owner in owners for item in (owner.items or ())[:2]]
    numbers = {"meanings": len(owners), "chosen": sum(chosen), "chosen_rest": rest}
    score = rest / sum(chosen) if rest else 0.0
    return Suggestion("ambiguous", form, score, evidence(numbers, items, meanings=meanings))
