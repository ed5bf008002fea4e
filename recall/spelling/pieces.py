"""The pieces of a text as hashed ids: its terms, and runs of letters within them (fastText's)."""

from zlib import crc32

import numpy as np

from graph.graph import Floats, Numbers
from nlp.terms import terms, unspaced

LENGTHS = (3, 4)
SHORTEST = 4  # letters of a word that has runs of letters


def pieces(text: str, buckets: int) -> tuple[Numbers, Floats]:
    """Give ids below `buckets`, and weights that sum to 1: a term counts as much as its runs."""
    ids: list[int] = []
    weights: list[float] = []
    for term in terms(text):
        runs = runs_of(term)
        ids += [crc32(piece.encode()) % buckets for piece in (term, *runs)]
        weights += [1.0, *(1 / len(runs) for _ in runs)]
    shares = np.array(weights, np.float32)
    return np.array(ids, np.int32), shares / max(shares.sum(), 1e-9)


def runs_of(term: str) -> list[str]:
    """Give the runs of letters of a word, its ends marked.

    >>> runs_of("mouse")
    ['<mo', 'mou', 'ous', 'use', 'se>', '<mou', 'mous', 'ouse', 'use>']
    """
    if len(term) < SHORTEST or unspaced(term):
        return []
    marked = f"<{term}>"
    return [marked[at : at + n] for n in LENGTHS for at in range(len(marked) - n + 1)]
