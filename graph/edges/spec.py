"""What every kind of edge has in its section."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from weft.spec import Section, unknown
from weft.words import Duration

Weight = Literal["count", "confidence", "tfidf", "pmi", "jaccard"]
SHORTEST = timedelta(hours=1)


def _declared(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        names = list((info.context["raw"].get("graph") or {}).get("edges") or {})
        if name.removeprefix("~") not in names:
            raise ValueError(unknown("kind of edge", name.removeprefix("~"), names))
    return name


EdgeName = Annotated[str, AfterValidator(_declared)]  # `~` before it goes the edges backwards


class Edge(Section):
    """A kind of edge."""

    weight: Weight = Field(default="count", description="how weights come from what is counted")


class Fading(Edge):
    """A kind of edge that comes from events, of which later ones count more."""

    half_life: Duration | None = Field(
        default=timedelta(days=30), description="after this an event counts half; none: always all"
    )
    window: Duration | None = Field(default=None, description="older days do not count")

    @field_validator("half_life")
    @classmethod
    def _not_too_short(cls, half_life: timedelta | None) -> timedelta | None:
        if half_life is not None and half_life < SHORTEST:
            raise ValueError("an hour or more is needed")
        return half_life
