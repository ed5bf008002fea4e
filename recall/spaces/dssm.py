"""DSSM: a tower of persons and a tower of items, compared by cosine (Huang et al. 2013).

The person tower reads the sequence by attention (Kang and McAuley 2018).
"""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from recall.towers.spec import TowerSpace

if TYPE_CHECKING:
    from recall.towers.encoders import Encoder


class DSSM(TowerSpace):
    """Vectors of items, and of persons by all that is known of them at the moment."""

    type: Literal["dssm"]
    layers: int = Field(default=2, ge=0, le=8, description="of attention over the sequence")
    heads: int = Field(default=2, ge=1, le=16, description="of attention in each layer")

    def encoder(self) -> "Encoder":
        """Give what reads the sequence."""
        from recall.towers.encoders import Attentive  # noqa: PLC0415 - torch takes seconds

        return Attentive(self.dim, self.length + 1, self.layers, self.heads, self.dropout)
