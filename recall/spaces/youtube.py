"""YouTube's tower: the mean of what somebody did, through hidden layers (Covington et al. 2016)."""

from typing import TYPE_CHECKING, Literal

from recall.towers.spec import TowerSpace

if TYPE_CHECKING:
    from recall.towers.encoders import Encoder


class YouTube(TowerSpace):
    """Vectors of items, and of persons by the mean of what they did; a sampled softmax."""

    type: Literal["youtube"]

    def encoder(self) -> "Encoder":
        """Give what reads the sequence."""
        from recall.towers.encoders import Averaged  # noqa: PLC0415 - torch takes seconds

        return Averaged()
