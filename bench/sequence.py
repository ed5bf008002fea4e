"""Towers on published tables of sequences: the last thing that everybody did is to be found.

`python -m bench.sequence --data FOLDER --models youtube,dssm,multi-interest`. All items are ranked
that a person has not had. A tower learns from all but the last two, stops by the last but one of
everybody, and answers from all but the last; what most people did, ItemCF and the linear filter
stand beside it. The model called `NAME+` also learns the last but one, of all but some persons.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench.graph import Run, Way, timed
from bench.results import publish, table
from bench.sequence_data import Journey, lesson_of, read
from bench.sequence_models import FLOOR, MORE, STARTS, tower_of
from recall.floors import item_cf, popular
from recall.measures import judge
from recall.spaces.trained import Lesson, Trained

TOP, MODELS = 10, "youtube,dssm,multi-interest"
MEASURES = {f"hit@{TOP}": f"hr@{TOP}", f"ndcg@{TOP}": f"ndcg@{TOP}"}


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    way = Way(chosen.seed, chosen.threads, chosen.device)
    data = read(chosen.data)
    names = [name for name in (chosen.models or MODELS).split(",") if name]
    runs = [] if chosen.no_floors else list(floors(data, way))
    runs += [tower(name, data, way) for name in names]
    heads = ["model", *MEASURES.values(), "fit s", "rank s", "CPU s"]
    command = f"make bench-sequence DATA={chosen.data.name} MODELS={','.join(names)}"
    figures = {"data": chosen.data.name, "models": {run.model: run.keys() for run in runs}}
    publish(command, table(heads, [row_of(run) for run in runs]), figures)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--no-floors", action="store_true", help="leave out what needs no tower")
    return parser.parse_args()


def floors(data: Journey, way: Way) -> Sequence[Run]:
    """Measure what needs no tower."""
    liked = data.edges()
    linear = tower_of(FLOOR)
    lesson = lesson_of(data, way.seed, way.threads, way.device)
    fits: dict[str, Callable[[], Trained]] = {
        "popular": lambda: popular(liked, data.items),
        "itemcf": lambda: item_cf(liked, data.items, way.threads),
        FLOOR: lambda: linear.fit(FLOOR, list(lesson.graph.edges), lesson),
    }
    return [ranked(name, fit, data, way) for name, fit in fits.items()]


def tower(name: str, data: Journey, way: Way) -> Run:
    """Measure a tower."""
    preset = tower_of(name).with_tags(data.tagged is not None).with_few(data.each())
    lesson = lesson_of(data, way.seed, way.threads, way.device)

    def fit() -> Trained:
        return preset.fit(name.removesuffix(MORE), [], begun(preset.start(), lesson))

    return ranked(name, fit, data, way)


def begun(name: str | None, lesson: Lesson) -> Lesson:
    """Train the space that a tower starts from, if there is one, on the same deeds."""
    if name is None:
        return lesson
    assert lesson.samples is not None
    start = STARTS[name].fit(name, ["liked"], lesson)
    return replace(lesson, samples=replace(lesson.samples, pretrained=start.vectors["item"]))


def ranked(name: str, fit: Callable[[], Trained], data: Journey, way: Way) -> Run:
    """Fit a model and rank by it."""
    trained, seconds, cpu = timed(fit)
    quality, rank, more = timed(
        lambda: judge(trained.score, data.edges(), data.last(), TOP, way.threads)
    )
    found = quality.figures()
    figures = {ours: found[theirs] for theirs, ours in MEASURES.items()}
    run = Run(name, figures, seconds, rank, cpu + more)
    sys.stderr.write(f"{run.model}: {run.keys()}\n")
    return run


def row_of(run: Run) -> list[str]:
    """Lay out one model."""
    times = (f"{seconds:.0f}" for seconds in (run.fit, run.rank, run.cpu))
    return [run.model, *(f"{value:.4f}" for value in run.figures.values()), *times]


if __name__ == "__main__":
    main()
