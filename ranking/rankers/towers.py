"""Two towers, for thousands of candidates (DSSM, Huang et al. 2013), with a teacher or without."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ranking.rankers.lesson import Lesson, Scorer
from ranking.rankers.spec import NetworkRanker
from weft.spec import Section, ref

if TYPE_CHECKING:
    from torch import nn

    from ranking.coarse.scorer import CoarseScorer
    from ranking.examples import Layout

Widths = list[Annotated[int, Field(ge=1, le=4096)]]
Stage = Literal["soft", "both"]


class Moves(Section):
    """Whose errors move what a teacher and a student have in common while they learn together."""

    embedding: Literal["apart", "teacher", "both"] = Field(
        default="teacher",
        description="one embedding for both, moved by the teacher alone or by both; or one each",
    )
    attention: Literal["student", "teacher", "both"] = Field(
        default="both",
        description="the student's attention is the student's alone, or the teacher reads it too "
        "and moves it alone, or both move it",
    )


class Distil(Section):
    """How a teacher's chances are learned beside what really came."""

    teacher: Annotated[str, ref("ranking.models", "ranker")] = Field(
        description="the ranker whose chances are learned, the fine one as a rule"
    )
    stages: list[Stage] = Field(
        default=["soft", "both"],
        min_length=1,
        description="courses one after the other: of chances alone, or of labels and chances",
    )
    share: float = Field(default=0.5, ge=0, le=1, description="of labels; the rest is chances'")
    temperature: float = Field(
        default=1.0, gt=0, le=20, description="what log-odds are divided by, for chances"
    )
    heads: Literal[1, 2] = Field(
        default=1, description="2: labels and chances are foretold by two vectors of who asks"
    )
    pool: float = Field(default=1.0, ge=0, description="weight of pairs that were never shown")
    drawn: int = Field(
        default=0,
        ge=0,
        le=100,
        description="so many pairs with items drawn at random, for each example, judged beside",
    )
    together: bool = Field(
        default=False, description="teacher and student learn at the same time, from nothing"
    )
    moves: Moves = Field(default=Moves(), description="for learning together")


class Towers(NetworkRanker):
    """Who asks is read at the moment, items beforehand."""

    type: Literal["towers"]
    vector: int = Field(default=32, ge=1, le=1024, description="numbers that a tower ends in")
    hidden_asks: Widths = Field(default=[256, 128], description="layers over who asks")
    hidden_items: Widths = Field(default=[256, 128], description="layers over an item")
    norm: bool = Field(default=True, description="bring what each layer gives to one scale")
    cross: Literal["none", "fm"] = Field(
        default="fm", description="fm: features of who asks times features of the item, besides"
    )
    attention: Literal["none", "nova"] = Field(
        default="none",
        description="nova: steps of a past look at each other; else their mean is taken",
    )
    items: Literal["plain", "fibinet"] = Field(
        default="plain", description="fibinet: an item's features are weighed and multiplied"
    )
    top: Literal["dot", "mlp"] = Field(default="dot", description="how the towers meet")
    hidden_top: Widths = Field(
        default=[64], min_length=1, description="layers where the towers meet, for mlp"
    )
    distil: Distil | None = Field(default=None, description="a teacher to learn from")

    def learns_from(self) -> str | None:
        """Name the model that teaches this one."""
        return None if self.distil is None else self.distil.teacher

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        from ranking.networks.towers.network import TowersNetwork  # noqa: PLC0415 - torch

        return TowersNetwork(layout, self)

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn, from a teacher where one is declared."""
        from ranking.coarse.fitting import fit  # noqa: PLC0415 - torch takes seconds

        return fit(self, lesson)

    def load(self, layout: "Layout", files: Mapping[str, bytes]) -> "CoarseScorer":
        """Give what was learned."""
        from ranking.coarse.fitting import load  # noqa: PLC0415 - torch takes seconds

        return load(self, layout, files)
