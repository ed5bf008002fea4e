"""The figure that decides when training ends: AUC, by Mann and Whitney's ranks."""

import numpy as np

from graph.graph import Floats


def auc(scores: Floats, labels: Floats) -> float:
    """Give the chance that a yes is scored above a no; half where there is only one of both."""
    yes = int((labels > 0).sum())
    no = len(labels) - yes
    if not yes or not no:
        return 0.5
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[places]  # equal scores share the mean of their ranks
    return float((ranks[labels > 0].sum() - yes * (yes + 1) / 2) / (yes * no))


def mean_auc(scores: Floats, labels: Floats) -> float:
    """Give the mean AUC of all tasks."""
    return float(np.mean([auc(scores[:, n], labels[:, n]) for n in range(labels.shape[1])]))
