"""DIN: pasts read with an eye on the item (Zhou et al. 2018)."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout

Attention = Annotated[tuple[PositiveInt, ...], Field(min_length=1)]


class DIN(DeepRanker):
    """Each step of a past counts as far as it has to do with the item."""

    type: Literal["din"]
    attention: Attention = Field(
        default=(64, 32), description="numbers in each of the layers that weigh a step"
    )
    softmax: bool = Field(
        default=False, description="let the weights of a past sum to one; else many say more"
    )

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.din import DINNetwork  # noqa: PLC0415 - torch takes seconds

        return DINNetwork(layout, self.dim, self.layers, self.attention, self.softmax)
