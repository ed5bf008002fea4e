"""Events as columns, before they are written."""

from dataclasses import dataclass, fields

import numpy as np

from world.draws import Flags, Ints
from world.funnel import EXPOSED, SEARCHED, Deeds
from world.slate import Slate
from world.visits import SEARCH, Visits

LATE = 1 << 40


@dataclass(frozen=True)
class Events:
    """One row for each event; -1 stands for none."""

    time: Ints
    trace: Ints
    kind: Ints
    person: Ints
    item: Ints
    scene: Ints
    position: Ints

    def __len__(self) -> int:
        return len(self.time)

    def part(self, which: Ints | Flags) -> "Events":
        """Some of the events."""
        return Events(*(getattr(self, field.name)[which] for field in fields(self)))


def no_events() -> Events:
    """Nothing happened."""
    return Events(*(np.empty(0, np.int64) for _ in fields(Events)))


def together(parts: list[Events]) -> Events:
    """All of them, unsorted."""
    names = [field.name for field in fields(Events)]
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def in_order(events: Events) -> Events:
    """By time; within a second by trace, then as the funnel goes."""
    first_time, first_trace = events.time.min(initial=LATE), events.trace.min(initial=LATE)
    code = ((events.time - first_time) << 40) | ((events.trace - first_trace) << 9)
    return events.part(np.argsort(code | (events.kind << 6) | (events.position + 1)))


def searched(visits: Visits, first_trace: int) -> Events:
    """The search events of the requests."""
    which = np.flatnonzero(visits.scene == SEARCH)
    none, kind = np.full(len(which), -1), np.full(len(which), SEARCHED)
    return Events(
        visits.time[which],
        first_trace + which,
        kind,
        visits.user[which],
        none,
        visits.scene[which],
        none,
    )


def exposed(visits: Visits, slate: Slate, first_trace: int) -> Events:
    """The exposures of the requests."""
    rows = np.arange(len(slate.item))
    deeds = Deeds(rows, np.full(len(rows), EXPOSED), visits.time[slate.request])
    return told(visits, slate, deeds, first_trace)


def told(visits: Visits, slate: Slate, deeds: Deeds, first_trace: int) -> Events:
    """Deeds with everything the log says about them."""
    request = slate.request[deeds.row]
    return Events(
        deeds.time,
        first_trace + request,
        deeds.kind,
        visits.user[request],
        slate.item[deeds.row],
        visits.scene[request],
        slate.position[deeds.row],
    )
