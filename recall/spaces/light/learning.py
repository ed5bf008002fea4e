"""LightGCN's training: a softmax of cosines of smoothed vectors."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import torch

from graph.graph import Edges, Graph, Numbers, edges_of
from graph.spectrum import spectrum
from recall.measures import judge
from recall.spaces.devices import device_of
from recall.spaces.lightgcn import LightGCN
from recall.spaces.trained import Lesson, Placed
from recall.spaces.whole import Whole, whole_of, with_itself
from weft.errors import BuildError

JUDGED = 2000  # persons whose held-out likes decide when to stop


@dataclass(frozen=True)
class Course:
    """What is learned, and by what it is judged."""

    learned: Edges  # person -> item
    judged: Edges  # person -> item, withheld
    whole: Whole  # all edges but the withheld


class Smoothing(torch.autograd.Function):
    """One layer; the matrix is symmetric, so gradients go back along the same edges."""

    @staticmethod
    def forward(context: Any, matrix: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """Give each node the weighted sum of its neighbours. # (nodes, dim)"""
        context.matrix = matrix
        return matrix @ vectors

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[None, torch.Tensor]:
        """Send gradients along the same edges. # (nodes, dim)"""
        return None, context.matrix @ gradients[0]


def train(options: LightGCN, lesson: Lesson) -> Placed:
    """Train on most likes, stop by the rest, and place everybody with all of them."""
    torch.set_num_threads(lesson.threads)
    lesson = replace(lesson, device=device_of(lesson.device))
    draws = np.random.default_rng(lesson.seed)
    course = course_of(options, lesson, draws)
    own = start_of(options, course.whole, lesson).requires_grad_()
    learner = torch.optim.Adam([own], lr=options.rate)
    matrix = matrix_of(course.whole, lesson.device)
    best, score, since = own.detach().clone(), -1.0, 0
    for epoch in range(options.epochs):
        slow(learner, options, epoch)
        for persons, items in batches(course.learned, options.batch, draws):
            step(learner, own, matrix, course.whole, (persons, items), options, draws)
        reached = judged(course, own.detach(), matrix, options, lesson)
        since = 0 if reached > score else since + 1
        if reached > score:
            best, score = own.detach().clone(), reached
        lesson.progress((epoch + 1) / options.epochs)
        if since >= options.patience:
            break
    everything = whole_of(lesson.graph, options.over)
    vectors = smoothed(best, matrix_of(everything, lesson.device), options.layers)
    return Placed(everything.apart(unit(vectors).cpu().numpy()))


def course_of(options: LightGCN, lesson: Lesson, draws: np.random.Generator) -> Course:
    """Withhold some likes of persons that have others."""
    name = next((n for n in options.over if is_liking(lesson.graph, n)), None)
    if name is None or not len(lesson.graph.walked(name)):
        raise BuildError(
            f"lightgcn needs persons' likes; there are none of {', '.join(options.over)}: "
            "import events first, or name edges from persons to items in `over`"
        )
    liked = lesson.graph.walked(name)
    withheld = draws.random(len(liked)) < options.held_out
    withheld &= np.diff(liked.starts)[liked.sources()] > 1
    learned, judged = part_of(liked, ~withheld), part_of(liked, withheld)
    graph = Graph(lesson.graph.nodes, {**lesson.graph.edges, name: learned})
    return Course(learned, judged, whole_of(graph, options.over))


def is_liking(graph: Graph, name: str) -> bool:
    """Tell whether edges go from persons to items."""
    edges = graph.walked(name)
    return (edges.source, edges.target) == ("person", "item")


def part_of(edges: Edges, kept: Any) -> Edges:
    """Keep some edges."""
    some = edges.sources()[kept], edges.targets[kept], edges.weights[kept]
    return edges_of(edges.source, edges.target, *some, len(edges.starts) - 1)


def start_of(options: LightGCN, whole: Whole, lesson: Lesson) -> torch.Tensor:
    """Begin where the graph's strongest waves put each node, with a little noise."""
    looped = with_itself(whole.edges)  # else persons and items swing apart as well as together
    _, waves = spectrum(looped, looped, options.dim, lesson.seed, lesson.threads)
    noise = np.random.default_rng(lesson.seed).standard_normal((len(waves), options.dim)) * 0.02
    scale = np.linalg.norm(waves, axis=1, keepdims=True) + 1e-6
    noise[:, : waves.shape[1]] += waves / scale / options.dim**0.5
    return torch.tensor(noise, dtype=torch.float32, device=lesson.device)


def matrix_of(whole: Whole, device: str) -> torch.Tensor:
    """Give the edges as a sparse matrix. # (nodes, nodes)"""
    edges = whole.edges
    starts, targets = torch.from_numpy(edges.starts), torch.from_numpy(edges.targets).long()
    size = len(edges.starts) - 1
    weights = torch.from_numpy(edges.weights)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta")
        made = torch.sparse_csr_tensor(
            starts, targets, weights, (size, size), check_invariants=True
        )
    return made.to(device)


def smoothed(own: torch.Tensor, matrix: torch.Tensor, layers: int) -> torch.Tensor:
    """Give the mean over the layers. # (nodes, dim)"""
    total = layer = own
    for _ in range(layers):
        layer = layer_of(matrix, layer)
        total = total + layer
    return total / (layers + 1)


def layer_of(matrix: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """Smooth once. # (nodes, dim)"""
    smooth = cast(Callable[[torch.Tensor, torch.Tensor], torch.Tensor], Smoothing.apply)
    return smooth(matrix, vectors)


def unit(vectors: torch.Tensor) -> torch.Tensor:
    """Bring vectors to length one; the product of two is then their cosine."""
    return torch.nn.functional.normalize(vectors, dim=1)


def slow(learner: torch.optim.Optimizer, options: LightGCN, epoch: int) -> None:
    """Lower the rate along half a cosine."""
    turn = np.pi * epoch / options.epochs
    for group in learner.param_groups:
        group["lr"] = options.rate * (0.05 + 0.95 * (1 + np.cos(turn)) / 2)


def batches(
    liked: Edges, size: int, draws: np.random.Generator
) -> Iterator[tuple[Numbers, Numbers]]:
    """Deal all likes out in a new order."""
    order = draws.permutation(len(liked))
    sources = liked.sources()
    for start in range(0, len(order), size):
        some = order[start : start + size]
        yield sources[some], liked.targets[some]


def step(
    learner: torch.optim.Optimizer,
    own: torch.Tensor,
    matrix: torch.Tensor,
    whole: Whole,
    likes: tuple[Numbers, Numbers],
    options: LightGCN,
    draws: np.random.Generator,
) -> None:
    """Learn one batch: each liked item against the same few others."""
    others = draws.integers(0, whole.sizes["item"], options.negatives)
    places = smoothed(own, matrix, options.layers)
    persons, items, wrong = (
        unit(places[torch.from_numpy(numbers + whole.offsets[kind]).to(own.device)])
        for kind, numbers in (("person", likes[0]), ("item", likes[1]), ("item", others))
    )
    right = (persons * items).sum(1, keepdim=True) / options.temperature  # (batch, 1)
    against = persons @ wrong.T / options.temperature  # (batch, negatives)
    loss = (torch.cat((right, against), 1).logsumexp(1) - right.squeeze(1)).mean()
    learner.zero_grad()
    torch.autograd.backward(loss)
    learner.step()


def judged(
    course: Course, own: torch.Tensor, matrix: torch.Tensor, options: LightGCN, lesson: Lesson
) -> float:
    """Give the recall of what was withheld from some persons."""
    vectors = unit(smoothed(own, matrix, options.layers)).cpu().numpy()
    model = Placed(course.whole.apart(vectors))
    wanted = of_some(course.judged, lesson.seed)
    return judge(model.score, course.learned, wanted, threads=lesson.threads).recall


def of_some(wanted: Edges, seed: int) -> Edges:
    """Keep the edges of some persons."""
    persons = np.flatnonzero(np.diff(wanted.starts))
    some = np.random.default_rng(seed).permutation(persons)[:JUDGED]
    return part_of(wanted, np.isin(wanted.sources(), some))
