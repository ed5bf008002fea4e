"""Spaces on published tables, beside what most people like, ItemCF and the linear filter.

`python -m bench.graph --data FOLDER --models linear,lightgcn`; the folder holds train.txt and
test.txt. Lines of `person item item …` are judged by ranking all items that a person has not
seen; lines of `kind a b label` by the cosine of pairs. Training never sees the test.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.graph_data import Likes, Links, read
from bench.graph_models import LIKES, LINKS, Preset
from bench.results import publish, table
from graph.graph import Floats, Numbers
from recall.floors import item_cf, popular
from recall.measures import judge, judge_links
from recall.spaces.trained import Lesson, Sessions, Trained

T = TypeVar("T")
FLOOR = "linear"
WITHOUT = "_without_knowledge"


@dataclass(frozen=True)
class Run:
    """One model, measured."""

    model: str
    figures: Mapping[str, float]
    fit: float  # seconds
    rank: float  # seconds
    cpu: float  # seconds of all cores

    def keys(self) -> dict[str, float]:
        """Give what the issue asks for, rounded."""
        figures = {name: round(value, 4) for name, value in self.figures.items()}
        times = {"seconds": self.fit + self.rank, "fit_seconds": self.fit, "cpu_seconds": self.cpu}
        return {**figures, **{name: round(value, 1) for name, value in times.items()}}


@dataclass(frozen=True)
class Way:
    """How models are trained here."""

    seed: int
    threads: int
    device: str


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    way = Way(chosen.seed, chosen.threads, chosen.device)
    data = read(chosen.data)
    names = [name for name in chosen.models.split(",") if name]
    runs = likes(data, names, way) if isinstance(data, Likes) else links(data, names, way)
    heads = ["model", *runs[0].figures, "fit s", "rank s", "CPU s"]
    command = f"make bench-graph DATA={chosen.data.name} MODELS={','.join(names)}"
    figures = {"data": chosen.data.name, "models": {run.model: run.keys() for run in runs}}
    publish(command, table(heads, [row_of(run) for run in runs]), figures)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    return parser.parse_args()


def likes(data: Likes, names: Sequence[str], way: Way) -> list[Run]:
    """Rank everything for everybody by the floors and by the models."""
    liked, items = data.graph.edges["liked"], data.graph.size("item")
    runs = [
        ranked("popular", lambda: popular(liked, items), data, way),
        ranked("itemcf", lambda: item_cf(liked, items, way.threads), data, way),
    ]
    for name in dict.fromkeys((FLOOR, *names)):
        preset = preset_of(name, LIKES)
        if data.knowledge:
            alone = without_knowledge(data)
            runs.append(ranked(name + WITHOUT, fitting(name, preset, alone, way), alone, way))
        if not data.knowledge or name in names:
            runs.append(ranked(name, fitting(name, preset, data, way), data, way))
    return runs


def without_knowledge(data: Likes) -> Likes:
    """Leave out what is known of the items."""
    nodes = {kind: data.graph.nodes[kind] for kind in ("person", "item")}
    edges = {"liked": data.graph.edges["liked"]}
    return Likes(type(data.graph)(nodes, edges), data.wanted)


def fitting(name: str, preset: Preset, data: Likes | Links, way: Way) -> Callable[[], Trained]:
    """Prepare a training over all kinds of edge."""
    return lambda: preset.fit(name, list(data.graph.edges), lesson_of(data, way))


def lesson_of(data: Likes | Links, way: Way) -> Lesson:
    """Give what there is to learn from; with times unknown, a person's likes are one session."""
    liked = data.graph.edges.get("liked")
    empty = Lesson(data.graph, seed=way.seed, threads=way.threads, device=way.device)
    if liked is None:
        return empty
    sessions = Sessions(liked.starts, liked.targets, liked.weights)
    return Lesson(data.graph, sessions, seed=way.seed, threads=way.threads, device=way.device)


def ranked(name: str, fit: Callable[[], Trained], data: Likes, way: Way) -> Run:
    """Fit a model and rank by it."""
    seen = data.graph.edges["liked"]
    trained, fit_seconds, fit_cpu = timed(fit)
    quality, seconds, cpu = timed(
        lambda: judge(trained.score, seen, data.wanted, threads=way.threads)
    )
    return told(Run(name, quality.figures(), fit_seconds, seconds, fit_cpu + cpu))


def links(data: Links, names: Sequence[str], way: Way) -> list[Run]:
    """Judge pairs by the floors and by the models: the mean over the kinds of edge."""
    runs = [
        paired("popular", lambda: by_degree(data), data),
        paired("itemcf", lambda: by_neighbours(data, way), data),
    ]
    for name in dict.fromkeys((FLOOR, *names)):
        preset = preset_of(name, LINKS)
        runs.append(paired(name, partial(by_vectors, name, preset, data, way), data))
    return runs


Scores = Mapping[str, Floats]


def paired(name: str, scores: Callable[[], Scores], data: Links) -> Run:
    """Judge the scores of all pairs, kind by kind."""
    given, seconds, cpu = timed(scores)
    judged = [judge_links(given[kind], pairs[2]) for kind, pairs in data.judged.items()]
    means = {key: float(np.mean([figures[key] for figures in judged])) for key in judged[0]}
    return told(Run(name, means, seconds, 0.0, cpu))


def by_degree(data: Links) -> Scores:
    """Score a pair by how many ties both have."""
    scores = {}
    for kind, (a, b, _) in data.judged.items():
        degrees = np.diff(data.graph.edges[kind].starts)
        scores[kind] = (degrees[a] * degrees[b]).astype(np.float32)
    return scores


def by_neighbours(data: Links, way: Way) -> Scores:
    """Score a pair by the neighbours that both have, the rare ones more."""
    scores = {}
    for kind, (a, b, _) in data.judged.items():
        model = item_cf(data.graph.edges[kind], data.graph.size("item"), way.threads)
        scores[kind] = picked(model.score, a, b)
    return scores


def picked(score: Callable[[Numbers], Floats], a: Numbers, b: Numbers) -> Floats:
    """Score pairs, some hundreds of sources at a time."""
    found = np.empty(len(a), np.float32)
    for start in range(0, len(a), 512):
        part = slice(start, start + 512)
        found[part] = score(a[part])[np.arange(len(a[part])), b[part]]
    return found


def by_vectors(name: str, preset: Preset, data: Links, way: Way) -> Scores:
    """Score a pair by the cosine of its vectors."""
    kinds = [[kind] for kind in data.judged] if preset.apart else [list(data.judged)]
    scores: dict[str, Floats] = {}
    for over in kinds:
        vectors = preset.fit(name, over, lesson_of(data, way)).vectors["item"]
        norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        unit = vectors / norms
        for kind in over:
            a, b, _ = data.judged[kind]
            scores[kind] = np.einsum("pd,pd->p", unit[a], unit[b])
    return scores


def preset_of(name: str, presets: Mapping[str, Preset]) -> Preset:
    """Find a model's options; say what there is when there is no such model."""
    if name not in presets:
        raise SystemExit(f"--models: no model called {name!r} here; there are {', '.join(presets)}")
    return presets[name]


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """Do something; give the seconds of the clock and of the CPU too."""
    clock, cpu = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - clock, time.process_time() - cpu


def told(run: Run) -> Run:
    """Say at once how a model did: the whole table is long in coming."""
    sys.stderr.write(f"{run.model}: {run.keys()}\n")
    return run


def row_of(run: Run) -> list[str]:
    """Lay out one model."""
    times = (f"{seconds:.0f}" for seconds in (run.fit, run.rank, run.cpu))
    return [run.model, *(f"{value:.4f}" for value in run.figures.values()), *times]


if __name__ == "__main__":
    main()
