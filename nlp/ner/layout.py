"""Texts one after another, with rows of nothing before, between and after them."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def lay_out(bounds: Numbers, chosen: Numbers, gap: int) -> tuple[Numbers, Numbers, Numbers]:
    """Say which characters the chosen texts have, in which rows they stand, and of which text."""
    lengths = np.diff(bounds)[chosen]
    texts = np.repeat(np.arange(len(chosen)), lengths)
    begins = np.cumsum(lengths) - lengths  # (chosen,)
    inside = np.arange(lengths.sum()) - begins[texts]
    characters = bounds[chosen][texts] + inside
    rows = begins[texts] + inside + gap * (texts + 1)
    return characters, rows, texts


def bounds_of(bounds: Numbers, chosen: Numbers) -> Numbers:
    """Where each chosen text begins and the last ends, without gaps."""
    return np.concatenate([[0], np.cumsum(np.diff(bounds)[chosen])])
