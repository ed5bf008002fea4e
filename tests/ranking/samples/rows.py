"""Labelled rows without a database."""

from collections.abc import Sequence

import numpy as np

from ranking.labelled import Labelled


def labelled_of(rows: Sequence[tuple[int, int, float]]) -> Labelled:
    """Give clicks: person, item, seconds since 1970."""
    size = len(rows)
    return Labelled(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float64),
        np.arange(size, dtype=np.int64),
        (None,) * size,
        np.full(size, -1, np.int32),
        (),
        np.full(size, -1, np.int32),
        np.ones((size, 1), np.float32),
        ("click",),
    )
