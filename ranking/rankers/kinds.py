"""The kinds of ranker that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from ranking.rankers.custom import Custom
from ranking.rankers.dcn import DCN
from ranking.rankers.deepfm import DeepFM
from ranking.rankers.dien import DIEN
from ranking.rankers.din import DIN
from ranking.rankers.esmm import ESMM
from ranking.rankers.fibinet import FiBiNET
from ranking.rankers.fm import FM
from ranking.rankers.gbdt import GBDT
from ranking.rankers.lr import LR
from ranking.rankers.mmoe import MMoE
from ranking.rankers.rule import Rule
from ranking.rankers.towers import Towers
from ranking.rankers.wdl import WDL
from ranking.rankers.xdeepfm import XDeepFM

AnyRanker = Annotated[
    Rule
    | LR
    | GBDT
    | FM
    | WDL
    | DeepFM
    | DCN
    | XDeepFM
    | FiBiNET
    | DIN
    | DIEN
    | ESMM
    | MMoE
    | Custom
    | Towers,
    Field(discriminator="type"),
]  # fmt: skip
