"""The demo shop without all that ablations do not need, filled, and asked for lessons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from api.building import apply_spec
from api.spec import Spec
from bench.demo_shop import fill, with_spaces, write_shop
from graph.edges.kind import Around
from recall.spaces.lessons import School, liked_between, read_lesson
from recall.spaces.measuring import Exam, exam_of
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson
from weft.queries import NEWEST_EVENT
from weft.running import Quiet
from weft.steps import Work
from world import World

EDGES = ("tagged", "liked")
LIKES = "liked"


@dataclass(frozen=True)
class Shop:
    """A shop that is filled and woven, and which of its last events are to be found."""

    connection: Connection
    spec: Spec
    last: timedelta
    seed: int

    def lesson(self, space: Space) -> Lesson:
        """Read what a space learns from, as of before the last events."""
        return read_lesson(self._now().before(self.last), space, lambda share: None)

    def exam(self, lesson: Lesson) -> Exam:
        """Give what persons liked in the last events, and had not liked before."""
        since = self._now().before(self.last).work.moment
        later = liked_between(self._now(), lesson.graph, since)
        return exam_of(lesson.graph.edges[LIKES], later, lesson.graph, self.seed)

    def _now(self) -> School:
        moment = self.connection.execute(NEWEST_EVENT).scalar_one()
        work = Work(self.connection, 0, {}, moment, lambda line: None, lambda share: None)
        edges = dict(self.spec.graph.edges) if self.spec.graph else {}
        return School(work, Around(self.spec.catalog, self.spec.events, edges), LIKES)


def shop_of(home: Path, spaces: Mapping[str, Mapping[str, Any]]) -> Spec:
    """Write the demo shop's spec with these spaces, and without reading titles."""
    shop = with_spaces(spaces)
    del shop["text"]
    shop["graph"]["edges"] = {name: shop["graph"]["edges"][name] for name in EDGES}
    return write_shop(home, shop)


def weave(engine: Engine, spec: Spec, files: Path, world: World) -> None:
    """Make a world, import it and weave its graph."""
    fill(engine, spec, files, world)
    apply_spec(engine, spec.model_copy(update={"spaces": {}}), Quiet())
