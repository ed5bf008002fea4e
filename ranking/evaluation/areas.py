"""AUC over everything, and over the rows of each person (GAUC, Zhu et al. 2017)."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.evaluation.sums import Sums
from ranking.examples import Longs

Doubles = NDArray[np.float64]


def areas_by_person(chances: Floats, labels: Floats, persons: Longs) -> Sums:
    """Give each person's AUC, times their rows; who took everything or nothing does not count."""
    size = int(persons.max(initial=-1)) + 1
    yes = np.bincount(persons, labels, size)
    rows = np.bincount(persons, minlength=size).astype(np.float64)
    no = rows - yes
    ranks = ranks_within(chances, persons)
    won = np.bincount(persons, ranks * labels, size) - yes * (yes + 1) / 2
    pairs = yes * no
    area = np.divide(won, pairs, out=np.zeros(size), where=pairs > 0)
    counted = np.where(pairs > 0, rows, 0.0)
    return Sums(area * counted, counted)


def ranks_within(chances: Floats, groups: Longs) -> Doubles:
    """Give the rank of each row among its group's, from 1 on; equals share the mean of theirs."""
    order = np.lexsort((chances, groups))
    values, places = chances[order], groups[order]
    new_group = np.r_[True, places[1:] != places[:-1]]
    new_value = new_group | np.r_[True, values[1:] != values[:-1]]
    starts = np.flatnonzero(new_value)
    counts = np.diff(np.r_[starts, len(values)])
    firsts = np.flatnonzero(new_group)
    first_of = firsts[np.cumsum(new_group) - 1]  # where the row's group begins
    middle = starts + (counts - 1) / 2
    ranks = np.repeat(middle, counts) - first_of + 1
    found = np.empty(len(chances))
    found[order] = ranks
    return found


def weighted_areas(chances: Floats, labels: Floats, persons: Longs, times: Doubles) -> Doubles:
    """Give the AUC of each round, in which persons were drawn some times each.

    times: (rounds, persons)
    """
    order = np.argsort(chances, kind="stable")
    values, taken, whose = chances[order], labels[order] > 0, persons[order]
    ends = np.flatnonzero(np.r_[values[1:] != values[:-1], True])
    areas = np.empty(len(times))
    for number, drawn in enumerate(times):
        weights = drawn[whose]
        yes, no = (np.cumsum(np.where(side, weights, 0.0))[ends] for side in (taken, ~taken))
        won = np.diff(yes, prepend=0.0) * (np.r_[0.0, no[:-1]] + np.diff(no, prepend=0.0) / 2)
        pairs = yes[-1] * no[-1]
        areas[number] = won.sum() / pairs if pairs > 0 else np.nan
    return areas
