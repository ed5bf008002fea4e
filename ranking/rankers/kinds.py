"""The kinds of ranker that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from ranking.rankers.fm import FM
from ranking.rankers.rule import Rule
from ranking.rankers.towers import Towers

AnyRanker = Annotated[
    FM
    | Rule
    | Towers,
    Field(discriminator="type"),
]  # fmt: skip
