"""The taxonomy as text sees it: a frozen, versioned value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from nlp.net import HIDDEN, PREFERRED, SYNONYM, Net
from weft.errors import NotFound

LabelKind = Literal["preferred", "synonym", "hidden"]
KINDS: dict[str, int] = {"preferred": PREFERRED, "synonym": SYNONYM, "hidden": HIDDEN}


class TagEntry(NamedTuple):
    """One tag; a merged one redirects to another for ever."""

    id: int
    key: str
    facet: str
    parents: tuple[int, ...] = ()
    redirect: int | None = None


class Label(NamedTuple):
    """One name of a tag in one language."""

    tag: int
    language: str
    kind: LabelKind
    text: str


class Entry(NamedTuple):
    """A tag with all its names."""

    tag: TagEntry
    labels: tuple[Label, ...]


class Change(NamedTuple):
    """One tag as it is from now on; `None` as tag says that it is gone."""

    id: int
    tag: TagEntry | None
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Labels, facets, hierarchy and redirects, compiled; equal content has an equal version."""

    version: str
    net: Net = field(repr=False)
    facets: tuple[str, ...]
    keys: tuple[str, ...] = field(repr=False)  # by place
    entries: Mapping[int, Entry] = field(repr=False)
    places: Mapping[int, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)


def current(entries: Mapping[int, Entry], tag: int) -> int:
    """The tag itself, or the one it was merged into."""
    seen = {tag}
    while (entry := entries.get(tag)) and entry.tag.redirect is not None:
        tag = entry.tag.redirect
        if tag in seen:
            raise ValueError(f"tag {tag} redirects to itself; a redirect has to end at a tag")
        seen.add(tag)
    return tag


def tag_of(lexicon: Lexicon, tag: int) -> TagEntry:
    """The tag that an id stands for today."""
    entry = lexicon.entries.get(current(lexicon.entries, tag))
    if entry is None:
        raise NotFound(f"no tag has the id {tag} in lexicon {lexicon.version}")
    return entry.tag


def ancestors(lexicon: Lexicon, tag: int) -> Iterator[int]:
    """All tags above, each once, nearer ones first."""
    seen = {current(lexicon.entries, tag)}
    level = list(seen)
    while level:
        level = [above for below in level for above in parents(lexicon, below)]
        level = [above for above in dict.fromkeys(level) if above not in seen]
        seen.update(level)
        yield from level


def parents(lexicon: Lexicon, tag: int) -> Iterable[int]:
    """Tags directly above."""
    entry = lexicon.entries.get(tag)
    return () if entry is None else (current(lexicon.entries, up) for up in entry.tag.parents)


def is_above(lexicon: Lexicon, upper: int, lower: int) -> bool:
    """Whether `upper` is an ancestor of `lower`."""
    return current(lexicon.entries, upper) in ancestors(lexicon, lower)
