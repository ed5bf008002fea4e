"""The options of walks over a net, and the training that DeepWalk and node2vec share."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from graph.graph import Numbers
from graph.walks.nets import net_of
from graph.walks.walker import walker_of
from recall.spaces.skipgram.corpora import Walked
from recall.spaces.skipgram.placing import placed
from recall.spaces.skipgram.spec import SkipGram, settings_of
from recall.spaces.skipgram.training import train
from recall.spaces.spec import SpaceOverEdges
from recall.spaces.trained import Lesson, Placed
from weft.errors import NothingToLearn


class WalkedSkipGram(SkipGram, SpaceOverEdges):
    """Walks instead of sentences."""

    walks: int = Field(default=20, ge=1, description="walks from every node")
    length: int = Field(default=40, ge=2, le=1000, description="nodes in a walk")


def walk_and_learn(
    space: WalkedSkipGram, lesson: Lesson, back: float = 1.0, away: float = 1.0
) -> Placed:
    """Walk over all the kinds of edge as one net, both ways, and learn from the walks."""
    net = net_of(lesson.graph, space.over)
    walker = walker_of(net, space.length, back, away)
    begins = np.flatnonzero(np.diff(net.starts)).astype(np.int32)
    if not len(begins):
        raise NothingToLearn(
            f"no edges in {', '.join(space.over)}, so there is nothing to walk on: "
            "import events first, or name others in `over`"
        )
    corpus = Walked(walker, begins, net.size, space.length, space.walks, lesson.seed)
    groups = spread(lesson, net.spans, net.size)
    learned = train(corpus, settings_of(space, lesson), groups, lesson.progress)
    return placed(learned, net.spans, lesson.graph)


def spread(lesson: Lesson, spans: Mapping[str, slice], size: int) -> dict[str, Numbers]:
    """Say which group each node is of: items have theirs, other nodes have none."""
    groups = {}
    for name, values in lesson.groups.items():
        groups[name] = np.full(size, -1, np.int32)
        if "item" in spans:
            groups[name][spans["item"]] = values
    return groups
