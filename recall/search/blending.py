"""What several scorings say of the same items becomes one score, which is the sum of its parts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers

Scores = NDArray[np.float64]
LEXICAL, TAGS, INTENT = "lexical", "tags", "intent"


def blended(said: Mapping[str, Scores], weights: Mapping[str, float]) -> dict[str, Scores]:
    """Give what each part adds: all are 0 to 1 before they are weighed.

    The intent counts for what the words have left open: all where no word of the query is
    written, little where all are.
    """
    parts = {name: weights[name] * np.clip(some, 0, 1) for name, some in said.items()}
    if LEXICAL in said and INTENT in parts:
        parts[INTENT] = parts[INTENT] * (1 - np.clip(said[LEXICAL], 0, 1))
    return parts


def ordered(items: Numbers, scores: Scores, top: int) -> NDArray[np.int64]:
    """Give the places of the best, of equals the older item."""
    return np.lexsort((items, -scores))[:top]


def aligned(items: Numbers, found: Mapping[int, float]) -> Scores:
    """Lay scores beside items; nothing where there is none."""
    return np.array([found.get(item, 0.0) for item in items.tolist()], np.float64)
