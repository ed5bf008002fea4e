"""DIEN: how interests came about, and how the one that an item meets went on."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ranking.examples import Layout, Past
from ranking.networks.augru import AUGRU
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding, Tables, features_of
from ranking.networks.lookup import pick
from ranking.networks.mlp import MLP
from ranking.networks.steps import comparing
from ranking.rankers.deep import Hidden


class Evolution(nn.Module):
    """A GRU over the steps of a past, and an AUGRU over its states with an eye on the item."""

    def __init__(self, layout: Layout, past: Past, dim: int) -> None:
        super().__init__()
        self.comparing = comparing(layout, past)
        self.width = len(past.fields) * dim
        self.extractor = nn.GRU(self.width, self.width, batch_first=True)
        self.of_item = nn.Linear(len(self.comparing.targets) * dim, self.width, bias=False)
        self.evolver = AUGRU(self.width, self.width)

    def forward(self, tables: Tables, codes: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Give each pair's interest, and how badly states foretell the step that follows.

        codes: (asks, length, fields) → (rows, width), a number
        """
        real = codes[..., 0] > 0  # fillings come last: no state of a real step has seen one
        longest = max(1, int(real.sum(1).max()))
        codes, real = codes[:, :longest], real[:, :longest]
        keys = self.comparing.keys(tables, codes) * real[..., None]
        states, _ = self.extractor(keys)  # (asks, length, width)
        attention = self.attention(states, real, self.comparing.queries(tables, batch), batch)
        told = self.evolver.of_step(states)
        found = self.evolver(batch.by_ask(told), attention)
        return found, foretold(states, keys, real) if self.training else found.new_zeros(())

    def attention(self, states: Tensor, real: Tensor, queries: Tensor, batch: Batch) -> Tensor:
        """Give the attention of each pair's item to each step, nought for fillings.

        states: (asks, length, width); real: (asks, length); queries: (rows, query)
        → (rows, length)
        """
        asked = self.of_item(queries)  # (rows, width)
        if len(states) == 1:
            scores = asked @ states[0].T
        else:
            scores = torch.einsum("rlw,rw->rl", batch.by_ask(states), asked)
        known = real if batch.own_asks else real[batch.ask]
        lowest = torch.finfo(scores.dtype).min
        found: Tensor = scores.masked_fill(~known, lowest).softmax(1) * known
        return found


def foretold(states: Tensor, keys: Tensor, real: Tensor) -> Tensor:
    """Give the loss of telling the next step from a step of another past by the state before it.

    states, keys: (asks, length, width); real: (asks, length)
    """
    follows = real[:, 1:]
    before, after = states[:, :-1][follows], keys[:, 1:][follows]  # (steps, width)
    if not len(after):
        return states.new_zeros(())
    others = pick(after, torch.randint(len(after), (len(after),), device=after.device))
    yes, no = (before * after).sum(1), (before * others).sum(1)
    return (functional.softplus(-yes) + functional.softplus(no)).mean()


class DIENNetwork(nn.Module):
    """DIEN (Zhou et al. 2019)."""

    def __init__(self, layout: Layout, dim: int, hidden: Hidden, foretell: float) -> None:
        super().__init__()
        self.embedding, self.foretell = Embedding(layout, dim), foretell
        self.evolutions = nn.ModuleList(Evolution(layout, p, dim) for p in layout.asks.pasts)
        steps = sum(len(past.fields) for past in layout.asks.pasts)
        self.deep = MLP((len(features_of(layout)) + steps) * dim, hidden)
        self.last = nn.Linear(self.deep.width, len(layout.tasks))
        self.surprise = torch.zeros(())  # of the pasts that were read last, for the loss

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        tables, pasts = self.embedding.tables, zip(self.evolutions, batch.asks.pasts, strict=True)
        found = [evolution(tables, codes, batch) for evolution, codes in pasts]
        self.surprise = sum((surprise for _, surprise in found), torch.zeros(()))
        x = torch.cat([self.embedding(batch).flatten(1), *(one for one, _ in found)], 1)
        odds: Tensor = self.last(self.deep(x))
        return odds

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give the logistic loss, and the price of steps that came as a surprise."""
        whole = functional.binary_cross_entropy_with_logits(odds, labels, weights[:, None])
        return whole + self.foretell * self.surprise.to(whole.device)
