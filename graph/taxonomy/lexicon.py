"""All that a lexicon is compiled from: every tag in use or merged, and every label."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from graph.taxonomy import queries


class TagRow(NamedTuple):
    """One tag; a merged one redirects to another for ever."""

    id: int
    key: str
    facet: str
    parents: tuple[int, ...] = ()
    redirect: int | None = None


class LabelRow(NamedTuple):
    """One name of a tag in one language."""

    tag: int
    language: str
    kind: str
    text: str


class TagNow(NamedTuple):
    """One tag as it is from now on; `None`: it is retired."""

    id: int
    tag: TagRow | None
    labels: tuple[LabelRow, ...] = ()


@dataclass(frozen=True)
class LexiconRows:
    """The taxonomy as it was right after a change, or a little later."""

    change: int
    tags: tuple[TagRow, ...]
    labels: tuple[LabelRow, ...]


@dataclass(frozen=True)
class LexiconChanges:
    """Every tag that is another since some change, up to `change`."""

    change: int
    tags: tuple[TagNow, ...]


def lexicon_rows(connection: Connection) -> LexiconRows:
    """Read everything."""
    change = _newest(connection)  # first: what comes meanwhile is then read twice and not missed
    return LexiconRows(change, *_rows(connection, None))


def lexicon_changes(connection: Connection, since: int) -> LexiconChanges:
    """Read the tags that changes after `since` may have touched."""
    change = _newest(connection)
    touched = list(connection.execute(queries.TOUCHED_SINCE, {"since": since}).scalars())
    tags, labels = _rows(connection, touched)
    named: dict[int, list[LabelRow]] = defaultdict(list)
    for label in labels:
        named[label.tag].append(label)
    standing = {tag.id: tag for tag in tags}
    return LexiconChanges(
        change, tuple(TagNow(n, standing.get(n), tuple(named[n])) for n in touched)
    )


def _rows(
    connection: Connection, only: list[int] | None
) -> tuple[tuple[TagRow, ...], tuple[LabelRow, ...]]:
    tags = connection.execute(queries.LEXICON_TAGS, {"only": only})
    labels = connection.execute(queries.LEXICON_LABELS, {"only": only})
    return (
        tuple(TagRow(number, key, facet, tuple(up), to) for number, key, facet, up, to in tags),
        tuple(map(LabelRow._make, labels)),
    )


def _newest(connection: Connection) -> int:
    return int(connection.execute(queries.NEWEST_CHANGE).scalar_one())
