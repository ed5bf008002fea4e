"""How well a space finds what came later, beside what is popular and ItemCF."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers, edges_of
from recall.floors import item_cf, popular
from recall.measures import Quality, judge
from recall.spaces.trained import Trained

TOP = 20
DEEP = 200  # what a person has never met is looked for farther down
MOST_PERSONS = 5_000
Score = Callable[[Numbers], Floats]


@dataclass(frozen=True)
class Exam:
    """What was liked before, and what some persons liked later and had not liked before."""

    liked: Edges
    later: Edges
    items: int


def exam_of(liked: Edges, later: Edges, graph: Graph, seed: int) -> Exam:
    """Take what is new to its person, for at most some thousand persons."""
    items = graph.size("item")
    persons, targets = later.sources().astype(np.int64), later.targets
    known = liked.sources().astype(np.int64) * items + liked.targets
    new = ~np.isin(persons * items + targets, known) & np.isin(persons, _some(later, seed))
    sources = persons[new].astype(np.int32)
    ones = np.ones(len(sources), np.float32)
    wanted = edges_of("person", "item", sources, targets[new], ones, graph.size("person"))
    return Exam(liked, wanted, items)


def measure(trained: Trained, exam: Exam, threads: int = 1) -> dict[str, float]:
    """Rank all items for everybody in the exam, three times; and once more for new items only."""
    rankers: Mapping[str, Score] = {
        "": trained.score,
        "popular.": popular(exam.liked, exam.items).score,
        "itemcf.": item_cf(exam.liked, exam.items, threads).score,
    }
    found: dict[str, float] = {}
    for prefix, score in rankers.items():
        quality = judge(score, exam.liked, exam.later, TOP, threads)
        found |= {f"{prefix}{name}": value for name, value in _figures(quality).items()}
    return found | _new_items(trained.score, exam, threads)


def _figures(quality: Quality) -> dict[str, float]:
    wanted = (f"recall@{quality.top}", f"ndcg@{quality.top}")
    return {name: value for name, value in quality.figures().items() if name in wanted}


def _new_items(score: Score, exam: Exam, threads: int) -> dict[str, float]:
    """Compare finding items that nobody had liked yet with picking items blindly."""
    met = np.bincount(exam.liked.targets, minlength=exam.items) > 0
    unmet = _kept(exam.later, ~met[exam.later.targets])
    if not len(unmet):
        return {}
    recall = judge(score, exam.liked, unmet, DEEP, threads).recall
    blind = min(1.0, DEEP / exam.items)
    return {f"new.recall@{DEEP}": recall, "new.lift": recall / blind}


def _kept(edges: Edges, kept: NDArray[np.bool_]) -> Edges:
    """Keep some edges."""
    sources, size = edges.sources()[kept], len(edges.starts) - 1
    return edges_of(
        edges.source, edges.target, sources, edges.targets[kept], edges.weights[kept], size
    )


def _some(later: Edges, seed: int) -> Numbers:
    persons = np.flatnonzero(np.diff(later.starts))
    if len(persons) > MOST_PERSONS:
        persons = np.random.default_rng(seed).choice(persons, MOST_PERSONS, replace=False)
    return persons.astype(np.int32)
