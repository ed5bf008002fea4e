"""LR: logistic regression, a weight for each feature."""

from typing import TYPE_CHECKING, Literal

from ranking.rankers.spec import NetworkRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class LR(NetworkRanker):
    """A weight for each feature; `dim` and `dropout` mean nothing here."""

    type: Literal["lr"]

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.lr import LRNetwork  # noqa: PLC0415 - torch takes seconds

        return LRNetwork(layout)
