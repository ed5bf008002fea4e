"""The ground of a page: what it was made of, cut down to the items that are shown."""

import numpy as np

from ranking.page import Asked, Did, Ground
from ranking.stages import Placed, Ranked
from recall.candidates import History, Question
from recall.gathering import Gathered

NEWEST = 20  # deeds that a way may begin at


def ground_of(
    question: Question, gathered: Gathered, ranked: Ranked, shown: tuple[Placed, ...]
) -> Ground:
    """Keep what has to do with the items of a page, and let go of all others."""
    items = [placed.item for placed in shown]
    return Ground(
        question.where,
        len(question.leave_out),
        tuple(Asked(one.channel, len(one.items), one.told) for one in gathered.candidates),
        _deeds(question.history),
        tuple(thought.seen(items) for thought in ranked.thoughts),
        {placed.item: placed.moved for placed in shown if placed.moved is not None},
    )


def _deeds(history: History) -> tuple[Did, ...]:
    """Give the newest deeds, one for each item."""
    _, firsts = np.unique(history.items, return_index=True)
    rows = np.sort(firsts)[:NEWEST].tolist()
    kinds = history.kinds or ("",) * len(history.items)
    return tuple(
        Did(int(history.items[row]), kinds[row], float(history.weights[row])) for row in rows
    )
