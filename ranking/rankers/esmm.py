"""ESMM: clicks and what follows them, over everything that was shown (Ma et al. 2018)."""

from typing import TYPE_CHECKING, Literal

from ranking.rankers.several import SeveralRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class ESMM(SeveralRanker):
    """Each task follows the one before: its chance is a product, learned where labels are known."""

    type: Literal["esmm"]

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.esmm import ESMMNetwork  # noqa: PLC0415 - torch takes seconds

        return ESMMNetwork(layout, self.dim, self.layers, self.prices(layout))
