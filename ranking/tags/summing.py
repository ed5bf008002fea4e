"""From items to their tags: what a channel has found speaks for the tags of what it has found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recall.candidates import Candidates

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Owned:
    """Which items have which tags, a row for each pair, in order of items."""

    items: Ids
    tags: Ids

    def of(self, items: Ids) -> tuple[NDArray[np.int64], Ids]:
        """Give the pairs of some items: the place of each among these, and the tag."""
        first = np.searchsorted(self.items, items)
        counts = np.searchsorted(self.items, items, side="right") - first
        places = np.repeat(np.arange(len(items)), counts)
        within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        return places, self.tags[np.repeat(first, counts) + within]


def summed(found: Candidates, owned: Owned, more: float) -> Candidates:
    """Add up what the items of each tag say, the best first.

    An item says the more, the further in front it stands (1 / log2(1 + rank)), shared out among
    its tags. Each further item of a tag counts `more` times as much as the one before, so that no
    tag wins by having many: all of them together say little more than the best ones.
    """
    places, tags = owned.of(found.items)
    shared = np.bincount(places, minlength=len(found.items))[places]
    says = 1 / np.log2(places + 2) / shared
    order = np.lexsort((places, -says, tags))
    kinds, firsts, numbers = np.unique(tags[order], return_index=True, return_inverse=True)
    nth = np.arange(len(order)) - firsts[numbers]
    scores = np.asarray(np.bincount(numbers, says[order] * more**nth, len(kinds)), np.float64)
    best = np.lexsort((kinds, -scores))
    return Candidates(found.channel, kinds[best].astype(np.int32), scores[best], found.told)


def spoken_for(
    found: tuple[Candidates, ...], owned: Owned, tags: list[int], most: int
) -> dict[int, list[int]]:
    """Give the items that speak for each tag, those in front in any channel first."""
    ranks = np.concatenate([np.zeros(0, np.int64), *(np.arange(len(c.items)) for c in found)])
    items = np.concatenate([np.zeros(0, np.int32), *(c.items for c in found)])
    ordered = items[np.argsort(ranks, kind="stable")]
    _, firsts = np.unique(ordered, return_index=True)
    ordered = ordered[np.sort(firsts)]
    places, theirs = owned.of(ordered)
    return {tag: ordered[places[theirs == tag][:most]].tolist() for tag in tags}
