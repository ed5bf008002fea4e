"""What every space's section has."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from weft.spec import Section, unknown
from weft.words import Duration


def _edges(name: str, info: ValidationInfo) -> str:
    if info.context is None:
        return name
    declared = (info.context["raw"].get("graph") or {}).get("edges") or {}
    if name.removeprefix("~") not in declared:
        raise ValueError(unknown("kind of edge", name.removeprefix("~"), declared))
    return name


EdgeName = Annotated[str, AfterValidator(_edges)]


class Space(Section):
    """Vectors of nodes."""

    dim: int = Field(default=64, ge=2, le=1024, description="numbers in a vector")
    seed: int = Field(default=0, ge=0, description="the same seed gives the same space")
    every: Duration = Field(
        default=timedelta(days=1), description="how often it learns anew from what has come since"
    )
    holdout: Duration | None = Field(
        default=timedelta(days=1),
        description="the last events, which it is measured by beside popular and ItemCF; none: not",
    )

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return ()

    def featured(self) -> Sequence[str]:
        """Name the kinds of edge whose targets are features of their sources."""
        return ()

    def grouped(self) -> Sequence[str]:
        """Name the item attributes that negatives are drawn within."""
        return ()

    def gap_of_sessions(self) -> timedelta | None:
        """Tell which break ends a session, if sessions are read."""
        return None

    def weight_before_purchase(self) -> float:
        """Tell how many times a step counts that leads to a purchase."""
        return 1.0


class SpaceOverEdges(Space):
    """Vectors of nodes, learned from edges."""

    over: list[EdgeName] = Field(min_length=1, description="the kinds of edge that it learns from")

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return self.over
