"""node2vec (Grover and Leskovec 2016): walks that prefer to go back, to stay near or to go far."""

from typing import Literal

from pydantic import Field

from recall.spaces.skipgram.walking import WalkedSkipGram, walk_and_learn
from recall.spaces.trained import Lesson, Placed


class Node2Vec(WalkedSkipGram):
    """Vectors from walks that remember where they were before."""

    type: Literal["node2vec"]
    p: float = Field(default=1.0, gt=0, description="the greater, the seldomer straight back")
    q: float = Field(default=0.5, gt=0, description="the greater, the nearer walks stay")

    def fit(self, lesson: Lesson) -> Placed:
        """Walk and learn."""
        return walk_and_learn(self, lesson, self.p, self.q)
