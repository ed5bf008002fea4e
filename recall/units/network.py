"""The tower while it learns: the same sums as in `tower`, in torch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from graph.graph import Edges, Floats
from nlp.compiled import Flags
from recall.spaces.trained import Lesson
from recall.units.tower import Tower

BARRED = -1e4  # the score of what is neither right nor wrong


class UnitNet(nn.Module):
    """x = sum of the bag + W other; unit(x + relu(x A + a) B)."""

    def __init__(self, ids: int, dim: int, other: int | None = None) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(max(ids, 1), dim, mode="sum", sparse=True)
        self.inner = nn.Linear(dim, 2 * dim)
        self.outer = nn.Linear(2 * dim, dim, bias=False)
        self.other = None if other is None else nn.Linear(other, dim, bias=False)
        nn.init.normal_(self.table.weight, std=dim**-0.5)
        nn.init.zeros_(self.outer.weight)

    def forward(self, bags: Edges, others: Tensor | None = None) -> Tensor:
        """Embed bags. # (rows, dim)"""
        device = self.inner.weight.device
        ids, starts, weights = (
            torch.from_numpy(np.ascontiguousarray(part)).to(device)
            for part in (bags.targets.astype(np.int64), bags.starts[:-1], bags.weights)
        )
        x = self.table(ids, starts, per_sample_weights=weights)
        if self.other is not None and others is not None:
            x = x + self.other(others.to(device))
        return functional.normalize(x + self.outer(functional.relu(self.inner(x))), dim=-1)

    def frozen(self) -> Tower:
        """Give what was learned as arrays."""
        other = None if self.other is None else _array(self.other.weight).T.copy()
        inner, bias = _array(self.inner.weight).T.copy(), _array(self.inner.bias)
        return Tower(
            _array(self.table.weight), inner, bias, _array(self.outer.weight).T.copy(), other
        )


class Learner:
    """Two kinds of Adam: of tables only the rows that were used take part in a step."""

    def __init__(self, networks: list[UnitNet], rate: float) -> None:
        tables = [network.table.weight for network in networks]
        known = {id(table) for table in tables}
        rest = [p for network in networks for p in network.parameters() if id(p) not in known]
        self.parts = [torch.optim.SparseAdam(tables, lr=rate), torch.optim.Adam(rest, lr=rate / 4)]

    def step(self, loss: Tensor) -> None:
        """Go one step down."""
        for part in self.parts:
            part.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for part in self.parts:
            part.step()


@dataclass(frozen=True)
class Contrast:
    """Softmax over the targets of the batch and further ones, each less the log of its chance."""

    temperature: float
    right: Flags  # (rows, targets) what is right for an anchor, its own among it
    expected: Floats  # (targets,) how often each was to be expected here

    def loss(self, anchors: Tensor, targets: Tensor) -> Tensor:
        """Tell the target of each anchor, which has the same place, from what is not right."""
        own, device = torch.arange(len(anchors)), anchors.device
        bias = torch.from_numpy(np.log(np.maximum(self.expected, 1e-9))).to(device)
        scores = anchors @ targets.T / self.temperature - bias
        barred = torch.from_numpy(self.right.copy())
        barred[own, own] = False
        return functional.cross_entropy(
            scores.masked_fill(barred.to(device), BARRED), own.to(device)
        )


@contextmanager
def torch_of(lesson: Lesson) -> Iterator[None]:
    """Seed torch and set its threads, and leave both as they were."""
    threads = torch.get_num_threads()
    torch.set_num_threads(lesson.threads)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(lesson.seed)
            yield
    finally:
        torch.set_num_threads(threads)


def _array(tensor: Tensor) -> Floats:
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)
