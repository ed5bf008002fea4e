"""What every channel stands beside: popular and ItemCF, made of what was known at the moment."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from graph.graph import Edges, Floats, Numbers
from recall.evaluation.exam import FLOOR, NOBODY, Answers, Flags
from recall.floors import item_cf, popular
from recall.measures import first_of

CELLS = 2**24  # scores at a time


class Scored(Protocol):
    """Scores every item for some persons."""

    def score(self, persons: Numbers) -> Floats:
        """Score every item. # (persons, items)"""


def floors(
    liked: Edges,
    persons: Numbers,
    scenes: Sequence[str],
    left_out: Edges,
    offered: Mapping[str, Flags],
    depth: int,
) -> list[Answers]:
    """Answer all questions by popularity and by ItemCF, among what is offered and not left out."""
    ids = len(next(iter(offered.values())))
    models: dict[str, Scored] = {"popular": popular(liked, ids), "itemcf": item_cf(liked, ids)}
    asked = np.ones(len(persons), np.bool_)
    return [
        Answers(FLOOR, name, _answer(model, persons, scenes, left_out, offered, depth), asked)
        for name, model in models.items()
    ]


def _answer(
    model: Scored,
    persons: Numbers,
    scenes: Sequence[str],
    left_out: Edges,
    offered: Mapping[str, Flags],
    depth: int,
) -> Numbers:
    ids = len(next(iter(offered.values())))
    batch = max(1, CELLS // ids)
    found = np.full((len(persons), depth), NOBODY, np.int32)
    for start in range(0, len(persons), batch):
        rows = np.arange(start, min(start + batch, len(persons)), dtype=np.int32)
        scores = model.score(persons[rows])
        scores[~np.stack([offered[scenes[row]] for row in rows.tolist()])] = 0
        best = first_of(scores, left_out, rows, depth)
        good = np.take_along_axis(scores, np.maximum(best, 0), 1) > 0
        found[rows] = np.where(good & (best >= 0), best, NOBODY)
    return found
