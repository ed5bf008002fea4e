"""What a spec says of samples: which negatives, in which mixture, and which positives how often."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from weft.spec import Section, unknown

Share = Annotated[float, Field(ge=0, le=1)]
NEARLY = 1e-6


def traits(attributes: Mapping[str, Any]) -> list[str]:
    """List the declared attributes that have one word a node, such as city or category."""
    return [
        name
        for name, declared in attributes.items()
        if declared.get("type") in ("tag", "keyword") and not declared.get("many")
    ]


def _trait(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        declared = (info.context["raw"].get("catalog") or {}).get("item") or {}
        names = traits({n: a for n, a in declared.items() if isinstance(a, dict)})
        if name not in names:
            raise ValueError(unknown("item attribute with one word", name, names))
    return name


Trait = Annotated[str, AfterValidator(_trait)]


class Hard(Section):
    """Negatives that have one thing in common with the positive, and may have to differ."""

    same: Trait = Field(description="attribute whose value is the positive's own, such as city")
    other: Trait | None = Field(
        default=None, description="attribute whose value is another one, such as category"
    )
    share: float = Field(gt=0, le=1, description="of the negatives")

    @model_validator(mode="after")
    def _two_things(self) -> "Hard":
        if self.same == self.other:
            raise ValueError(f"nothing is both the same and another {self.same}")
        return self


class Mixture(Section):
    """Which negatives positives are held against."""

    count: int = Field(
        default=256, ge=1, le=65_536, description="negatives that each positive is held against"
    )
    batch: bool = Field(
        default=True, description="items of other positives of the batch are negatives, too"
    )
    random: Share | None = Field(
        default=None,
        description="share that is drawn from all items, once for a batch; default: the rest",
    )
    exposed: Share = Field(
        default=0.0, description="share that was shown to the same person and passed by"
    )
    hard: list[Hard] = Field(default=[], description="shares that are like the positive")
    power: float = Field(
        default=0.75, ge=0, le=1, description="of an item's exposures, as its chance to be drawn"
    )
    by: Trait | None = Field(
        default=None,
        description="random ones have each value of this attribute as often as positives have it",
    )
    corrected: Literal["popularity", "mixture", "none"] = Field(
        default="popularity",
        description="which chance is taken off a negative's score: that of being drawn at random, "
        "that of being drawn by the whole mixture, or none",
    )

    @model_validator(mode="after")
    def _add_up(self) -> "Mixture":
        others = self.exposed + sum(hard.share for hard in self.hard)
        if self.random is None and others > 1 + NEARLY:
            raise ValueError(f"shares add up to {others:g}; at most 1")
        if self.random is not None and abs(self.random + others - 1) > NEARLY:
            raise ValueError(
                f"shares add up to {self.random + others:g}; without `random:` it takes the rest"
            )
        return self

    def shared(self) -> int:
        """Tell how many are drawn once for all positives of a batch."""
        others = self.exposed + sum(hard.share for hard in self.hard)
        return round(self.count * max(0.0, 1 - others))


class Balance(Section):
    """How often each positive is drawn."""

    scenes: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="power of a scene's size: 1 draws scenes as they come, 0 all scenes alike",
    )
    weights: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="power of an event's weight: 0 draws clicks and purchases alike",
    )
