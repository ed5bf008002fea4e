"""Rows of samples before they have features: who was shown what, and what came of it."""

from dataclasses import dataclass

from graph.graph import Floats
from ranking.examples import Codes, Longs, Moments


@dataclass(frozen=True)
class Labelled:
    """What was shown to whom, when and where, and what came of it: rows in order of time."""

    persons: Longs  # (rows,) ids
    items: Longs  # (rows,) ids
    times: Moments  # (rows,) when it was shown
    groups: Longs  # (rows,) number of the request, from 0 on
    traces: tuple[str | None, ...]  # (requests,) name of each request
    scenes: Codes  # (rows,) number in `scene_names`, or -1
    scene_names: tuple[str, ...]
    positions: Codes  # (rows,) place on the page from 0 on, or -1
    labels: Floats  # (rows, tasks)
    tasks: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.persons)
