"""DCN v2: cross layers beside plain ones, or before them (Wang et al. 2021)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field, PositiveInt

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class DCN(DeepRanker):
    """Products of features up to a degree, by one matrix a layer."""

    type: Literal["dcn"]
    depth: int = Field(default=3, ge=1, le=10, description="cross layers")
    rank: PositiveInt | None = Field(
        default=None, description="of each expert's matrix; without it one whole matrix a layer"
    )
    experts: int = Field(default=4, ge=1, description="matrices of low rank in a layer, mixed")
    stacked: bool = Field(default=False, description="plain layers after cross layers, not beside")

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.cross import Crosses  # noqa: PLC0415 - torch takes seconds
        from ranking.networks.dcn import DCNNetwork  # noqa: PLC0415 - torch takes seconds

        crosses = Crosses(self.depth, self.rank, self.experts)
        return DCNNetwork(layout, self.dim, crosses, self.layers, self.stacked)
