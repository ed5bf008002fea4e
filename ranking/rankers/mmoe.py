"""MMoE: experts that all tasks share, and a gate for each task (Ma et al. 2018)."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from ranking.rankers.deep import Hidden
from ranking.rankers.several import SeveralRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout

Sizes = Annotated[tuple[PositiveInt, ...], Field(min_length=1)]


class MMoE(SeveralRanker):
    """Tasks that share what they have in common, and go apart where they have not."""

    type: Literal["mmoe"]
    hidden: Sizes = Field(default=(128, 64), description="numbers in the layers of each expert")
    experts: int = Field(default=4, ge=1, le=64, description="how many there are")
    tower: tuple[PositiveInt, ...] = Field(
        default=(32,), description="numbers in the layers of each task over what it hears"
    )

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.mmoe import MMoENetwork  # noqa: PLC0415 - torch takes seconds

        tower = Hidden(self.tower, self.dropout, self.norm)
        experts = [self.layers] * self.experts
        return MMoENetwork(layout, self.dim, experts, tower, self.prices(layout))
