"""DIEN: pasts read in order, with an eye on the item (Zhou et al. 2019)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class DIEN(DeepRanker):
    """Interests that came about one step after another, and that steps carry on."""

    type: Literal["dien"]
    foretell: float = Field(
        default=0.5,
        ge=0,
        description="price of not telling a past's next step from another past's; the more, the "
        "more is learned from pasts themselves",
    )

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.dien import DIENNetwork  # noqa: PLC0415 - torch takes seconds

        return DIENNetwork(layout, self.dim, self.layers, self.foretell)
