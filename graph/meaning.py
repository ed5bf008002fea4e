"""What the tags of a filter mean since some were merged: read once, good until tags are edited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph.catalog import Catalog
from graph.where import Where, tests_in


@dataclass(frozen=True)
class Named:
    """What one key stands for."""

    key: str
    facet: str
    id: int  # of the tag, or of the one that it was merged into
    words: tuple[str, ...]  # keys that mean the same: items keep their own


@dataclass(frozen=True)
class Meaning:
    """What the keys in a filter stand for; those of no tag are missing."""

    tags: tuple[Named, ...] = ()
    version: int | None = field(default=None, compare=False)  # of the tags; none: it always holds

    def words(self, keys: Sequence[str]) -> list[str]:
        """Give keys with all that mean the same."""
        same = (word for tag in self.tags if tag.key in keys for word in tag.words)
        return list(dict.fromkeys([*keys, *same]))

    def ids(self, key: str, facet: str | None) -> list[int]:
        """Give the id of the tag that is meant, if there is one."""
        return [tag.id for tag in self.tags if (tag.key, tag.facet) == (key, facet)]


PLAIN = Meaning()  # of a filter without tags


def tags_in(where: Where, catalog: Catalog) -> tuple[str, ...]:
    """Name the tags that a filter asks for."""
    tests = [one for one in tests_in(where) if catalog.item[one.attribute].type == "tag"]
    values = [one.value for one in tests if one.verb != "exists"]
    return tuple(sorted({key for value in values for key in _keys(value)}))


def _keys(value: str | Iterable[str]) -> Iterable[str]:
    return [value] if isinstance(value, str) else value
