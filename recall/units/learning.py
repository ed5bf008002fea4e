"""Learning where items are: near what is done in the same sessions, near other halves of them."""

from dataclasses import replace

import numpy as np

from graph.graph import Edges
from nlp.compiled import Flags
from recall.spaces.devices import device_of
from recall.spaces.item_unit import ItemUnit
from recall.spaces.trained import Lesson
from recall.units.drawing import Drawing, Shares
from recall.units.network import Contrast, Learner, UnitNet, torch_of
from recall.units.tower import Tower


def learn(space: ItemUnit, lesson: Lesson, bags: Edges, ids: int) -> Tower:
    """Give the tower that tells what belongs together from what does not."""
    shares = Shares(space.batch, space.window, space.own, space.forget, space.negatives)
    drawing = Drawing(bags, lesson.sessions, shares, lesson.seed)
    with torch_of(lesson):
        network = UnitNet(ids, space.dim).to(device_of(lesson.device))
        learner = Learner([network], space.rate)
        for number in range(space.steps):
            pairs = drawing.batch()
            contrast = Contrast(space.temperature, pairs.right(), pairs.expected)
            learner.step(contrast.loss(network(pairs.anchors), network(pairs.targets)))
            lesson.progress((number + 1) / space.steps)
        tower = network.frozen()
    return used(tower, seen_in(bags, ids))


def used(tower: Tower, seen: Flags) -> Tower:
    """Forget the vectors of ids that were never seen: nobody has learned them."""
    return replace(tower, table=np.where(seen[:, None], tower.table, 0).astype(np.float32))


def seen_in(bags: Edges, ids: int) -> Flags:
    """Mark the ids that are in any bag."""
    return np.bincount(bags.targets, minlength=max(ids, 1)) > 0
