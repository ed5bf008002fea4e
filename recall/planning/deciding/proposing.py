"""What memory proposes: the rows of a filter that score best, measured as the database would."""

from dataclasses import dataclass

import numpy as np

from graph.graph import Floats, Numbers
from graph.where import Where
from recall.planning.asked import Asked, Rows
from recall.planning.choosing import Plan
from recall.planning.codes import Codes
from recall.planning.matching import Matching
from recall.planning.store import Strategy

ENOUGH = 2_000  # matching rows of the nearest cells
NO_ROWS = np.zeros(0, np.int32)


@dataclass(frozen=True)
class Part:
    """One filter, how it is searched, and what memory knows of it."""

    where: Where
    plan: Plan
    matching: Matching | None = None


def propose(asked: Asked, codes: Codes, part: Part, number: int) -> Rows:
    """Give what one search finds in memory."""
    search, left_out = asked.searches[number - 1], NO_ROWS
    if asked.leave_out:
        left_out = codes.rows_of(np.array(asked.leave_out, np.int32))
    rows = _found(codes, search, part, left_out)
    scores = codes.scores(search, rows).astype(np.float64)
    return Rows(np.full(len(rows), number), codes.ids[rows], scores)


def _found(codes: Codes, search: Floats, part: Part, left_out: Numbers) -> Numbers:
    plan, matching = part.plan, part.matching
    some = codes.every if matching is None else matching.some
    if plan.strategy is Strategy.SHORTLIST:
        rows = some.rows
        if len(left_out):
            rows = rows[~np.isin(rows, left_out, assume_unique=True)]
        return codes.among(search, rows, plan.top)
    share = 1.0 if matching is None else plan.share
    skipped, enough = codes.marked(left_out), max(ENOUGH, 40 * plan.top)
    return codes.near(search, some, skipped, enough, share, plan.top)
