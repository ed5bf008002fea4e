"""Data watermarks: how much of each subject there is, so that a step knows whether it is stale."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from weft import queries
from weft.words import plural

NOUNS = {
    "event": "new event",
    "item": "changed item",
    "person": "changed person",
    "tag": "changed tag",
    "item_tag": "item with other tags",
    "judgement": "new judgement",
}
SUBJECTS = tuple(NOUNS)


def read_marks(connection: Connection) -> dict[str, int]:
    """Read the watermark of every subject."""
    found = {row.subject: int(row.changes) for row in connection.execute(queries.MARKS)}
    newest: datetime | None = connection.execute(queries.NEWEST_EVENT).scalar()
    moment = int(newest.timestamp()) if newest else 0
    return {**{subject: found.get(subject, 0) for subject in SUBJECTS}, "moment": moment}


def read_moment(connection: Connection) -> datetime:
    """Give the time of the newest event: what counts as now for everything built from the data."""
    found: datetime | None = connection.execute(queries.NEWEST_EVENT).scalar()
    return found or datetime.now(UTC)


def add_mark(connection: Connection, subject: str, changes: int) -> None:
    """Count rows that were added or changed, in the transaction that did it."""
    if changes:
        connection.execute(queries.ADD_MARK, {"subject": subject, "changes": changes})


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Say what has come since, such as `12,304 new events`."""
    return [
        plural(after[subject] - before.get(subject, 0), NOUNS.get(subject, f"new {subject}"))
        for subject in after
        if after[subject] != before.get(subject, 0)
    ]
