"""The end of learning: networks become arrays, and everybody is placed."""

import numpy as np
import torch

from graph.graph import Floats, Numbers
from recall.spaces.trained import Lesson
from recall.towers.beginnings import lengths_of
from recall.towers.journeys import Journeys
from recall.towers.knowledge import tags_in
from recall.towers.networks import Towers
from recall.towers.placed import Arrays, Meaning, Placed, tags_of, written
from recall.towers.spec import TowerSpace
from recall.towers.windows import last_windows

PERSONS = 1024  # that are placed at once


@torch.no_grad()
def placed_of(space: TowerSpace, towers: Towers, lesson: Lesson, journeys: Journeys) -> Placed:
    """Place all items, what describes them, and all persons by all that they did."""
    raw = towers.all_items()
    persons = persons_of(towers, raw, journeys, space.length)
    lengths = lengths_of(space, journeys.deeds.items, len(raw))
    items = towers.placed(raw).cpu().numpy() * lengths
    vectors = {"item": items}
    if persons.shape[1] == 1:
        vectors["person"] = persons[:, 0]
    features = lesson.features.get("item")
    if features is not None:
        vectors[features.target] = tags_of(features, items, tags_in(lesson))
    arrays = arrays_of(towers, lesson, items)
    return Placed(vectors, persons, written(arrays, meaning_of(space, towers, journeys)))


def persons_of(towers: Towers, raw: torch.Tensor, journeys: Journeys, length: int) -> Floats:
    """Place persons, some at a time. # (persons, interests, dim)"""
    deeds = journeys.deeds
    everybody: Numbers = np.arange(len(deeds.starts) - 1, dtype=np.int32)
    parts = []
    for start in range(0, len(everybody), PERSONS):
        some = everybody[start : start + PERSONS]
        windows = last_windows(deeds, deeds.starts[1:], length, some)
        parts.append(towers.ends(raw, journeys, windows).cpu().numpy())
    return np.concatenate(parts)


def arrays_of(towers: Towers, lesson: Lesson, items: Floats) -> Arrays:
    """Give all numbers that the person tower answers by."""
    state = {name: some.cpu().numpy() for name, some in towers.persons.state_dict().items()}
    state |= {"ids": lesson.graph.nodes["item"], "items": items.astype(np.float16)}
    state["persons"] = towers.tables["persons"].rows.cpu().numpy()
    features = lesson.features.get("item")
    if features is not None:
        first = towers.items.bags.firsts["tag"]
        state["tags"] = towers.tables["words"].rows[first:].cpu().numpy()
        for part in ("starts", "targets", "weights"):
            state[f"tagged.{part}"] = getattr(features, part)
    return state


def meaning_of(space: TowerSpace, towers: Towers, journeys: Journeys) -> Meaning:
    """Tell what the arrays mean."""
    return {
        "encoder": type(towers.persons.encoder).__name__,
        "heads": towers.persons.encoder.heads,
        "length": space.length,
        "unit": space.unit,
        "firsts": dict(journeys.persons.firsts),
        "words": {name: list(words) for name, words in journeys.persons.words.items()},
    }
