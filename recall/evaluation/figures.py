"""All figures of an exam: every measure of every source, by scene and by group."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recall.evaluation.areas import area
from recall.evaluation.exam import CHANNEL, FLOOR, Answers, Exam, Flags, Hits
from recall.evaluation.novelty import novelty
from recall.evaluation.overlap import alone, overlap
from recall.evaluation.places import found_of, hit_rate, ndcg, position, recall
from recall.evaluation.shares import Draws, Share
from recall.evaluation.spread import coverage, gini, times_shown

ALL = "all"
BASE = "itemcf"  # the floor that others are compared with


@dataclass(frozen=True)
class Figure:
    """One number: a measure of a source over the questions of a scene and a group."""

    kind: str
    source: str
    scene: str
    who: str
    measure: str
    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True)
class Part:
    """Some of the questions, and what is offered to them."""

    scene: str
    group: str
    flags: Flags
    offered: Flags


def figures_of(
    exam: Exam, answers: Sequence[Answers], tops: Sequence[int], draws: Draws
) -> list[Figure]:
    """Measure every source on every part."""
    shares: dict[tuple[str, str], dict[str, Share]] = {}
    for one in answers:
        shares[one.kind, one.name] = _shares(exam, one, tops)
    for top in tops:
        for name, share in alone(exam, [a for a in answers if a.kind == CHANNEL], top).items():
            shares[CHANNEL, name][f"alone@{top}"] = share
    base = shares.get((FLOOR, BASE), {})
    found: list[Figure] = []
    for part in parts_of(exam):
        for one in answers:
            own = shares[one.kind, one.name]
            found += _measured(one, part, own, draws)
            found += _spread(one, part, tops)
            found += _lifts(one, part, own, base, draws, tops)
    return found


def overlaps(answers: Sequence[Answers], top: int) -> Iterator[Figure]:
    """Tell what share of a source's items another one finds for the same questions, too."""
    found = overlap(answers, top)
    for row, own in enumerate(answers):
        for column, other in enumerate(answers):
            value = float(found[row, column])
            if row != column and not np.isnan(value):
                whole = Part(ALL, ALL, own.asked, own.asked)
                measure = f"overlap.{other.kind}.{other.name}@{top}"
                yield _figure(own, whole, measure, (value, value, value))


def parts_of(exam: Exam) -> Iterator[Part]:
    """Give all questions, then those of each scene, then those of each group."""
    whole = np.ones(len(exam.persons), np.bool_)
    anything = np.logical_or.reduce(list(exam.offered.values()))
    yield Part(ALL, ALL, whole, anything)
    for scene in dict.fromkeys(exam.scenes):
        yield Part(scene, ALL, np.array(exam.scenes) == scene, exam.offered[scene])
    for group in sorted(set(exam.groups)):
        yield Part(ALL, group, np.array(exam.groups) == group, anything)


def _shares(exam: Exam, one: Answers, tops: Sequence[int]) -> dict[str, Share]:
    wanted, shares = exam.sizes(), dict[str, Share]()
    for top in tops:
        hits = exam.hits(one, top)
        young, youngest = _young(exam, one, top)
        shares |= {
            f"recall@{top}": recall(hits, wanted),
            f"hit@{top}": hit_rate(hits),
            f"ndcg@{top}": ndcg(hits, wanted),
            f"position@{top}": position(hits),
            f"young@{top}": found_of(young, youngest),
            f"novelty@{top}": novelty(one.cut(top), exam.known, exam.crowd),
        }
    deepest = max(tops)
    shares["auc"] = area(one.cut(deepest), exam.hits(one, deepest), wanted, exam.choices())
    return shares


def _young(exam: Exam, one: Answers, top: int) -> tuple[Hits, NDArray[np.int64]]:
    """Keep the hits on young items, and count how many of them were wanted."""
    items = one.cut(top)
    hits = exam.hits(one, top) * exam.young[np.maximum(items, 0)]
    sums = np.concatenate(([0], np.cumsum(exam.young[exam.wanted.targets])))
    return hits, sums[exam.wanted.starts[1:]] - sums[exam.wanted.starts[:-1]]


def _measured(
    one: Answers, part: Part, shares: Mapping[str, Share], draws: Draws
) -> Iterator[Figure]:
    flags = part.flags & one.asked
    for measure, share in shares.items():
        mean = share.mean(flags)
        if not np.isnan(mean):
            low, high = draws.between(share, flags)
            yield _figure(one, part, measure, (mean, low, high))


def _spread(one: Answers, part: Part, tops: Sequence[int]) -> Iterator[Figure]:
    """Measure the spread, which has no interval: it depends on how many are drawn."""
    for top in tops:
        shown = times_shown(one.cut(top)[part.flags], part.offered)
        for measure, value in (("coverage", coverage(shown)), ("gini", gini(shown))):
            if not np.isnan(value):
                yield _figure(one, part, f"{measure}@{top}", (value, value, value))


def _lifts(
    one: Answers,
    part: Part,
    own: Mapping[str, Share],
    base: Mapping[str, Share],
    draws: Draws,
    tops: Sequence[int],
) -> Iterator[Figure]:
    """Compare recall with that of ItemCF: 0.2 is a fifth more."""
    flags = part.flags & one.asked
    for measure in (f"recall@{top}" for top in tops if base):
        below = base[measure].mean(flags)
        if below > 0:
            lift = own[measure].mean(flags) / below - 1
            low, high = draws.lift(own[measure], base[measure], flags)
            yield _figure(one, part, f"lift.{measure}", (lift, low, high))


def _figure(one: Answers, part: Part, measure: str, values: tuple[float, float, float]) -> Figure:
    questions = int((part.flags & one.asked).sum())
    return Figure(one.kind, one.name, part.scene, part.group, measure, *values, questions)
