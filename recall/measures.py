"""How well spaces rank: every item for every person, and pairs of nodes that may be linked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from graph.graph import Edges, Floats, Numbers
from graph.products import Starts, in_blocks
from nlp.compiled import compiled

BATCH = 1024


@dataclass(frozen=True)
class Quality:
    """Means over the persons that had something to find, among the first `top` of the ranking."""

    top: int
    recall: float
    ndcg: float
    hit: float
    precision: float
    coverage: float  # share of all items that anybody was shown

    def figures(self) -> dict[str, float]:
        """Give the measures by the names that papers use."""
        names = ("recall", "ndcg", "hit", "precision", "coverage")
        return {f"{name}@{self.top}": float(getattr(self, name)) for name in names}


def judge(
    score: Callable[[Numbers], Floats],
    seen: Edges,
    wanted: Edges,
    top: int = 20,
    threads: int = 1,
    batch: int = BATCH,
) -> Quality:
    """Rank all items but the seen ones for everybody who wants something."""
    persons = np.flatnonzero(np.diff(wanted.starts)).astype(np.int32)
    found, shown, items = [], set[int](), 1
    for start in range(0, len(persons), batch):
        some = persons[start : start + batch]
        scores = score(some)
        items = scores.shape[1]
        ranking = first_of(scores, seen, some, top, threads)
        shown.update(np.unique(ranking[ranking >= 0]).tolist())
        found.append(hits_of(ranking, wanted, some))
    if not found:
        return Quality(top, 0.0, 0.0, 0.0, 0.0, 0.0)
    return quality(np.concatenate(found), np.diff(wanted.starts)[persons], len(shown) / items)


def quality(hits: Floats, wanted: Starts, coverage: float = 0.0) -> Quality:
    """Sum up where the wanted was found. # hits: (persons, top) of 0 and 1"""
    top = hits.shape[1]
    gains = 1 / np.log2(np.arange(2, top + 2))
    ideal = np.concatenate(([0.0], np.cumsum(gains)))[np.minimum(wanted, top)]
    sums = hits.sum(1)
    return Quality(
        top,
        recall=float(np.mean(sums / wanted)),
        ndcg=float(np.mean(hits @ gains / ideal)),
        hit=float(np.mean(sums > 0)),
        precision=float(np.mean(sums / top)),
        coverage=coverage,
    )


def first_of(scores: Floats, seen: Edges, persons: Numbers, top: int, threads: int = 1) -> Numbers:
    """Give the best unseen items, best first; -1 where there are no more. # (persons, top)"""
    out = np.full((len(persons), top), -1, np.int32)

    def block(first: int, last: int) -> None:
        _first_of(scores, seen.starts, seen.targets, persons, out, first, last)

    in_blocks(block, len(persons), threads)
    return out


def hits_of(ranking: Numbers, wanted: Edges, persons: Numbers) -> Floats:
    """Mark with 1 what a person wanted. # (persons, top)"""
    hits = np.zeros(ranking.shape, np.float32)
    for row, person in enumerate(persons):
        part = wanted.targets[wanted.starts[person] : wanted.starts[person + 1]]
        hits[row] = np.isin(ranking[row], part)
    return hits


def judge_links(scores: Floats, linked: Floats) -> Mapping[str, float]:
    """Judge scores of pairs, of which some are linked: areas under ROC and precision-recall, F1.

    F1 takes as many pairs for linked as there are.
    """
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)  # ties go together
    good = np.cumsum(linked[order])[ends]  # (thresholds,) linked pairs at or above each score
    taken = ends + 1.0
    total, bad = good[-1], taken - good
    rates = (
        np.concatenate(([0.0], good / max(total, 1))),
        np.concatenate(([0.0], bad / max(bad[-1], 1))),
    )
    precision = np.concatenate(([1.0], good / taken))
    at = int(np.searchsorted(taken, total))
    return {
        "roc_auc": float(np.trapezoid(rates[0], rates[1])),
        "pr_auc": float(np.trapezoid(precision, rates[0])),
        "f1": float(2 * good[at] / (taken[at] + total)),
    }


@compiled
def _first_of(
    scores: Floats,
    starts: Starts,
    targets: Numbers,
    persons: Numbers,
    out: Numbers,
    first: int,
    last: int,
) -> None:
    items, top = scores.shape[1], out.shape[1]
    barred = np.zeros(items, np.bool_)
    best = np.empty(top, np.float32)
    for row in range(first, last):
        seen = targets[starts[persons[row]] : starts[persons[row] + 1]]
        for item in seen:
            barred[item] = True
        filled = 0
        for item in range(items):
            value = scores[row, item]
            if barred[item] or (filled == top and not value > best[top - 1]):
                continue
            place = min(filled, top - 1)
            while place > 0 and value > best[place - 1]:
                best[place], out[row, place] = best[place - 1], out[row, place - 1]
                place -= 1
            best[place], out[row, place] = value, item
            filled = min(filled + 1, top)
        for item in seen:
            barred[item] = False
