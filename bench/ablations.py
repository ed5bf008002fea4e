"""What each choice of the articles is worth on the demo world, as it falls.

A world is made and imported; every space learns from all but the last days, and ranks all items
for everybody who liked something new in them. Differences are to the first line of a group, person
by person, with intervals of 95 %.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.ablation_shop import LIKES, Shop, shop_of, weave
from bench.interests import Moods, Truth, judge_moods, read_truth
from bench.results import publish, table
from graph.graph import Floats, Numbers
from recall.floors import item_cf, popular
from recall.measures import first_of, hits_of
from recall.spaces.measuring import Exam
from recall.spaces.trained import Lesson, Placed, Trained
from weft.database import open_database
from weft.settings import Settings
from world import World

TOPS = (20, 200)
HARD = [
    {"same": "city", "other": "category", "share": 0.1},
    {"same": "category", "share": 0.1},
]
MIXED = {"random": 0.6, "exposed": 0.2, "hard": HARD}
MEAN = "mean of the tower's items"
Section = dict[str, Any]
Score = Callable[[Numbers], Floats]
Doubles = NDArray[np.float64]


def tower(type: str = "dssm", **more: object) -> Section:
    """Give a tower that knows tags and learns from the whole mixture, but for some options."""
    return {"type": type, "features": ["tagged"], "negatives": MIXED, **more}


GROUPS: dict[str, dict[str, Section]] = {
    "negatives": {
        "random": tower(negatives={"batch": False}),
        "in batch": tower(negatives={"count": 1}),
        "random, in batch": tower(negatives={}),
        "random, exposed": tower(negatives={"exposed": 0.2, "batch": False}),
        "random, hard": tower(negatives={"hard": HARD, "batch": False}),
        "random, exposed, hard": tower(negatives={**MIXED, "batch": False}),
        "mixed": tower(),
        "mixed, by category": tower(negatives={**MIXED, "by": "category"}),
        "mixed, uncorrected": tower(negatives={**MIXED, "corrected": "none"}),
        "mixed, corrected as a whole": tower(negatives={**MIXED, "corrected": "mixture"}),
    },
    "length": {"unit": tower(), "free": tower(unit=False, temperature=1.0)},
    "tags": {"with tags": tower(), "without tags": tower(features=[])},
    "person": {
        "mean of item2vec": {"type": "item2vec"},
        MEAN: tower(),
        "youtube": tower("youtube"),
        "dssm": tower(),
        "multi-interest": tower("multi-interest"),
    },
    "interests": {
        "kept apart": tower("multi-interest"),
        "kept far apart": tower("multi-interest", metric=1.0),
        "not kept apart": tower("multi-interest", metric=0.0),
    },
}


@dataclass(frozen=True)
class Run:
    """What a model found of each person's later likes, and how long it learned."""

    recalls: Mapping[int, Doubles]  # top -> (persons,)
    seconds: float = 0.0
    moods: Moods | None = None

    def figures(self) -> dict[str, float]:
        """Give the means."""
        found = {f"recall@{top}": round(float(r.mean()), 5) for top, r in self.recalls.items()}
        moods = vars(self.moods) if self.moods else {}
        return found | {name: round(float(value), 4) for name, value in moods.items()}


def main() -> None:
    """Measure all groups, or some."""
    options = _options()
    groups = options.groups.split(",") if options.groups else list(GROUPS)
    sections = {
        _key(group, at): s for group in groups for at, s in enumerate(GROUPS[group].values())
    }
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        spec = shop_of(home, sections)
        with open_database(Settings(home=home)) as engine:
            weave(engine, spec, home / "world", World(options.items, options.users))
            with engine.begin() as connection:
                shop = Shop(connection, spec, timedelta(days=options.days), options.seed)
                text, figures = _all(shop, groups, home / "world" / "truth")
    command = f"make bench-ablations ITEMS={options.items} USERS={options.users}"
    publish(f"{command} GROUPS={options.groups}" if options.groups else command, text, figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=4_000)
    parser.add_argument("--users", type=int, default=1_200)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--groups", default="")
    return parser.parse_args()


def _key(group: str, at: int) -> str:
    return f"{group}_{at}"


def _all(shop: Shop, groups: Sequence[str], folder: Path) -> tuple[str, dict[str, object]]:
    """Measure everything; the same section learns once."""
    first = shop.lesson(next(iter(shop.spec.spaces.values())))
    exam = shop.exam(first)
    truth = read_truth(shop.connection, folder, first.graph, first.graph.edges[LIKES])
    runs: dict[str, dict[str, Run]] = {"floor": dict(floors(exam))}
    learned: dict[str, tuple[Trained, Lesson, float]] = {}
    for group in groups:
        runs[group] = {}
        for at, (name, section) in enumerate(GROUPS[group].items()):
            if repr(section) not in learned:
                learned[repr(section)] = learn(shop, _key(group, at))
            run = measured(name, *learned[repr(section)], exam, truth)
            runs[group][name] = run
            sys.stderr.write(f"{group}: {name}: {run.figures()} in {run.seconds:.0f} s\n")
    heads = ["", "model", *(f"recall@{top}" for top in TOPS), f"±@{TOPS[-1]}", "difference"]
    rows = [row for group, found in runs.items() for row in told(group, found)]
    whole = table([*heads, "purity", "interests", "alike", "fit s"], rows)
    figures = {
        group: {n: run.figures() for n, run in found.items()} for group, found in runs.items()
    }
    persons = {"persons": len(exam_persons(exam)), "purity of one vector": truth.largest()}
    return whole, {**figures, "exam": persons}


def floors(exam: Exam) -> Iterator[tuple[str, Run]]:
    """Measure what needs no model."""
    for name, floor in (
        ("popular", popular(exam.liked, exam.items)),
        ("ItemCF", item_cf(exam.liked, exam.items, 1)),
    ):
        yield name, Run(recalls(floor.score, exam))


def learn(shop: Shop, key: str) -> tuple[Trained, Lesson, float]:
    """Let a space learn."""
    space = shop.spec.spaces[key]
    lesson, began = shop.lesson(space), time.perf_counter()
    return space.fit(lesson), lesson, time.perf_counter() - began


def measured(
    name: str, trained: Trained, lesson: Lesson, seconds: float, exam: Exam, truth: Truth
) -> Run:
    """See what a model finds, and how purely several vectors of a person stand for interests."""
    if name == MEAN:
        placed = Placed({"item": trained.vectors["item"]}, lesson.graph.edges[LIKES])
        return Run(recalls(placed.score, exam), seconds)
    moods, asked = None, getattr(trained, "persons", None)  # of towers only
    if asked is not None and asked.shape[1] > 1:
        moods = judge_moods(truth, asked, trained.vectors["item"])
    return Run(recalls(trained.score, exam), seconds, moods)


def recalls(score: Score, exam: Exam) -> dict[int, Doubles]:
    """Give the share of each person's later likes among the first of the ranking."""
    persons = exam_persons(exam)
    wanted = np.diff(exam.later.starts)[persons]
    ranking = first_of(score(persons), exam.liked, persons, max(TOPS))
    hits = hits_of(ranking, exam.later, persons)
    return {top: hits[:, :top].sum(1).astype(np.float64) / wanted for top in TOPS}


def exam_persons(exam: Exam) -> Numbers:
    """Give who is asked."""
    return np.flatnonzero(np.diff(exam.later.starts)).astype(np.int32)


def told(group: str, runs: Mapping[str, Run]) -> Iterator[list[str]]:
    """Lay out a group, each line beside the first."""
    first = next(iter(runs.values()))
    top = TOPS[-1]
    for name, run in runs.items():
        change = run.recalls[top] - first.recalls[top]
        beside = "" if run is first else f"{change.mean():+.4f} ± {_interval(change):.4f}"
        means = [f"{run.recalls[t].mean():.4f}" for t in TOPS]
        moods = [f"{value:.3f}" for value in vars(run.moods).values()] if run.moods else [""] * 3
        width = f"{_interval(run.recalls[top]):.4f}"
        yield [group, name, *means, width, beside, *moods, f"{run.seconds:.0f}"]


def _interval(values: Doubles) -> float:
    return float(1.96 * values.std() / np.sqrt(max(len(values), 1)))


if __name__ == "__main__":
    main()
