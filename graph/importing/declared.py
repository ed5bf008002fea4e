"""What a load is measured against, and what it says afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from graph.catalog import Catalog
from weft.events import Events


@dataclass(frozen=True)
class Declared:
    """The parts of a spec that rows are checked against."""

    catalog: Catalog = Catalog()
    events: Events = Events()
    timezone: ZoneInfo = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reject:
    """A row that was not loaded: where it stood and what is wrong with it."""

    line: int
    column: str | None
    reason: str
    row: Any = None
    rows: int = 1


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of a load; `line` of a reject is a row's index from 0 in `load_rows`."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejects: tuple[Reject, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    new_tags: int = 0
    new_persons: int = 0
