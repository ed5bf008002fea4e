"""The kinds of ranker that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from ranking.rankers.fm import FM

AnyRanker = Annotated[FM, Field()]
