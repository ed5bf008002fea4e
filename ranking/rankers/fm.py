"""FM: every two features by the product of their embeddings (Rendle 2010)."""

from typing import TYPE_CHECKING, Literal

from ranking.rankers.spec import NetworkRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class FM(NetworkRanker):
    """A weight for each feature, and one for each two of them."""

    type: Literal["fm"]

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.fm import FMNetwork  # noqa: PLC0415 - torch takes seconds

        return FMNetwork(layout, self.dim)
