"""Lists of a release as a process remembers them: read once, brought up to date by what changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from recall.offers.columns import Flags
from recall.offers.offer import is_among

BLOCK = 4  # times what is wanted is looked at first; then twice as much as before, and so on
Context = tuple[str | None, ...]
Lets = Callable[[Numbers], Flags]  # tells which items may be found


@dataclass(frozen=True)
class Listing:
    """One list, the best first."""

    items: Numbers  # (rows,)
    ranks: Numbers  # (rows,)
    scores: NDArray[np.float64]  # (rows,)
    since: datetime  # what changed from then on may be listed otherwise
    taken: int  # how often lists had taken in items that came before

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        return 200 + self.items.nbytes + self.ranks.nbytes + self.scores.nbytes

    def without(self, ids: Numbers) -> "Listing":
        """Leave some items out."""
        kept = ~is_among(self.items, ids)
        if kept.all():
            return self
        return self.some(np.flatnonzero(kept))

    def joined(self, other: "Listing") -> "Listing":
        """Put in what another has, where it belongs."""
        if not len(other.items):
            return self
        items = np.concatenate([self.items, other.items])
        ranks = np.concatenate([self.ranks, other.ranks])
        scores = np.concatenate([self.scores, other.scores])
        order = np.lexsort((items, -scores, ranks))
        return replace(self, items=items[order], ranks=ranks[order], scores=scores[order])

    def some(self, rows: NDArray[np.intp]) -> "Listing":
        """Keep some rows."""
        return replace(
            self, items=self.items[rows], ranks=self.ranks[rows], scores=self.scores[rows]
        )


def bests(lists: Sequence[Listing], lets: Lets, top: int) -> list[Listing]:
    """Give the first ones of each list that may be found; what is asked of all is asked at once."""
    heads = [one.items[: BLOCK * top] for one in lists]
    marks = lets(np.concatenate(heads)) if heads else np.zeros(0, bool)
    parts = np.split(marks, np.cumsum([len(head) for head in heads])[:-1])
    return [_best(one, part, lets, top) for one, part in zip(lists, parts, strict=True)]


def _best(one: Listing, marks: Flags, lets: Lets, top: int) -> Listing:
    """Go on behind what was asked, for as long as there is not enough."""
    found, held = [np.flatnonzero(marks)], int(marks.sum())
    for first, last in _blocks(len(marks), len(one.items)):
        if held >= top:
            break
        found.append(first + np.flatnonzero(lets(one.items[first:last])))
        held += len(found[-1])
    return one.some(np.concatenate(found)[:top])


def _blocks(first: int, rows: int) -> Iterator[tuple[int, int]]:
    size = 2 * max(first, 1)
    while first < rows:
        yield first, min(rows, first + size)
        first, size = first + size, 2 * size
