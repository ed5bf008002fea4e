"""What it costs to go from tag to tag, in few numbers, so that finding the best way is quick.

Between entities a step costs what leaving the one and entering the other cost; within an entity
each label has four steps of its own. The number of ways into a tag then does not grow with the
number of labels.
"""

from typing import NamedTuple

import numpy as np

from nlp.compiled import Doubles
from nlp.ner.tags import Tags, steps_within

ONWARD, CLOSE, GO_ON, FINISH = range(4)  # begin to inside or end, inside to inside or end


class Chain(NamedTuple):
    """Scores of steps and of first and last tags."""

    leaving: Doubles  # (tags,), used where an entity is over
    entering: Doubles  # (tags,), used where none goes on
    within: Doubles  # (labels, 4)
    starts: Doubles  # (tags,)
    ends: Doubles  # (tags,)

    def over(self, warmth: float) -> "Chain":
        """The chain of scores that are divided by this."""
        return Chain(*(part / warmth for part in self))

    def matrices(self, tags: Tags) -> tuple[Doubles, Doubles, Doubles]:
        """Tag to tag, first and last tags, with the impossible."""
        follows = np.add.outer(self.leaving, self.entering)
        follows[steps_within(len(self.within))] = self.within
        return follows + tags.follows, self.starts + tags.starts, self.ends + tags.ends
