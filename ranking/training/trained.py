"""A network that has learned, and its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from graph.graph import Floats
from ranking.examples import Inputs, Layout
from ranking.networks.whole import whole_of
from ranking.rankers.lesson import Progress
from ranking.rankers.spec import NetworkRanker
from ranking.training.calibrating import Calibration
from ranking.training.dealing import parts
from ranking.training.packing import Arrays, pack, unpack

FILE = "network"
AT_ONCE = 16_384  # pairs


@dataclass(frozen=True)
class Trained:
    """A network and its calibration."""

    network: nn.Module
    calibration: Calibration
    device: str = "cpu"
    curve: tuple[Progress, ...] = ()

    def score(self, inputs: Inputs) -> Floats:
        """Give the chance of each task for each pair. # (rows, tasks)"""
        return self.calibration.chances(odds_of(self.network, inputs, self.device))

    def save(self) -> dict[str, bytes]:
        """Give the weights and the calibration."""
        words = {"slopes": self.calibration.slopes, "offsets": self.calibration.offsets}
        return {FILE: pack(arrays_of(self.network), words)}


def odds_of(network: nn.Module, inputs: Inputs, device: str) -> Floats:
    """Give the log-odds of each task for each pair. # (rows, tasks)"""
    network.eval()
    with torch.inference_mode():
        found = [network(batch).cpu().numpy() for batch in parts(inputs, AT_ONCE, device)]
    return np.concatenate(found)


def load(ranker: NetworkRanker, layout: Layout, files: Mapping[str, bytes]) -> Trained:
    """Give what was learned."""
    arrays, words = unpack(files[FILE])
    network = whole_of(ranker, layout)
    restore(network, arrays)
    network.eval()
    return Trained(network, Calibration(tuple(words["slopes"]), tuple(words["offsets"])))


def arrays_of(network: nn.Module) -> Arrays:
    """Copy the weights of a network."""
    return {name: some.detach().cpu().numpy().copy() for name, some in network.state_dict().items()}


def restore(network: nn.Module, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Give a network the weights that it had."""
    network.load_state_dict({name: torch.from_numpy(some) for name, some in arrays.items()})
