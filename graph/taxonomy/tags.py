"""A tag as it stands, as a value."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from graph.taxonomy import queries
from graph.taxonomy.edits import NewLabel
from weft.errors import NotFound


@dataclass(frozen=True)
class Tag:
    """A tag with its labels, parents and related tags, at one revision."""

    id: int
    key: str
    facet: str
    revision: int
    labels: tuple[NewLabel, ...]
    parents: tuple[str, ...]
    related: tuple[str, ...]
    redirect: str | None
    retired: bool

    def plain(self) -> dict[str, Any]:
        """Give it as JSON, for the history."""
        whole = asdict(self)
        del whole["id"]
        labels = [asdict(label) for label in self.labels]
        ties = {"parents": list(self.parents), "related": list(self.related)}
        return {**whole, "labels": labels, **ties}


def read_tag(connection: Connection, key: str) -> Tag:
    """Read a tag, also one that was merged or retired."""
    tag = find_tag(connection, key)
    if tag is None:
        raise NotFound(f"no tag '{key}'")
    return tag


def find_tag(connection: Connection, key: str) -> Tag | None:
    """Read a tag, if there is one."""
    row = connection.execute(queries.TAG, {"key": key}).one_or_none()
    if row is None:
        return None
    return Tag(
        row.id,
        row.key,
        row.facet,
        row.revision,
        tuple(NewLabel(*label) for label in row.labels),
        tuple(row.parents),
        tuple(row.related),
        row.redirect,
        row.retired_at is not None,
    )


def follow(connection: Connection, key: str) -> Tag:
    """Read a tag, or the one that it was merged into."""
    tag = read_tag(connection, key)
    return read_tag(connection, tag.redirect) if tag.redirect else tag
