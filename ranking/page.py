"""The currency of ranking: a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.where import EVERYTHING, Where
from ranking.rerank.moved import Moved
from ranking.seen import Seen
from ranking.stages import Placed
from recall.gathering import Dropped


@dataclass(frozen=True)
class Asked:
    """A channel that was asked: how much it found, and what it told of its way."""

    channel: str
    found: int
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Did:
    """Something that who asks did of late, and how much it counts."""

    item: int
    kind: str
    weight: float


@dataclass(frozen=True)
class Ground:
    """What a page was made of, for whoever asks why."""

    where: Where = EVERYTHING  # of the scene, of the request and of who asks
    left_out: int = 0  # items that were not to be found
    channels: tuple[Asked, ...] = ()
    did: tuple[Did, ...] = ()  # the newest first
    seen: tuple[Seen, ...] = ()  # what each stage read of the items of the page
    moved: Mapping[int, Moved] = field(default_factory=dict)  # by item


@dataclass(frozen=True)
class Page:
    """Items in order, whether there are more, and which channels and stages gave nothing."""

    items: tuple[Placed, ...]
    more: bool
    dropped: tuple[Dropped, ...] = ()
    ground: Ground = field(default_factory=Ground)
