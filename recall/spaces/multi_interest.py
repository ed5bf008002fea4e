"""Several interests of each person, one vector each, kept apart from one another."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from recall.towers.spec import TowerSpace

if TYPE_CHECKING:
    from recall.towers.encoders import Encoder


class MultiInterest(TowerSpace):
    """Vectors of items, and several of each person: one search for each interest."""

    type: Literal["multi-interest"]
    interests: int = Field(default=3, ge=1, le=16, description="vectors of a person")
    short: int = Field(default=10, ge=1, description="last deeds that are the short term")
    rounds: int = Field(default=2, ge=1, le=8, description="of sharing deeds out among interests")
    metric: float = Field(
        default=0.1, ge=0, description="weight of the loss that keeps interests apart"
    )

    def encoder(self) -> "Encoder":
        """Give what reads the sequence."""
        from recall.towers.encoders import Moods  # noqa: PLC0415 - torch takes seconds

        return Moods(self.dim, self.interests, self.short, self.rounds)

    def apart(self) -> float:
        """Tell how strongly interests are kept apart."""
        return self.metric
