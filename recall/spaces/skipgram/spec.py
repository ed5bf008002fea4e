"""The options that all skip-gram spaces share."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, field_validator

from graph.catalog import ItemAttribute
from recall.spaces.skipgram.training import Settings
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson
from weft.errors import BuildError

Share = Annotated[float, Field(gt=0, le=1)]


class SkipGram(Space):
    """Vectors that foretell what stands nearby."""

    method: Literal["skipgram", "cbow"] = Field(
        default="skipgram", description="each neighbour foretells a node, or their mean does"
    )
    window: int = Field(default=5, ge=0, description="steps on either side; 0: the whole passage")
    negatives: int = Field(default=5, ge=1, le=100, description="negatives for each node")
    rate: float = Field(default=0.05, gt=0, le=1, description="how far the first updates go")
    power: float = Field(
        default=0.75, ge=0, le=2, description="negatives are drawn by frequency to this power"
    )
    thinning: float = Field(
        default=0.0, ge=0, description="nodes more frequent than this are read less often; 0: all"
    )
    within: dict[ItemAttribute, Share] = Field(
        default={},
        description="attribute of items → share of negatives that have the same value as the item",
    )

    @field_validator("within")
    @classmethod
    def _no_more_than_all(cls, within: dict[str, float]) -> dict[str, float]:
        if sum(within.values()) > 1 + 1e-6:
            raise ValueError(f"shares add up to {sum(within.values()):g}; at most 1")
        return within

    def grouped(self) -> Sequence[str]:
        """Name the item attributes that negatives are drawn within."""
        return tuple(self.within)


def settings_of(space: SkipGram, lesson: Lesson, epochs: int = 1) -> Settings:
    """Say how to learn; names of attributes are checked here."""
    missing = sorted(space.within.keys() - lesson.groups.keys())
    if missing:
        known = ", ".join(sorted(lesson.groups)) or "none"
        raise BuildError(f"within: no groups by '{missing[0]}'; there are {known}")
    return Settings(
        dim=space.dim,
        epochs=epochs,
        window=space.window,
        negatives=space.negatives,
        rate=space.rate,
        power=space.power,
        thinning=space.thinning,
        averaged=space.method == "cbow",
        shares=dict(space.within),
        seed=lesson.seed,
        threads=lesson.threads,
    )
