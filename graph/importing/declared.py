"""What a load is measured against, and what it says afterwards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from graph.catalog import Catalog
from graph.formats.chunks import Reject
from graph.taxonomy.beliefs import USUAL, Precedence
from weft.events import Events

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Declared:
    """The parts of a spec that rows are checked against."""

    catalog: Catalog = field(default_factory=Catalog)
    events: Events = field(default_factory=Events)
    timezone: ZoneInfo = UTC
    precedence: Precedence = USUAL


@dataclass(frozen=True)
class Outcome:
    """What became of rows; after `load_rows`, a reject's `line` is the row's index from 0."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejects: tuple[Reject, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    new_tags: int = 0
    new_persons: int = 0
    fresh: frozenset[int] | None = None  # rows of events that were added, where that is known

    @property
    def rejected(self) -> int:
        """Count the rows that were not loaded."""
        return sum(reject.rows for reject in self.rejects)


def total(*parts: Outcome) -> Outcome:
    """Add outcomes up."""
    unknown: Counter[str] = Counter()
    for part in parts:
        unknown.update(part.unknown)
    return Outcome(
        read=sum(part.read for part in parts),
        added=sum(part.added for part in parts),
        changed=sum(part.changed for part in parts),
        unchanged=sum(part.unchanged for part in parts),
        rejects=tuple(reject for part in parts for reject in part.rejects),
        unknown=unknown,
        new_tags=sum(part.new_tags for part in parts),
        new_persons=sum(part.new_persons for part in parts),
    )
