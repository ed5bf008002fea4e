"""What every space's section has."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from weft.spec import Section, unknown


def _edges(name: str, info: ValidationInfo) -> str:
    if info.context is None:
        return name
    declared = (info.context["raw"].get("graph") or {}).get("edges") or {}
    if name.removeprefix("~") not in declared:
        raise ValueError(unknown("kind of edge", name.removeprefix("~"), declared))
    return name


EdgeName = Annotated[str, AfterValidator(_edges)]


class Space(Section):
    """Vectors of nodes, learned from the graph."""

    over: list[EdgeName] = Field(min_length=1, description="the kinds of edge that it learns from")
    dim: int = Field(default=64, ge=2, le=1024, description="numbers in a vector")
    seed: int = Field(default=0, ge=0, description="the same seed gives the same space")
