"""LightGCN's training: a softmax over many items, of vectors smoothed along the edges."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from graph.graph import Edges, Floats, Graph, Numbers, edges_of
from graph.products import rows_of
from graph.spectrum import spectrum
from recall.measures import judge
from recall.spaces.devices import device_of
from recall.spaces.light.slope import Some, slope_of
from recall.spaces.light.smoothing import Smooth, smoothing
from recall.spaces.light.stepping import stepping
from recall.spaces.lightgcn import LightGCN
from recall.spaces.trained import Lesson, Placed
from recall.spaces.whole import Whole, whole_of, with_itself
from weft.errors import NothingToLearn

JUDGED = 2000  # persons whose held-out likes decide when to stop
NOISE = 0.01  # added to where nodes start, for graphs of fewer waves than numbers in a vector


@dataclass(frozen=True)
class Course:
    """What is learned, and by what it is judged."""

    learned: Edges  # person -> item
    judged: Edges  # person -> item, withheld
    whole: Whole  # all edges but the withheld


def train(options: LightGCN, lesson: Lesson) -> Placed:
    """Train on most likes, stop by the rest, and place everybody with all of them."""
    torch.set_num_threads(lesson.threads)
    lesson = replace(lesson, device=device_of(lesson.device))
    name = liking(options, lesson.graph)
    with torch.no_grad():
        own = learned(options, lesson, name)
        everything = whole_of(lesson.graph, options.over)
        return placed(options, lesson, own, everything, lesson.graph.walked(name))


def learned(options: LightGCN, lesson: Lesson, name: str) -> Tensor:
    """Give the vectors that find held-out likes best. # (nodes, dim)"""
    draws = np.random.default_rng(lesson.seed)
    course = course_of(options, lesson, name, draws)
    own = start_of(options, course.whole, lesson)
    best, score, since = own.clone(), -1.0, 0
    for epoch, now in enumerate(epochs(options, course, lesson, own, draws), 1):
        reached = judged(options, course, now, lesson)
        since = 0 if reached > score else since + 1
        if reached > score:
            best, score = now.clone(), reached
        lesson.progress(epoch / options.epochs)
        if since >= options.patience:
            break
    return best


def epochs(
    options: LightGCN, course: Course, lesson: Lesson, own: Tensor, draws: np.random.Generator
) -> Iterator[Tensor]:
    """Learn all likes once, time and again, at a rate that falls along half a cosine."""
    smooth = smoothing_of(options, course.whole, lesson)
    chances = chances_of(course, options.power)
    step = stepping(own)
    for epoch in range(options.epochs):
        turn = np.cos(np.pi * epoch / options.epochs)
        rate = options.rate * (0.05 + 0.95 * (1 + turn) / 2)
        for persons in batches(course.learned, options.batch, draws):
            others = draws.choice(len(chances), options.negatives, p=chances).astype(np.int32)
            some = gathered(course, persons, others, lesson.device)
            step(smooth(slope_of(smooth(own), some, options.temperature)), rate)
        yield own


def smoothing_of(options: LightGCN, whole: Whole, lesson: Lesson) -> Smooth:
    """Give what smooths vectors along all edges."""
    edges, where = whole.edges, lesson.device
    return smoothing(edges, options.layers, options.own, where, lesson.threads)


def gathered(course: Course, persons: Numbers, others: Numbers, device: str) -> Some:
    """Gather what persons like, numbered as nodes of the whole."""
    liked, offsets = rows_of(course.learned, persons), course.whole.offsets
    counts = torch.from_numpy(np.diff(liked.starts)).float()
    numbers = (
        persons.astype(np.int64) + offsets["person"],
        liked.sources().astype(np.int64),
        liked.targets.astype(np.int64) + offsets["item"],
        others.astype(np.int64) + offsets["item"],
    )
    nodes, rows, items, against = (torch.from_numpy(some).to(device) for some in numbers)
    return Some(nodes, counts.to(device), rows, items, against)


def chances_of(course: Course, power: float) -> NDArray[np.float64]:
    """Give each item's chance to be drawn: by a power of how many persons like it. # (items,)"""
    liked = persons_of(course.learned, course.whole) ** power
    return np.asarray(liked / liked.sum(), np.float64)


def persons_of(liked: Edges, whole: Whole) -> NDArray[np.float64]:
    """Count one more than the persons who like each item. # (items,)"""
    return np.asarray(1 + np.bincount(liked.targets, minlength=whole.sizes["item"]), np.float64)


def course_of(options: LightGCN, lesson: Lesson, name: str, draws: np.random.Generator) -> Course:
    """Withhold some likes of persons that have others."""
    liked = lesson.graph.walked(name)
    withheld = draws.random(len(liked)) < options.held_out
    withheld &= np.diff(liked.starts)[liked.sources()] > 1
    kept, judged = part_of(liked, ~withheld), part_of(liked, withheld)
    graph = Graph(lesson.graph.nodes, {**lesson.graph.edges, name: kept})
    return Course(kept, judged, whole_of(graph, options.over))


def liking(options: LightGCN, graph: Graph) -> str:
    """Find the edges that go from persons to items."""
    for name in options.over:
        edges = graph.walked(name)
        if (edges.source, edges.target) == ("person", "item") and len(edges):
            return name
    raise NothingToLearn(
        f"lightgcn needs persons' likes; there are none of {', '.join(options.over)}: "
        "import events first, or name edges from persons to items in `over`"
    )


def part_of(edges: Edges, kept: Any) -> Edges:
    """Keep some edges."""
    some = edges.sources()[kept], edges.targets[kept], edges.weights[kept]
    return edges_of(edges.source, edges.target, *some, len(edges.starts) - 1)


def start_of(options: LightGCN, whole: Whole, lesson: Lesson) -> Tensor:
    """Begin where the graph's strongest waves put each node, with a little noise. # (nodes, dim)"""
    looped = with_itself(whole.edges)  # else persons and items swing apart as well as together
    _, waves = spectrum(looped, looped, options.dim, lesson.seed, lesson.threads)
    draws = np.random.default_rng(lesson.seed)
    start = draws.standard_normal((len(waves), options.dim), np.float32) * np.float32(NOISE)
    start[:, : waves.shape[1]] += waves / (np.linalg.norm(waves, axis=1, keepdims=True) + 1e-6)
    return torch.from_numpy(start).to(lesson.device)


def batches(liked: Edges, size: int, draws: np.random.Generator) -> Iterator[Numbers]:
    """Deal all persons who like something out in a new order, into batches of about one size."""
    order = draws.permutation(np.flatnonzero(np.diff(liked.starts)).astype(np.int32))
    yield from np.array_split(order, max(1, round(len(order) / size)))


def placed(options: LightGCN, lesson: Lesson, own: Tensor, whole: Whole, liked: Edges) -> Placed:
    """Smooth, and bring to length one; items are the longer the more persons like them."""
    smooth = smoothing_of(options, whole, lesson)
    unit = torch.nn.functional.normalize(smooth(own), dim=1).cpu().numpy()
    vectors = whole.apart(unit)
    return Placed(vectors | {"item": vectors["item"] * lengths_of(options, liked, whole)})


def lengths_of(options: LightGCN, liked: Edges, whole: Whole) -> Floats:
    """Give items' lengths: a power of how many persons like them. # (items, 1)"""
    return np.asarray(persons_of(liked, whole)[:, None] ** options.popularity, np.float32)


def judged(options: LightGCN, course: Course, own: Tensor, lesson: Lesson) -> float:
    """Give the recall of what was withheld from some persons."""
    model = placed(options, lesson, own, course.whole, course.learned)
    wanted = of_some(course.judged, lesson.seed)
    return judge(model.score, course.learned, wanted, threads=lesson.threads).recall


def of_some(wanted: Edges, seed: int) -> Edges:
    """Keep the edges of some persons."""
    persons = np.flatnonzero(np.diff(wanted.starts))
    some = np.random.default_rng(seed).permutation(persons)[:JUDGED]
    return part_of(wanted, np.isin(wanted.sources(), some))
