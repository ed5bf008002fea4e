"""Both towers together, as a space's options ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from graph.graph import Numbers
from recall.spaces.trained import Lesson, Samples
from recall.towers.beginnings import known_before, tables_of
from recall.towers.items import ItemTower
from recall.towers.journeys import Asked, Journeys, strengths_of
from recall.towers.knowledge import items_of
from recall.towers.layers import unit
from recall.towers.persons import PersonTower
from recall.towers.spec import TowerSpace
from recall.towers.tables import Table
from recall.towers.windows import Windows


@dataclass(frozen=True)
class Towers:
    """Networks, and the tables beside them."""

    items: ItemTower
    persons: PersonTower
    tables: dict[str, Table]  # own: items; words: of items; persons: words of persons and scenes
    unit: bool
    device: str

    def modules(self) -> Iterator[nn.Module]:
        """Give what learns as a whole."""
        yield from (self.items, self.persons)

    def learning(self, now: bool) -> None:
        """Switch on what only belongs to learning, or off."""
        for module in self.modules():
            module.train(now)

    def placed(self, x: Tensor) -> Tensor:
        """Bring vectors to length one if the space says so."""
        return unit(x) if self.unit else x

    def ask(self, items: Tensor, journeys: Journeys, windows: Windows, asked: Asked) -> Tensor:
        """Give the vectors of what is asked. # (asked, interests, dim)

        items: (windows, length, dim), of the deeds of each window.
        """
        deeds = windows.places()[0][:, : items.shape[1]]
        strengths = torch.from_numpy(strengths_of(journeys.deeds.weights[deeds])).to(self.device)
        tokens = self.persons.tokens(items, strengths)
        first = self.items.bags.firsts.get("tag", 0)
        return self.placed(self.persons(tokens, asked, self.tables["words"], first))

    @torch.no_grad()
    def all_items(self) -> Tensor:
        """Give the vectors of all items as they are searched. # (items, dim)"""
        return self.items.all()

    @torch.no_grad()
    def ends(self, vectors: Tensor, journeys: Journeys, windows: Windows) -> Tensor:
        """Give the vectors of persons after all deeds of their windows. # (windows, interests, dim)

        Windows without deeds are those of persons that nothing was done by.
        """
        deeds, _ = windows.places()
        items = vectors[torch.from_numpy(journeys.deeds.items[deeds].astype(np.int64))]
        rows = np.arange(len(windows))
        nowhere: Numbers = np.full(len(rows), -1, np.int32)
        asked = journeys.asked(windows, rows, windows.sizes, nowhere, np.ones(len(rows), np.bool_))
        return self.ask(items, journeys, windows, asked)


@dataclass(frozen=True)
class Kept:
    """A copy of all that learns."""

    weights: list[dict[str, Tensor]]
    rows: dict[str, Tensor]


def kept(towers: Towers) -> Kept:
    """Copy what was learned."""
    weights = [
        {name: some.clone() for name, some in module.state_dict().items()}
        for module in towers.modules()
    ]
    return Kept(weights, {name: table.rows.clone() for name, table in towers.tables.items()})


def restore(towers: Towers, then: Kept) -> None:
    """Go back to what was learned then."""
    for module, weights in zip(towers.modules(), then.weights, strict=True):
        module.load_state_dict(weights)
    for name, rows in then.rows.items():
        towers.tables[name].rows.copy_(rows)


def towers_of(space: TowerSpace, lesson: Lesson, samples: Samples, journeys: Journeys) -> Towers:
    """Draw where both towers begin."""
    torch.manual_seed(lesson.seed)
    known = items_of(lesson, samples)
    sizes = {
        "own": lesson.graph.size("item"),
        "words": known.size,
        "persons": journeys.persons.size,
    }
    tables = tables_of(space, sizes, lesson.device)
    before = known_before(space, samples.pretrained, lesson.seed)
    items = ItemTower(known, before, space, tables["own"], tables["words"])
    persons = PersonTower(space, bool(journeys.tags.shape[1]), tables["persons"])
    return Towers(
        items.to(lesson.device), persons.to(lesson.device), tables, space.unit, lesson.device
    )
