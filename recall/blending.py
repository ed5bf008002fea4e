"""The option `fusion` of a scene: how the candidates of its channels become one order."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from recall.calibration import UNMEASURED, Curves, calibrated
from recall.candidates import Candidates
from recall.fusion import Order, reciprocal, snake
from weft.spec import Section

DEEP = 200


class Share(Section):
    """What one channel gives to a scene."""

    quota: int | None = Field(
        default=None, ge=1, le=100_000, description="it gives no more candidates than this"
    )
    weight: float = Field(default=1.0, gt=0, le=1_000, description="how much it counts")


class Snake(Section):
    """Channels take turns."""

    type: Literal["snake"] = "snake"

    def depth(self, share: Share, wanted: int) -> int:
        """Tell how many candidates a channel is asked for, when so many are wanted in all."""
        return min(wanted, share.quota or wanted)

    def order(
        self,
        candidates: Sequence[Candidates],
        top: int,
        weights: Mapping[str, float],
        curves: Curves = UNMEASURED,
    ) -> Order:
        """Make one order."""
        return snake(candidates, top, weights)


class Ranked(Section):
    """Every channel gives its whole quota, so that an order does not depend on the page."""

    def depth(self, share: Share, wanted: int) -> int:
        """Tell how many candidates a channel is asked for."""
        return share.quota or DEEP


class Reciprocal(Ranked):
    """What many channels have far in front comes first."""

    type: Literal["reciprocal"]
    smooth: float = Field(default=60.0, gt=0, description="the greater, the less first ranks count")

    def order(
        self,
        candidates: Sequence[Candidates],
        top: int,
        weights: Mapping[str, float],
        curves: Curves = UNMEASURED,
    ) -> Order:
        """Make one order."""
        return reciprocal(candidates, top, weights, self.smooth)


class Calibrated(Ranked):
    """What is likeliest to be liked comes first, by what channels have been worth so far."""

    type: Literal["calibrated"]

    def order(
        self,
        candidates: Sequence[Candidates],
        top: int,
        weights: Mapping[str, float],
        curves: Curves = UNMEASURED,
    ) -> Order:
        """Make one order."""
        return calibrated(candidates, top, weights, curves)


AnyFusion = Annotated[Snake | Reciprocal | Calibrated, Field(discriminator="type")]
