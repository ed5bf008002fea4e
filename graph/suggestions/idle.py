"""Idle tags: in use, and neither they nor what stands below them matches an item."""

from datetime import datetime

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.suggestion import Suggestion, evidence


def idle(connection: Connection, moment: datetime) -> list[Suggestion]:
    """Give the tags that nothing matches."""
    found = []
    for row in connection.execute(queries.IDLE, {"moment": moment}):
        days = max(0.0, float(row.days))
        numbers = {"items": 0, "labels": row.labels, "below": row.below, "days": round(days, 1)}
        why = evidence(numbers, key=row.key, facet=row.facet)
        found.append(Suggestion("idle", row.text, 1.0, why, row.id))
    return found
