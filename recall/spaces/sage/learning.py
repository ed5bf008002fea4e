"""Learning to tell links from what is no link, until links kept back are ranked no better."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from graph.graph import Edges, Floats, Numbers
from graph.sampling import layers_of
from recall.spaces.devices import device_of
from recall.spaces.graphsage import GraphSAGE
from recall.spaces.sage.examples import Drawing, Pairs, Pool
from recall.spaces.sage.network import Network, Shape, inputs_of, whole_graph
from recall.spaces.sage.placing import Arrays, place
from recall.spaces.sage.relations import Relations, relations_of
from recall.spaces.sage.spectrum import patterns
from recall.spaces.trained import Lesson, unit

JUDGED = 1000  # kept back links of each kind that are ranked at every look
LEAST = 1e-4  # what counts as better
BARRED = -1e4  # the score of a negative that is none

Vectors = Mapping[str, Tensor]


@dataclass(frozen=True)
class Task:
    """All that learning works on."""

    section: GraphSAGE
    lesson: Lesson
    rest: Mapping[str, Edges]  # without the links kept back
    features: Mapping[str, Edges]
    names: Sequence[str]
    kept: Mapping[str, Pairs]

    @cached_property
    def relations(self) -> Relations:
        """Give the ways to gather along."""
        return relations_of(self.rest, self.sizes)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many nodes of each kind there are."""
        return {kind: self.lesson.graph.size(kind) for kind in self.lesson.graph.nodes}


def learn(
    section: GraphSAGE,
    lesson: Lesson,
    rest: Mapping[str, Edges],
    features: Mapping[str, Edges],
    names: Sequence[str],
    kept: Mapping[str, Pairs],
) -> dict[str, Floats]:
    """Give the weights that rank kept back links best."""
    lesson = replace(lesson, device=device_of(lesson.device))
    task = Task(section, lesson, rest, features, names, kept)
    with _torch_set_up(lesson):
        network = _network(task).to(lesson.device)
        return _best(task, network)


def _best(task: Task, network: Network) -> dict[str, Floats]:
    section, progress = task.section, task.lesson.progress
    look, best, since = _steps(task, network), (-np.inf, network.arrays()), 0
    for number in range(section.rounds):
        look()
        arrays = network.arrays()
        found = quality(task, arrays)
        since = 0 if found > best[0] + LEAST else since + 1
        best = (found, arrays) if since == 0 else best
        progress((number + 1) / section.rounds)
        if since >= section.patience:
            break
    return best[1]


def quality(task: Task, arrays: Arrays) -> float:
    """Judge by the ranks of kept back links: 1 if each is the first, 0 if each is the last."""
    section, edges = task.section, task.relations.edges
    places = place(
        arrays,
        task.relations,
        task.features,
        task.sizes,
        section.layers,
        section.leak,
        task.lesson.threads,
    )
    found = []
    for name, pairs in task.kept.items():
        some = pairs.taken(np.arange(min(len(pairs), JUDGED)))
        targets = places[f"vector.{pairs.target}"]
        scores = places[f"vector.{pairs.source}"][some.sources] @ targets.T
        ranks = _ranks(scores, edges[name], some)
        found.extend(1 - np.log(ranks) / np.log(max(len(targets), 2)))
    return float(np.mean(found)) if found else 0.0


def link_loss(section: GraphSAGE, pairs: Pairs, pool: Pool, places: Vectors) -> Tensor:
    """Tell links from shared negatives and from those of their own."""
    targets = places[pairs.target]
    anchors = functional.normalize(places[pairs.source][pairs.sources], dim=-1)  # (links, dim)
    wanted = functional.normalize(targets[pairs.targets], dim=-1)
    shared = anchors @ functional.normalize(targets[pool.shared], dim=-1).T  # (links, shared)
    own = (anchors[:, None] * functional.normalize(targets[pool.own], dim=-1)).sum(-1)
    right = (anchors * wanted).sum(1, keepdim=True)  # (links, 1)
    same = torch.as_tensor(pairs.targets[:, None] == pool.shared, device=right.device)
    none = torch.as_tensor(pool.own < 0, device=right.device)
    if section.loss == "margin":
        wrong = torch.cat((shared.masked_fill(same, -1), own.masked_fill(none, -1)), 1)
        return functional.relu(section.margin - right + wrong).mean()
    excess = torch.as_tensor(pool.excess, device=right.device)
    scores = torch.cat(
        (
            right / section.temperature,
            (shared / section.temperature - excess).masked_fill(same, BARRED),
            (own / section.temperature).masked_fill(none, BARRED),
        ),
        1,
    )
    return functional.cross_entropy(scores, torch.zeros_like(right[:, 0], dtype=torch.long))


def _network(task: Task) -> Network:
    section, lesson = task.section, task.lesson
    shape = Shape(
        section.dim,
        section.layers,
        section.ids,
        section.leak,
        section.forget,
        whole=not section.fans,
    )
    network = Network(task.relations, task.sizes, task.features, shape)
    if section.start == "spectrum":
        for kind, places in patterns(
            task.rest, task.sizes, section.dim, lesson.seed, lesson.threads
        ).items():
            network.start(kind, unit(places))
    return network


def _steps(task: Task, network: Network) -> Callable[[], None]:
    """Give what goes on learning until the next look."""
    section = task.section
    learned = {name: task.relations.edges[name] for name in task.names}
    drawing = Drawing(learned, task.lesson, section.negatives)
    optimisers = _optimisers(network, section.rate)
    forward = _whole(task, network) if network.shape.whole else _drawn(task, network)

    def steps() -> None:
        network.train()
        for _ in range(section.steps):
            pairs, pool, places = forward(*drawing.batch(section.batch))
            loss = link_loss(section, pairs, pool, places)
            network.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            for optimiser in optimisers:
                optimiser.step()
        network.eval()

    return steps


Forward = Callable[[Pairs, Pool], tuple[Pairs, Pool, Vectors]]


def _whole(task: Task, network: Network) -> Forward:
    """Place all nodes, whichever the links join."""
    layers = [whole_graph(task.relations, task.sizes)] * task.section.layers
    inputs = inputs_of(layers, task.relations, task.features, task.lesson.device)
    return lambda pairs, pool: (pairs, pool, network(inputs))


def _drawn(task: Task, network: Network) -> Forward:
    """Place the nodes of a batch only, by neighbours drawn for it."""
    section, lesson = task.section, task.lesson
    seeds = np.random.default_rng((lesson.seed, section.layers))

    def forward(pairs: Pairs, pool: Pool) -> tuple[Pairs, Pool, Vectors]:
        nodes, pairs, pool = renumbered(pairs, pool)
        layers = layers_of(
            task.relations.edges,
            nodes,
            section.fans,
            int(seeds.integers(2**31)),
            section.by_weight,
        )
        return pairs, pool, network(inputs_of(layers, task.relations, task.features, lesson.device))

    return forward


def renumbered(pairs: Pairs, pool: Pool) -> tuple[dict[str, Numbers], Pairs, Pool]:
    """Number the nodes of a batch by their place among those that it needs."""
    ours = pool.own[pool.own >= 0]
    parts = {pairs.source: [pairs.sources]}
    parts.setdefault(pairs.target, []).extend([pairs.targets, pool.shared, ours])
    nodes = {kind: np.unique(np.concatenate(some)) for kind, some in parts.items()}
    sources = np.searchsorted(nodes[pairs.source], pairs.sources).astype(np.int32)
    known = nodes[pairs.target]
    targets = np.searchsorted(known, pairs.targets).astype(np.int32)
    shared = np.searchsorted(known, pool.shared).astype(np.int32)
    own = np.where(pool.own < 0, -1, np.searchsorted(known, pool.own)).astype(np.int32)
    batch = Pairs(pairs.source, pairs.target, sources, targets)
    return nodes, batch, Pool(shared, pool.excess, own)


def _optimisers(network: Network, rate: float) -> list[torch.optim.Optimizer]:
    """Rows that few steps touch are learned ten times as fast as the matrices that all share."""
    rows = [table.weight for table in (*network.ids.values(), *network.tables.values())]
    rows += network.crowds.values()
    tables = {id(row) for row in rows}
    shared = [weight for weight in network.parameters() if id(weight) not in tables]
    sparse = [table.weight for table in network.ids.values() if table.sparse]
    dense = [row for row in rows if all(row is not some for some in sparse)]
    groups = [{"params": shared, "lr": rate / 10}, {"params": dense, "lr": rate}]
    made: list[torch.optim.Optimizer] = [torch.optim.Adam([g for g in groups if g["params"]])]
    return [*made, torch.optim.SparseAdam(sparse, rate)] if sparse else made


def _ranks(scores: Floats, known: Edges, pairs: Pairs) -> Floats:
    """Rank each pair's target among all that are not known to be linked. # (pairs,)"""
    for row, source in enumerate(pairs.sources):
        right = scores[row, pairs.targets[row]]
        scores[row, known.targets[known.starts[source] : known.starts[source + 1]]] = -2
        scores[row, pairs.targets[row]] = right
    right = scores[np.arange(len(pairs)), pairs.targets]
    ranks = (scores > right[:, None]).sum(1) + (scores == right[:, None]).sum(1) / 2 + 0.5
    return np.asarray(ranks, np.float32)


@contextmanager
def _torch_set_up(lesson: Lesson) -> Iterator[None]:
    """Seed torch and set its threads, and leave both as they were."""
    threads = torch.get_num_threads()
    torch.set_num_threads(lesson.threads)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(lesson.seed)
            yield
    finally:
        torch.set_num_threads(threads)
