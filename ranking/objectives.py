"""Objectives: the chances of several tasks become one score."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graph.graph import Floats
from weft.spec import Section, unknown

Doubles = NDArray[np.float64]
LEAST = 1e-9  # a chance of nought would hide what else is known


class Objective(Section):
    """What a stage sorts by."""

    how: Literal["product", "sum"] = Field(
        default="product",
        description="chances by their powers, multiplied; or times their weights, added",
    )
    of: dict[str, float] = Field(
        default={},
        description="task → its power or weight, such as {click: 1, purchase: 0.5}; "
        "default: the first task alone",
    )

    def of_tasks(self, tasks: tuple[str, ...]) -> Doubles:
        """Give the power or weight of each task; refuse tasks that a model does not foretell."""
        for name in self.of:
            if name not in tasks:
                raise ValueError(unknown("task", name, tasks))
        if not self.of:
            return np.array([1.0, *(0.0 for _ in tasks[1:])])
        return np.array([self.of.get(task, 0.0) for task in tasks])

    def scores(self, chances: Floats, tasks: tuple[str, ...]) -> Doubles:
        """Give one score for each row. # chances: (rows, tasks)"""
        parts = self.of_tasks(tasks)
        if self.how == "sum":
            added: Doubles = chances @ parts
            return added
        multiplied: Doubles = np.exp(np.log(np.maximum(chances, LEAST)) @ parts)
        return multiplied
