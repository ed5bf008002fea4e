"""DIN's attention: how much each step of a past has to do with an item."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from ranking.networks.lookup import pick

AT_ONCE = 128  # items, so that what is between two layers stays near the processor


class Attention(nn.Module):
    """The local activation unit (Zhou et al. 2018): layers over a step, an item and their product.

    The first layer over [k, q, q∘k] is W_k k + W_q q + W_p (q∘k); the difference k - q, which the
    paper's code adds, is in W_k and W_q. What both tell comes first in k.
    """

    def __init__(self, key: int, query: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        self.query = query
        self.of_step = nn.Linear(key, hidden[0], bias=False)
        self.of_item = nn.Linear(query, hidden[0])
        self.of_both = nn.Linear(query, hidden[0], bias=False)
        self.rest = nn.Sequential(nn.ReLU(inplace=True))
        for before, after in pairwise(hidden):
            self.rest.extend([nn.Linear(before, after), nn.ReLU(inplace=True)])
        self.rest.append(nn.Linear(hidden[-1], 1))

    def forward(self, keys: Tensor, queries: Tensor, row: Tensor) -> Tensor:
        """Give the weight of each step for the item of its row.

        keys: (steps, key); queries: (rows, query); row: (steps,) → (steps,)
        """
        told = pick(torch.cat([queries, self.of_item(queries)], 1), row)
        asked, item = told[:, : self.query], told[:, self.query :]
        both = torch.cat([keys, asked * keys[:, : self.query]], 1)
        weights = torch.cat([self.of_step.weight, self.of_both.weight], 1)
        found: Tensor = self.rest(torch.addmm(item, both, weights.T))
        return found[:, 0]

    def of_one(self, keys: Tensor, queries: Tensor) -> Tensor:
        """Give the weights of one past's steps for many items: as above, by a layer for each step.

        W_k k + W_q q + W_p (q∘k) = W_k k + (W_q + W_p diag(k)) q
        keys: (steps, key); queries: (rows, query) → (rows, steps)
        """
        layers = self.of_item.weight + keys[:, None, : self.query] * self.of_both.weight
        begins = functional.linear(keys, self.of_step.weight, self.of_item.bias)  # (steps, hidden)
        layer, begin = layers.flatten(0, 1), begins.flatten()
        found = []
        for some in torch.split(queries, AT_ONCE):
            first = functional.linear(some, layer, begin)  # (some, steps · hidden)
            found.append(self.rest(first.view(-1, begins.shape[1])).view(len(some), len(keys)))
        return torch.cat(found)
