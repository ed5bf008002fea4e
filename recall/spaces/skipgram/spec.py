"""The options that all skip-gram spaces share."""

from typing import Annotated, Literal

from pydantic import Field

from recall.spaces.skipgram.training import Settings
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson

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
    within: dict[str, Share] = Field(
        default={},
        description="attribute of items → share of negatives that have the same value as the item",
    )


def settings_of(space: SkipGram, lesson: Lesson, epochs: int = 1) -> Settings:
    """Say how to learn; sums of shares and names of attributes are checked here."""
    missing = sorted(space.within.keys() - lesson.groups.keys())
    if missing:
        known = ", ".join(sorted(lesson.groups)) or "none"
        raise ValueError(f"within: no groups by '{missing[0]}'; there are {known}")
    if sum(space.within.values()) > 1 + 1e-6:
        raise ValueError(f"within: shares add up to {sum(space.within.values()):g}; at most 1")
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
