"""The exam: what was asked, what was wanted, what each source answered."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Numbers
from recall.measures import hits_of

NOBODY = -1  # in the place of an item where there are no more
FUSED: Final = "fused"
CHANNEL: Final = "channel"
FLOOR: Final = "floor"
Kind = Literal["fused", "channel", "floor"]
Flags = NDArray[np.bool_]
Hits = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What one source found for every question, the best first."""

    kind: Kind
    name: str
    items: Numbers  # (questions, depth) ids; NOBODY where there are no more
    asked: Flags  # (questions,) whether it was asked at all

    def cut(self, top: int) -> Numbers:
        """Give the first places. # (questions, top)"""
        return self.items[:, :top]


@dataclass(frozen=True)
class Exam:
    """Questions, a person in a scene each, and what everybody wanted; nothing wanted was seen."""

    persons: Numbers  # (questions,) ids
    scenes: tuple[str, ...]  # (questions,)
    groups: tuple[str, ...]  # (questions,) cold, light or heavy
    wanted: Edges  # question -> item id
    left_out: NDArray[np.int64]  # (questions,) offered items that were not to be found
    offered: dict[str, Flags]  # scene -> (ids,) what could have been found there
    young: Flags  # (ids,) items that began a short time before
    known: NDArray[np.int64]  # (ids,) how many persons liked each item before
    crowd: int  # how many persons liked anything before

    def hits(self, answers: Answers, top: int) -> Hits:
        """Mark with 1 what was wanted. # (questions, top)"""
        questions = np.arange(len(self.persons), dtype=np.int32)
        return hits_of(answers.cut(top), self.wanted, questions).astype(np.float64)

    def sizes(self) -> NDArray[np.int64]:
        """Count what each question wants. # (questions,)"""
        return np.diff(self.wanted.starts)

    def choices(self) -> NDArray[np.int64]:
        """Count what could be found for each question. # (questions,)"""
        counts = {scene: int(flags.sum()) for scene, flags in self.offered.items()}
        return np.array([counts[scene] for scene in self.scenes], np.int64) - self.left_out
