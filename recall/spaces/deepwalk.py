"""DeepWalk (Perozzi et al. 2014): plain or weighted walks, read by skip-gram."""

from typing import Literal

from recall.spaces.skipgram.walking import WalkedSkipGram, walk_and_learn
from recall.spaces.trained import Lesson, Placed


class DeepWalk(WalkedSkipGram):
    """Vectors from walks that go on by the weight of ties."""

    type: Literal["deepwalk"]

    def fit(self, lesson: Lesson) -> Placed:
        """Walk and learn."""
        return walk_and_learn(self, lesson)
