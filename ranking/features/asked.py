"""What is asked of features: who asks, where and when, and which items are to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ranking.examples import Codes, Longs
from ranking.features.moments import micros
from ranking.labelled import Labelled
from recall.candidates import SILENT, Said

NOBODY = -1


@dataclass(frozen=True)
class Asked:
    """Requests, and pairs of a request and an item."""

    persons: Longs  # (asks,) ids, or -1
    moments: Longs  # (asks,) microseconds since 1970: what came later, or just then, is unknown
    scenes: Codes  # (asks,) number in `scene_names`, or -1
    scene_names: tuple[str, ...]
    ask: Longs  # (rows,) which of the asks
    items: NDArray[np.integer]  # (rows,) ids
    positions: Codes | None = None  # (rows,) from 0 on, or -1; None where nothing is shown yet
    said: Said = SILENT  # of the one that asks, where there is one

    def __len__(self) -> int:
        return len(self.ask)


def asked_of(labelled: Labelled) -> Asked:
    """Ask what was asked for samples; a request is of the moment that its first row was shown."""
    groups, firsts, ask = np.unique(labelled.groups, return_index=True, return_inverse=True)
    moments = np.full(len(groups), np.iinfo(np.int64).max)
    np.minimum.at(moments, ask, micros(labelled.times))
    return Asked(
        labelled.persons[firsts],
        moments,
        labelled.scenes[firsts],
        labelled.scene_names,
        ask.astype(np.int64),
        labelled.items,
        labelled.positions,
    )


def asked(
    person: int | None,
    scene: str,
    moment: datetime,
    items: Sequence[int] | NDArray[np.integer],
    said: Said = SILENT,
) -> Asked:
    """Ask for one request, before anything is shown."""
    return Asked(
        np.array([NOBODY if person is None else person], np.int64),
        micros(np.array([moment.timestamp()])),
        np.zeros(1, np.int32),
        (scene,),
        np.zeros(len(items), np.int64),
        np.asarray(items, np.int64),
        said=said,
    )


def without_items(wanted: Asked) -> Asked:
    """Ask the same requests for no items: what is known of who asks."""
    none = np.zeros(0, np.int64)
    return replace(wanted, ask=none, items=none, positions=None)
