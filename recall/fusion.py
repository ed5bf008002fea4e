"""Fusion: the candidates of several channels become one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from recall.candidates import Candidates


@dataclass(frozen=True)
class Found:
    """An item, the channel that found it first, and what that channel thought of it."""

    item: int
    score: float
    channel: str


def snake(candidates: Sequence[Candidates], top: int) -> tuple[Found, ...]:
    """Take from each channel in turn; an item keeps the first place that it got."""
    columns = [
        [Found(int(i), float(s), c.channel) for i, s in zip(c.items, c.scores, strict=True)]
        for c in candidates
    ]
    turns = chain.from_iterable(zip_longest(*columns))
    first: dict[int, Found] = {}
    for found in turns:
        if found is not None:
            first.setdefault(found.item, found)
    return tuple(first.values())[:top]
