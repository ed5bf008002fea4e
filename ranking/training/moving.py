"""How weights move: the optimiser, its rate over time, and the price of size."""

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ranking.networks.embedding import Embedding
from ranking.networks.lookup import Rows
from ranking.rankers.spec import NetworkRanker
from ranking.training.lazy import LazyAdam
from ranking.training.packing import Arrays

FALL = 0.1  # of the rate, after an epoch without progress
LOWEST = 0.02  # of the rate, at the end of the cosine


class Mover:
    """What moves a network: one optimiser, or another for embeddings beside it."""

    def __init__(self, ranker: NetworkRanker, network: nn.Module, steps: int) -> None:
        self.ranker, self.steps = ranker, steps
        self.done, self.falls = 0, 0
        embedded = {id(weight): weight for weight in embeddings(network)}
        self.embedded = list(embedded.values())
        self.layers = [p for p in network.parameters() if id(p) not in embedded]
        self.optimisers = _optimisers(ranker, network, self.embedded, self.layers)

    def step(self) -> None:
        """Move once, and forget the slopes."""
        self._price()
        if self.ranker.clip is not None:
            nn.utils.clip_grad_norm_(self.layers, self.ranker.clip)
        rate = rate_at(self.ranker, self.done, self.steps) * FALL**self.falls
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        self.done += 1

    @torch.no_grad()
    def _price(self) -> None:
        """Add the slope of embeddings' absolute size; lazy ones pay as they move."""
        if not self.ranker.l1:
            return
        for weight in self.embedded:
            if weight.grad is not None and not weight.grad.is_sparse:
                weight.grad.add_(weight.sign(), alpha=self.ranker.l1)

    def tell(self, since: int) -> None:
        """Learn how many epochs ago there was progress."""
        self.falls += self.ranker.schedule == "plateau" and since > 0

    def arrays(self) -> Arrays:
        """Give what optimisers remember."""
        return {
            f"{place}/{number}/{name}": value.cpu().numpy()
            for place, optimiser in enumerate(self.optimisers)
            for number, held in optimiser.state_dict()["state"].items()
            for name, value in held.items()
            if value is not None
        }

    def remember(self, arrays: Arrays, done: int, falls: int) -> None:
        """Go back to what was kept."""
        self.done, self.falls = done, falls
        for place, optimiser in enumerate(self.optimisers):
            state: dict[int, dict[str, torch.Tensor]] = {}
            for path, value in arrays.items():
                whose, number, name = path.split("/")
                if int(whose) == place:
                    state.setdefault(int(number), {})[name] = torch.from_numpy(value)
            optimiser.load_state_dict({**optimiser.state_dict(), "state": state})


def rate_at(ranker: NetworkRanker, step: int, steps: int) -> float:
    """Give the rate of a step, from 0 on: it rises, then keeps its height or falls."""
    if step < ranker.warm_up:
        return ranker.rate * (step + 1) / (ranker.warm_up + 1)
    if ranker.schedule != "cosine":
        return ranker.rate
    turn = math.pi * (step - ranker.warm_up) / max(steps - ranker.warm_up, 1)
    return ranker.rate * (LOWEST + (1 - LOWEST) * (1 + math.cos(turn)) / 2)


def embeddings(network: nn.Module) -> Iterator[nn.Parameter]:
    """Give the weights that are embeddings."""
    for module in network.modules():
        if isinstance(module, Embedding | Rows):
            yield from module.parameters()


def _optimisers(
    ranker: NetworkRanker,
    network: nn.Module,
    embedded: list[nn.Parameter],
    layers: list[nn.Parameter],
) -> list[torch.optim.Optimizer]:
    lazy = _made_lazy(network) if ranker.lazy else []
    known = {id(weight) for weight in lazy}
    rest = [weight for weight in embedded if id(weight) not in known]
    groups: list[dict[str, Any]] = [
        {"params": rest, "weight_decay": ranker.l2},
        {"params": layers, "weight_decay": ranker.l2_layers},
    ]
    groups = [group for group in groups if group["params"]]
    found = [_optimiser(ranker, groups)] if groups else []
    return [*found, LazyAdam(lazy, ranker.rate, ranker.l2, ranker.l1)] if lazy else found


def _made_lazy(network: nn.Module) -> list[nn.Parameter]:
    """Let slopes of tables name the rows that took part; give the tables."""
    tables = [module for module in network.modules() if isinstance(module, Rows)]
    for table in tables:
        table.sparse = True
    weights = (weight for table in tables for weight in table.parameters())
    return list(dict.fromkeys(weights))


def _optimiser(ranker: NetworkRanker, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    if ranker.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=ranker.rate, momentum=0.9)
    if ranker.optimiser == "adagrad":
        return torch.optim.Adagrad(groups, lr=ranker.rate)
    kind = torch.optim.AdamW if ranker.optimiser == "adamw" else torch.optim.Adam
    return kind(groups, lr=ranker.rate, fused=True)
