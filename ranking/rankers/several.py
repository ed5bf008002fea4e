"""What a spec says of rankers that foretell several things."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ranking.rankers.deep import DeepRanker
from weft.errors import SpecError
from weft.spec import unknown

if TYPE_CHECKING:
    from ranking.examples import Layout

Price = Annotated[float, Field(gt=0)]


class SeveralRanker(DeepRanker):
    """A network whose tasks may weigh differently."""

    weights: Mapping[str, Price] = Field(
        default={}, description="what a task's loss counts for, by its name; 1 if nothing is said"
    )

    def prices(self, layout: "Layout") -> list[float]:
        """Give the weight of each task."""
        for name in self.weights:
            if name not in layout.tasks:
                raise SpecError(f"weights: {unknown('task', name, layout.tasks)}")
        return [self.weights.get(task, 1.0) for task in layout.tasks]
