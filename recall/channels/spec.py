"""What every channel's section has."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from weft.spec import Section, unknown


def _dimension(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        names = dimensions(info.context["raw"].get("catalog") or {})
        if name not in names:
            raise ValueError(unknown("dimension", name, names))
    return name


def dimensions(catalog: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """List what a ranked list may be kept by: the scene, and words of the person or the item."""
    sides = (("person", "user"), ("item", "item"))
    return ["scene"] + [
        f"{side}.{name}"
        for side, part in sides
        for name, a in (catalog.get(part) or {}).items()
        if isinstance(a, dict) and a.get("type") in ("tag", "keyword") and not a.get("many")
    ]


Dimension = Annotated[str, AfterValidator(_dimension)]


class Channel(Section):
    """A way of finding candidates."""

    by: list[Dimension] = Field(
        default=[], max_length=4, description="keep a list for each of these"
    )
    top: int = Field(default=500, ge=1, le=100_000, description="how many items each list keeps")
