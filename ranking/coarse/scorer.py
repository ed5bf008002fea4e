"""Towers that have learned: items become rows beforehand, whoever asks meets them at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Columns, Inputs, Longs
from ranking.networks.batch import sided
from ranking.networks.towers.network import TowersNetwork, towers_in
from ranking.rankers.lesson import Progress
from ranking.training.trained import Trained

AT_ONCE = 16_384  # items


@dataclass(frozen=True)
class CoarseScorer:
    """A trained network of two towers."""

    trained: Trained
    tasks: int  # heads that learned from a teacher alone are not shown

    def score(self, inputs: Inputs) -> Floats:
        """Give the chance of each task for each pair, calibrated. # (rows, tasks)"""
        return self.trained.score(inputs)[:, : self.tasks]

    def save(self) -> dict[str, bytes]:
        """Give the weights and the calibration."""
        return self.trained.save()

    @property
    def curve(self) -> tuple[Progress, ...]:
        """Give each epoch of the last course."""
        return self.trained.curve

    def item_side(self, items: Columns) -> Floats:
        """Give the row of each item, which no request changes. # (items, width)"""
        with torch.inference_mode():
            rows = [self._towers().offer(sided(some, self.trained.device)) for some in parts(items)]
        return np.asarray(torch.cat(rows).cpu().numpy(), np.float32)

    def ask(self, asks: Columns) -> Floats:
        """Give the row of each who asks. # (asks, width)"""
        with torch.inference_mode():
            asked = self._towers().ask(sided(asks, self.trained.device))
        return np.asarray(asked.cpu().numpy(), np.float32)

    def score_among(self, ask: Columns, side: NDArray[np.float32], rows: Longs) -> Floats:
        """Score items for one who asks, by the items' rows; the chances of `score`.

        side: (items, width), of `item_side`, in memory or in a file; → (rows, tasks)
        """
        towers, device = self._towers(), self.trained.device
        with torch.inference_mode():
            offered = torch.from_numpy(side.take(rows, 0)).to(device)
            odds = towers.meet(towers.ask(sided(ask, device)), offered).cpu().numpy()
        return self.trained.calibration.chances(odds)[:, : self.tasks]

    def _towers(self) -> TowersNetwork:
        towers = towers_in(self.trained.network)
        towers.eval()
        return towers


def parts(columns: Columns) -> Iterator[Columns]:
    """Give columns piece by piece; one empty piece where there is nothing."""
    for start in range(0, max(len(columns), 1), AT_ONCE):
        yield columns.part(np.arange(start, min(start + AT_ONCE, len(columns))))
