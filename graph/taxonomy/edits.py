"""What can be done to the taxonomy. Each edit says which revision of the tag it was based on."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class NewLabel:
    """A label in one language: preferred, a synonym, or a hidden misspelling."""

    language: str
    text: str
    kind: str = "preferred"


@dataclass(frozen=True)
class Create:
    """Make a tag."""

    verb: ClassVar[str] = "create"
    key: str
    facet: str
    labels: tuple[NewLabel, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rename:
    """Give a tag another preferred label in one language."""

    verb: ClassVar[str] = "rename"
    key: str
    based_on: int
    language: str
    text: str


@dataclass(frozen=True)
class AddLabel:
    """Add a label; a preferred one where the language has none yet."""

    verb: ClassVar[str] = "label"
    key: str
    based_on: int
    label: NewLabel


@dataclass(frozen=True)
class DropLabel:
    """Take a label away."""

    verb: ClassVar[str] = "unlabel"
    key: str
    based_on: int
    label: NewLabel


@dataclass(frozen=True)
class Move:
    """Put a tag under other parents."""

    verb: ClassVar[str] = "move"
    key: str
    based_on: int
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Merge:
    """Let a tag become part of another; it redirects there for ever."""

    verb: ClassVar[str] = "merge"
    key: str
    based_on: int
    into: str


@dataclass(frozen=True)
class Retire:
    """Take a tag out of use."""

    verb: ClassVar[str] = "retire"
    key: str
    based_on: int


@dataclass(frozen=True)
class Relate:
    """Say that two tags have to do with each other; each is related to the other then."""

    verb: ClassVar[str] = "relate"
    key: str
    based_on: int
    other: str


@dataclass(frozen=True)
class Unrelate:
    """Say that two tags have nothing to do with each other any more."""

    verb: ClassVar[str] = "unrelate"
    key: str
    based_on: int
    other: str


Based = Rename | AddLabel | DropLabel | Move | Merge | Retire | Relate | Unrelate
Edit = Create | Based


@dataclass(frozen=True)
class Author:
    """Who edits, and why."""

    name: str
    reason: str
