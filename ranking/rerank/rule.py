"""What a rule of re-ranking may do; each does one or two of these things."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from ranking.rerank.stock import Doubles, Refusal, Spot, Stock
from weft.spec import Section, unknown

Refuse = Callable[[Spot], Refusal]  # which rows may not stand at a place
Weigh = Callable[[Doubles, Spot], Doubles]  # what rows are worth at a place, of what they were
FACET = "facet."
GROUPS = ("tag", "keyword", "boolean")


class Rule(Section):
    """A rule that does nothing; kinds of rules say what they do in its place."""

    def name(self) -> str:
        """Say which rule it is, for whoever asks why an item stands where it stands."""
        return str(getattr(self, "type"))  # noqa: B009 - each kind has its own

    def reads(self) -> tuple[str, ...]:
        """Name the attributes and facets of items that it wants to know."""
        return ()

    def ages(self) -> bool:
        """Tell whether it wants to know how long items have been on offer."""
        return False

    def reach(self) -> int:
        """Tell how many places back, beyond the page, it looks."""
        return 0

    def pinned(self) -> Mapping[str, int]:
        """Give the keys of items that have a fixed place."""
        return {}

    def banned(self) -> Sequence[str]:
        """Give the keys of items that are not shown."""
        return ()

    def lift(self, stock: Stock) -> Callable[[Doubles], Doubles] | None:
        """Give what changes relevance of the rows to arrange, once for all places."""
        return None

    def weigh(self, stock: Stock) -> Weigh | None:
        """Give what changes the worth of items by what stands before them."""
        return None

    def refuse(self, stock: Stock) -> Refuse | None:
        """Give what keeps items from places where they may not stand."""
        return None


def _group(name: str, info: ValidationInfo) -> str:
    """Hold for an attribute whose values items share, and for a facet of tags."""
    if info.context is None or (name.startswith(FACET) and len(name) > len(FACET)):
        return name
    declared = (info.context["raw"].get("catalog") or {}).get("item") or {}
    parts = {key: part for key, part in declared.items() if isinstance(part, dict)}
    names = [key for key, part in parts.items() if part.get("type") in GROUPS]
    if name not in names:
        noun = "tag, keyword or boolean (or facet.NAME)"
        raise ValueError(unknown(noun, name, names))
    return name


Group = Annotated[str, AfterValidator(_group)]
