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
from ranking.rankers.wdl import WDL
from ranking.rankers.xdeepfm import XDeepFM

AnyRanker = Annotated[
    LR | FM | WDL | DeepFM | DCN | XDeepFM | FiBiNET | Custom | GBDT | DIN | DIEN | ESMM | MMoE,
    Field(discriminator="type"),
]
