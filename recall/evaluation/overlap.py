"""What channels have in common: how much each finds of another's, and what only it finds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from recall.evaluation.exam import NOBODY, Answers, Exam
from recall.evaluation.shares import Share, each

Cells = NDArray[np.int64]


def overlap(answers: Sequence[Answers], top: int) -> NDArray[np.float64]:
    """Give the share of a row's items that the column finds for the same question, too."""
    cells = [cells_of(a.cut(top)) for a in answers]
    found = np.full((len(cells), len(cells)), np.nan)
    for row, own in enumerate(cells):
        for column, other in enumerate(cells):
            if len(own):
                found[row, column] = np.isin(own, other, assume_unique=True).mean()
    return found


def alone(exam: Exam, channels: Sequence[Answers], top: int) -> dict[str, Share]:
    """Give each channel's share of what was wanted that no other channel finds."""
    cells = {
        a.name: cells_of(np.where(exam.hits(a, top) > 0, a.cut(top), NOBODY)) for a in channels
    }
    everything = np.concatenate([np.zeros(0, np.int64), *cells.values()])
    different, counts = np.unique(everything, return_counts=True)
    once = different[counts == 1]
    return {name: _share(exam, np.intersect1d(own, once, True)) for name, own in cells.items()}


def cells_of(items: Numbers) -> Cells:
    """Give one number for each question and item found."""
    rows, columns = np.nonzero(items != NOBODY)
    return rows * np.int64(2**32) + items[rows, columns]


def _share(exam: Exam, cells: Cells) -> Share:
    sizes = exam.sizes()
    return each(np.bincount(cells >> 32, minlength=len(sizes)) / sizes)
