"""An exam of rankers: what was shown later, what came of it, and what each ranker had foretold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Codes, Examples, Longs

Flags = NDArray[np.bool_]
ALL = "all"


@dataclass(frozen=True)
class Exam:
    """Rows that were shown later, and the chances that each ranker gave them."""

    persons: Longs  # (rows,) from 0 on
    groups: Longs  # (rows,) the request of each row, from 0 on
    scenes: Codes  # (rows,) number in `scene_names`, or -1
    scene_names: tuple[str, ...]
    who: Codes  # (rows,) number in `who_names`
    who_names: tuple[str, ...]
    labels: Floats  # (rows, tasks)
    tasks: tuple[str, ...]
    chances: Mapping[str, Floats]  # ranker → (rows, tasks)

    def parts(self) -> dict[tuple[str, str], Flags]:
        """Give the rows of everything, of each scene and of each group of persons."""
        found: dict[tuple[str, str], Flags] = {(ALL, ALL): np.ones(len(self.persons), np.bool_)}
        for number, name in enumerate(self.scene_names):
            found[name, ALL] = self.scenes == number
        for number, name in enumerate(self.who_names):
            found[ALL, name] = self.who == number
        return {part: flags for part, flags in found.items() if flags.any()}


def exam_of(
    later: Examples,
    tasks: Sequence[str],
    who: tuple[Codes, tuple[str, ...]],
    chances: Mapping[str, Floats],
) -> Exam:
    """Put an exam together; persons and requests are numbered anew."""
    _, persons = np.unique(later.persons, return_inverse=True)
    _, groups = np.unique(later.groups, return_inverse=True)
    return Exam(
        persons.astype(np.int64),
        groups.astype(np.int64),
        later.scenes,
        later.scene_names,
        *who,
        later.labels,
        tuple(tasks),
        chances,
    )
