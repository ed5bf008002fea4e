"""Wide & Deep: weights beside plain layers (Cheng et al. 2016)."""

from typing import TYPE_CHECKING, Literal

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class WDL(DeepRanker):
    """Weights that remember, and layers that generalise."""

    type: Literal["wdl"]

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.wdl import WDLNetwork  # noqa: PLC0415 - torch takes seconds

        return WDLNetwork(layout, self.dim, self.layers)
