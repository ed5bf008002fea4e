"""The network: slots of a character become scores of its tags, through gated convolutions.

Texts of a batch stand one after another with `gap` rows of nothing between, so that a convolution
is a sum of products of shifted rows and no text sees its neighbour. The gates are those of
Dauphin et al. 2017 with a softsign for a sigmoid, which costs half, and the dilations those of
Strubell et al. 2017.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlp.ner.settings import NerSettings
from nlp.ner.tags import steps_within


class Network(nn.Module):
    """Embeddings, a stack of residual gated convolutions, a linear layer, and the chain's steps."""

    def __init__(self, sizes: Sequence[int], tags: int, settings: NerSettings) -> None:
        super().__init__()
        self.settings = settings
        widths = slot_widths(len(sizes), settings)
        self.slots = nn.ModuleList(map(nn.Embedding, sizes, widths))
        for slot in self.slots.parameters():
            nn.init.normal_(slot, std=0.3)
        hidden = settings.hidden
        self.enter = nn.Linear(sum(widths), hidden)
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in settings.dilations)
        self.layers = nn.ModuleList(nn.Linear(3 * hidden, 2 * hidden) for _ in settings.dilations)
        self.leave = nn.Linear(hidden, tags)
        self.leaving = nn.Parameter(torch.zeros(tags))
        self.entering = nn.Parameter(torch.zeros(tags))
        self.within = nn.Parameter(torch.zeros(tags // 4, 4))
        self.starts = nn.Parameter(torch.zeros(tags))
        self.ends = nn.Parameter(torch.zeros(tags))

    @property
    def follows(self) -> Tensor:
        """Score the steps from tag to tag, as `nlp.ner.chain` has them."""  # (tags, tags)
        between = self.leaving[:, None] + self.entering
        steps = map(torch.from_numpy, steps_within(len(self.within)))
        return between.index_put(tuple(steps), self.within)

    def forward(self, slots: Tensor, rows: Tensor, texts: Tensor) -> Tensor:
        """Score the tags of every row; `rows` is one where a character stands, else zero."""
        settings = self.settings
        seen = [slot(slots[:, k]) for k, slot in enumerate(self.slots)]
        wide = self._hide(torch.cat(seen, -1), settings.hide_inputs, texts)  # (rows, widths)
        hidden = self.enter(wide) * rows  # (rows, hidden)
        for norm, layer, dilation in zip(self.norms, self.layers, settings.dilations, strict=True):
            normal = self._hide(norm(hidden), settings.hide_between, texts) * rows
            value, gate = layer(_neighbours(normal, dilation)).chunk(2, -1)
            hidden = (hidden + value * (0.5 + 0.5 * functional.softsign(gate))) * rows
        scores: Tensor = self.leave(self._hide(hidden, settings.hide_hidden, texts))
        return scores  # (rows, tags)

    def _hide(self, values: Tensor, share: float, texts: Tensor) -> Tensor:
        """Hide the same coordinates in all rows of a text (Gal and Ghahramani 2016)."""
        if not self.training or share == 0:
            return values
        count = int(texts[-1]) + 1
        kept = torch.empty(count, values.shape[1]).bernoulli_(1 - share) / (1 - share)
        return values * kept[texts]


def slot_widths(slots: int, settings: NerSettings) -> list[int]:
    """How many coordinates each slot has: letter, two pairs, class, part of speech, matches."""
    mark = settings.mark_width
    return [settings.letter_width, settings.pair_width, settings.pair_width, mark // 2, mark] + [
        mark
    ] * (slots - 5)


def _neighbours(values: Tensor, distance: int) -> Tensor:
    """Every row between the rows that stand `distance` before and after it."""
    nothing = values.new_zeros(distance, values.shape[1])
    padded = torch.cat([nothing, values, nothing])
    length = len(values)
    shifted = [padded[k * distance : k * distance + length] for k in range(3)]
    return torch.cat(shifted, -1)  # (rows, 3 · hidden)
