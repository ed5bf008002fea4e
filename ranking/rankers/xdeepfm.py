"""xDeepFM: CIN beside plain layers (Lian et al. 2018)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field, PositiveInt

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class XDeepFM(DeepRanker):
    """Products of whole vectors up to a degree, weights, and plain layers."""

    type: Literal["xdeepfm"]
    cin: tuple[PositiveInt, ...] = Field(
        default=(32, 32), min_length=1, description="vectors in each layer of products"
    )

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.xdeepfm import XDeepFMNetwork  # noqa: PLC0415 - torch takes seconds

        return XDeepFMNetwork(layout, self.dim, self.cin, self.layers)
