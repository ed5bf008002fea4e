"""Events: which kinds there are, what each needs, and how much each is worth."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from weft.spec import Section, unknown
from weft.words import Duration


class Kind(Section):
    """One kind of event: whether it happens to an item, whether it carries a keyword."""

    item: bool = True
    keyword: bool = False


KINDS = {
    "expose": Kind(),
    "click": Kind(),
    "collect": Kind(),
    "cart": Kind(),
    "coupon": Kind(),
    "purchase": Kind(),
    "search": Kind(item=False, keyword=True),
}
SEEN = ("click", "collect", "cart", "coupon", "purchase")


def _kind(name: str, info: ValidationInfo) -> str:
    if info.context is None:
        return name
    declared = (info.context["raw"].get("events") or {}).get("kinds") or {}
    if name not in KINDS and name not in declared:
        raise ValueError(unknown("kind of event", name, [*KINDS, *declared]))
    return name


KindName = Annotated[str, AfterValidator(_kind)]
NewKindName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class Events(Section):
    """The section `events`."""

    kinds: dict[NewKindName, Kind] = Field(default={}, description="kinds beside the usual seven")
    positive: dict[KindName, float] = Field(
        default={"click": 1, "collect": 3, "cart": 3, "purchase": 5},
        description="what counts as interest, and how much",
    )
    passed_after: Duration = Field(
        default=timedelta(hours=1),
        description="an item that was shown, and not taken for so long, was passed by",
    )

    def all_kinds(self) -> dict[str, Kind]:
        """Give the usual kinds and the declared ones."""
        return KINDS | self.kinds
