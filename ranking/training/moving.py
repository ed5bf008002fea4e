"""How weights move: the optimiser, its rate over time, and the price of size."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ranking.networks.embedding import Embedding
from ranking.rankers.spec import NetworkRanker

FALL = 0.1  # of the rate, after an epoch without progress
LOWEST = 0.02  # of the rate, at the end of the cosine


@dataclass(frozen=True)
class Mover:
    """An optimiser and its schedule."""

    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    plateau: bool

    def step(self) -> None:
        """Move once, and forget the slopes."""
        self.optimiser.step()
        self.optimiser.zero_grad()
        if not self.plateau:
            self.schedule.step()

    def tell(self, reached: float, since: int) -> None:
        """Learn how an epoch ended."""
        if self.plateau and since:
            for group in self.optimiser.param_groups:
                group["lr"] *= FALL


def mover_of(ranker: NetworkRanker, network: nn.Module, steps: int) -> Mover:
    """Give what moves a network."""
    embedded = {id(p) for p in embeddings(network)}
    layers = [p for p in network.parameters() if id(p) not in embedded]
    groups: list[dict[str, Any]] = [
        {"params": list(embeddings(network)), "weight_decay": ranker.l2},
        {"params": layers, "weight_decay": ranker.l2_layers},
    ]
    optimiser = _optimiser(ranker, [group for group in groups if group["params"]])
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, _pace(ranker, steps))
    return Mover(optimiser, pace, ranker.schedule == "plateau")


def embeddings(network: nn.Module) -> Iterator[nn.Parameter]:
    """Give the weights that are embeddings."""
    for module in network.modules():
        if isinstance(module, Embedding):
            yield from module.parameters()


def _optimiser(ranker: NetworkRanker, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    if ranker.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=ranker.rate, momentum=0.9)
    if ranker.optimiser == "adagrad":
        return torch.optim.Adagrad(groups, lr=ranker.rate)
    kind = torch.optim.AdamW if ranker.optimiser == "adamw" else torch.optim.Adam
    return kind(groups, lr=ranker.rate, fused=True)


def _pace(ranker: NetworkRanker, steps: int) -> Any:
    if ranker.schedule != "cosine":
        return lambda step: 1.0
    turn = math.pi / max(steps, 1)
    return lambda step: LOWEST + (1 - LOWEST) * (1 + math.cos(turn * step)) / 2
