"""Gradient-boosted trees of LightGBM (Ke et al. 2017) over the features that networks embed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ranking.rankers.lesson import Lesson, Scorer
from ranking.rankers.spec import Ranker

if TYPE_CHECKING:
    from ranking.examples import Layout


class GBDT(Ranker):
    """Trees: codes as categories, numbers as they are, bags by what is in them, pasts by counts."""

    type: Literal["gbdt"]
    trees: int = Field(default=300, ge=1, description="at most so many for each task")
    leaves: int = Field(default=31, ge=2, description="of each tree at most")
    least: int = Field(default=20, ge=1, description="examples in a leaf")
    rate: float = Field(default=0.05, gt=0, le=1, description="how much each tree adds")
    patience: int = Field(default=30, ge=1, description="trees without progress that end it")
    share: float = Field(default=1.0, gt=0, le=1, description="of the columns that a tree may use")
    l2: float = Field(default=0.0, ge=0, description="price of leaves' squares")
    marks: int = Field(
        default=64,
        ge=0,
        description="a bag of at most so many codes is a column for each of them; a larger one is "
        "only counted",
    )

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn."""
        from ranking.trees.growing import grow  # noqa: PLC0415 - lightgbm takes seconds

        return grow(self, lesson)

    def load(self, layout: "Layout", files: Mapping[str, bytes]) -> Scorer:
        """Give what was learned."""
        from ranking.trees.grown import load  # noqa: PLC0415 - lightgbm takes seconds

        return load(layout, files, self.marks)
