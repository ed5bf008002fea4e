"""FiBiNET: bilinear products of features, plain and weighed (Huang et al. 2019)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class FiBiNET(DeepRanker):
    """Bilinear products of every two features, as they are and as SENET weighs them."""

    type: Literal["fibinet"]
    shrink: int = Field(default=3, ge=1, description="features to a number in SENET's middle")
    shared: Literal["all", "each", "pair"] = Field(
        default="each", description="one matrix for all, for each feature, or for each pair"
    )

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.fibinet import FiBiNETNetwork  # noqa: PLC0415 - torch takes seconds

        return FiBiNETNetwork(layout, self.dim, self.shrink, self.shared, self.layers)
