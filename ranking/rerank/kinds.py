"""All rules of re-ranking that a spec may name; adding one is a file and a line here."""

from typing import Annotated

from pydantic import Field

from ranking.rerank.bans import Bans
from ranking.rerank.cap import Cap
from ranking.rerank.dpp import Dpp
from ranking.rerank.fresh import Fresh
from ranking.rerank.mmr import Mmr
from ranking.rerank.pins import Pins
from ranking.rerank.scatter import Scatter

AnyRule = Annotated[
    Bans | Cap | Dpp | Fresh | Mmr | Pins | Scatter,
    Field(discriminator="type"),
]
