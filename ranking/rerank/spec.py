"""The option `rerank` of a scene: what is wanted of a page as a whole."""

from datetime import timedelta

from pydantic import Field, model_validator

from ranking.rerank.kinds import AnyRule
from weft.spec import Section
from weft.words import Duration


class Rerank(Section):
    """Rules, the most important first: where not all can be kept, the last ones give way."""

    rules: list[AnyRule] = Field(
        default=[],
        max_length=20,
        description="the most important first: where not all can be kept, the last ones give way",
    )
    depth: int = Field(
        default=300,
        ge=1,
        le=2_000,
        description="how many of the best that are left may come next; no item rises further",
    )
    deadline: Duration = Field(
        default=timedelta(milliseconds=200),
        description="how long it may take; later, the order before stands",
    )

    @model_validator(mode="after")
    def _pins_fit(self) -> "Rerank":
        places: dict[int, str] = {}
        for rule in self.rules:
            for key, place in rule.pinned().items():
                if key in self.banned():
                    raise ValueError(f"{key} is both pinned and banned")
                if places.setdefault(place, key) != key:
                    raise ValueError(f"{places[place]} and {key} are both pinned to place {place}")
        return self

    def banned(self) -> list[str]:
        """Give the keys of items that are not shown."""
        return [key for rule in self.rules for key in rule.banned()]

    def pinned(self) -> dict[str, int]:
        """Give the keys of items that have a fixed place."""
        return {key: place for rule in self.rules for key, place in rule.pinned().items()}

    def reads(self) -> tuple[str, ...]:
        """Name the attributes and facets of items that rules want to know."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.reads()))

    def reach(self) -> int:
        """Tell how many places before a page rules look at."""
        return max((rule.reach() for rule in self.rules), default=0)

    def wanted(self, shown: int, first: int) -> int:
        """Tell how many candidates there have to be, so that every page is made of the same."""
        return shown + self.depth + len(self.pinned()) + first + 1
