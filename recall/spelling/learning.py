"""Learning where texts are: near the items that they are right for, in both towers at once."""

import numpy as np
import torch
from torch import Tensor

from graph.graph import Edges, Floats, Numbers
from graph.products import rows_of
from recall.spaces.devices import device_of
from recall.spaces.keyword_dssm import KeywordDSSM
from recall.spaces.trained import Lesson
from recall.spelling.pieces import pieces
from recall.spelling.positives import Positives
from recall.units.bags import bags_of_lists
from recall.units.drawing import without
from recall.units.learning import seen_in, used
from recall.units.network import Contrast, Learner, UnitNet, torch_of
from recall.units.tower import Tower


def learn(
    space: KeywordDSSM,
    lesson: Lesson,
    bags: Edges,
    ids: int,
    positives: Positives,
    others: Floats | None,
) -> tuple[Tower, Tower]:
    """Give the tower of items and the tower of texts."""
    random = np.random.default_rng((lesson.seed, 1))
    seen = np.zeros(space.buckets, np.bool_)
    with torch_of(lesson):
        device = device_of(lesson.device)
        items = UnitNet(ids, space.dim, None if others is None else others.shape[1]).to(device)
        texts = UnitNet(space.buckets, space.dim).to(device)
        learner = Learner([items, texts], space.rate)
        known = np.arange(len(bags.starts) - 1, dtype=np.int32)
        for number in range(space.steps):
            drawn, expected = positives.draw(space.batch)
            targets = np.concatenate((drawn.items, random.choice(known, space.negatives)))
            asked = bags_of_lists([pieces(text, space.buckets) for text in drawn.texts])
            seen[asked.targets] = True
            rows = rows_of(bags, targets)
            rows = without(rows, random.random(len(rows)) < space.forget)
            chances = expected[targets] + np.float32(space.negatives / len(known))
            contrast = Contrast(space.temperature, positives.right(drawn, targets), chances)
            found = items(rows, _torn(others, targets, space.forget, random))
            learner.step(contrast.loss(texts(asked), found))
            lesson.progress((number + 1) / space.steps)
        item_tower, text_tower = items.frozen(), texts.frozen()
    return used(item_tower, seen_in(bags, ids)), used(text_tower, seen)


def _torn(
    others: Floats | None, rows: Numbers, forget: float, random: np.random.Generator
) -> Tensor | None:
    """Give vectors of another space, of some rows nought: new items have none."""
    if others is None:
        return None
    stays = random.random((len(rows), 1)) >= forget
    return torch.from_numpy(np.where(stays, others[rows], 0).astype(np.float32))
