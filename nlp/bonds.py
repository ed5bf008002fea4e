"""Attractions between the tags of one lexicon, hashed for quick look-up.

Two tags attract as the log of (times together + K) / (times expected + K); K keeps rare tags calm.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nlp.compiled import Doubles, Ints, Longs, compiled
from nlp.cooccurrence import SHIFT, Cooccurrence
from nlp.lexicon import Lexicon
from nlp.tries import EMPTY, MIX

CALM = 0.3
NARROW, WIDE = -3.0, 5.0


class Bonds(NamedTuple):
    """Counts by place; pairs as `smaller << 32 | larger` of places in an open-addressed table."""

    often: Doubles  # empty where nothing was learned
    common: Doubles  # log of one more than the count
    titles: float
    key: Longs
    together: Doubles


@lru_cache(maxsize=8)
def bonds(lexicon: Lexicon, company: Cooccurrence) -> Bonds:
    """What was learned, for the tags of this lexicon; kept for the versions in use."""
    if not company.titles:
        return Bonds(np.zeros(0), np.zeros(0), 0.0, np.full(2, EMPTY), np.zeros(2))
    place = np.array([lexicon.places.get(tag, -1) for tag in company.tag.tolist()], np.int64)
    count = np.zeros(len(lexicon.places))
    count[place[place >= 0]] = company.often[place >= 0]
    one, other = (places_of(half, company.tag, place) for half in halves(company.pair))
    both = (one >= 0) & (other >= 0)
    low, high = np.minimum(one, other)[both], np.maximum(one, other)[both]
    key, together = hashed(low << SHIFT | high, company.together[both])
    return Bonds(count, np.log1p(count), company.titles, key, together)


def halves(pair: Longs) -> tuple[Longs, Longs]:
    """The two ids of each pair."""
    return pair >> SHIFT, pair & ((1 << SHIFT) - 1)


def places_of(ids: Longs, known: Longs, place: Longs) -> Longs:
    """Places of ids that all stand among the known ones."""
    return place[np.searchsorted(known, ids)] if len(known) else ids


@compiled
def hashed(keys: Longs, values: Doubles) -> tuple[Longs, Doubles]:
    """Keys and values in a table of twice the size."""
    size = 4
    while size < 2 * len(keys):
        size *= 2
    table, held = np.full(size, EMPTY, np.int64), np.zeros(size)
    for at in range(len(keys)):
        slot = slot_of(table, keys[at])
        table[slot], held[slot] = keys[at], values[at]
    return table, held


@compiled
def slot_of(table: Longs, key: int) -> int:
    """Where the key is, or belongs."""
    mask = np.uint64(len(table) - 1)
    slot = ((np.uint64(key) * MIX) >> np.uint64(32)) & mask
    while table[slot] != key and table[slot] != EMPTY:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


def attractions(known: Bonds, one: Ints, other: Ints) -> Doubles:
    """The attraction of each pair, within bounds; none of a tag to itself."""
    together = met(known.key, known.together, one, other)
    expected = known.often[one] * known.often[other] / known.titles
    value = np.log((together + CALM) / (expected + CALM))
    return np.where(one == other, 0.0, np.clip(value, NARROW, WIDE))


@compiled
def met(key: Longs, together: Doubles, one: Ints, other: Ints) -> Doubles:
    """How often each pair was seen together."""
    found = np.zeros(len(one))
    for at in range(len(one)):
        low, high = int(min(one[at], other[at])), int(max(one[at], other[at]))
        slot = slot_of(key, low << SHIFT | high)
        found[at] = together[slot] if key[slot] != EMPTY else 0.0
    return found
