"""DeepFM: FM beside plain layers (Guo et al. 2017)."""

from typing import TYPE_CHECKING, Literal

from ranking.rankers.deep import DeepRanker

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout


class DeepFM(DeepRanker):
    """FM and plain layers over the same embeddings."""

    type: Literal["deepfm"]

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.deepfm import DeepFMNetwork  # noqa: PLC0415 - torch takes seconds

        return DeepFMNetwork(layout, self.dim, self.layers)
