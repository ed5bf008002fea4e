"""All figures of an exam of rankers: by task, scene and group of persons, each with its doubt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph.graph import Floats
from ranking.evaluation.areas import areas_by_person, weighted_areas
from ranking.evaluation.exam import ALL, Exam, Flags
from ranking.evaluation.losses import calibration_error, loss, tenths
from ranking.evaluation.places import ndcg
from ranking.evaluation.sums import Doubles, Sums, drawn
from ranking.examples import Longs
from recall.evaluation.figures import Figure
from recall.evaluation.shares import interval

RANKER, PAIR = "ranker", "pair"
TOPS = (5, 10)


@dataclass(frozen=True)
class Rows:
    """Some rows of one task: what a ranker had foretold of them."""

    chances: Floats
    labels: Floats
    persons: Longs
    groups: Longs


def figures_of(exam: Exam, seed: int = 0, tops: Sequence[int] = TOPS) -> list[Figure]:
    """Measure every ranker on every part, and every two rankers against each other."""
    times = drawn(int(exam.persons.max(initial=-1)) + 1, seed)
    found: list[Figure] = []
    for number, task in enumerate(exam.tasks):
        for (scene, who), flags in exam.parts().items():
            part = (scene, who, int(flags.sum()))
            measured = {
                name: _rounds(rows_of(exam, name, number, flags), times, tops)
                for name in exam.chances
            }
            found += _alone(task, part, measured)
            if scene == who == ALL:
                found += _against(task, part, measured)
        for name in exam.chances:
            found += _calibration(exam, name, number, task)
    return found


def rows_of(exam: Exam, name: str, task: int, flags: Flags) -> Rows:
    """Give some rows as one ranker saw them."""
    chances = np.ascontiguousarray(exam.chances[name][flags, task])
    labels = np.ascontiguousarray(exam.labels[flags, task])
    return Rows(chances, labels, exam.persons[flags], exam.groups[flags])


Measured = dict[str, tuple[float, Doubles]]  # measure → its value, and that of each round


def _rounds(rows: Rows, times: Doubles, tops: Sequence[int]) -> Measured:
    """Measure once over everybody, and once for each round of draws."""
    sums: dict[str, Callable[[], Sums]] = {
        "gauc": lambda: areas_by_person(rows.chances, rows.labels, rows.persons),
        "logloss": lambda: loss(rows.chances, rows.labels, rows.persons),
    }
    for top in tops:
        sums[f"ndcg@{top}"] = _placed(rows, top)
    once = np.ones((1, times.shape[1]))
    every = np.concatenate([once, times])
    area = weighted_areas(rows.chances, rows.labels, rows.persons, every)
    found: Measured = {"auc": (float(area[0]), area[1:])}
    for measure, give in sums.items():
        one = give()
        short = times[:, : len(one.over)]
        found[measure] = (one.mean(), one.rounds(short))
    return found


def _placed(rows: Rows, top: int) -> Callable[[], Sums]:
    return lambda: ndcg(rows.chances, rows.labels, rows.groups, rows.persons, top)


def _alone(
    task: str, part: tuple[str, str, int], measured: dict[str, Measured]
) -> Iterator[Figure]:
    scene, who, rows = part
    for name, values in measured.items():
        for measure, (value, rounds) in values.items():
            if not np.isnan(value):
                told = f"{task}.{measure}"
                yield Figure(RANKER, name, scene, who, told, value, *interval(rounds), rows)


def _against(
    task: str, part: tuple[str, str, int], measured: dict[str, Measured]
) -> Iterator[Figure]:
    """Compare each ranker with each other, on the same draws of persons."""
    scene, who, rows = part
    for name, values in measured.items():
        for other in measured:
            if other == name:
                continue
            for measure, (value, rounds) in values.items():
                base, base_rounds = measured[other][measure]
                apart = interval(rounds - base_rounds)
                told = f"{task}.{measure} - {other}"
                yield Figure(PAIR, name, scene, who, told, value - base, *apart, rows)


def _calibration(exam: Exam, name: str, number: int, task: str) -> Iterator[Figure]:
    rows = rows_of(exam, name, number, np.ones(len(exam.persons), np.bool_))
    found = tenths(rows.chances, rows.labels)
    for place, tenth in enumerate(found, 1):
        for what, value in (("told", tenth.told), ("true", tenth.true)):
            measure = f"{task}.tenth {place}.{what}"
            yield Figure(RANKER, name, ALL, ALL, measure, value, value, value, tenth.rows)
    error = calibration_error(found)
    measure = f"{task}.calibration error"
    yield Figure(RANKER, name, ALL, ALL, measure, error, error, error, len(rows.labels))
