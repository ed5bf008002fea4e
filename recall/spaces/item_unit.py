"""Item-unit: items are what they are known by, attribute by attribute, learned from behaviour.

After Weipaitang's DeepMF with item-unit; skip-gram pairs as in item2vec (Barkan and Koenigstein).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import Field

from graph.edges.spec import EdgeName
from graph.graph import Edges, Floats, Graph
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson, liked_in, unit
from recall.units.bags import alone, bags_of, firsts_of
from recall.units.placing import Units, load, settled
from recall.units.tower import Tower
from weft.errors import BuildError, NothingToLearn
from weft.words import Duration

OWN = "own"  # the stretch of ids that items have of their own


class ItemUnit(Space):
    """Vectors of items and of what they are known by; new items have theirs at once."""

    places_newcomers: ClassVar[bool] = True

    type: Literal["item-unit"]
    units: list[EdgeName] = Field(
        default=[], description="kinds of edge from items to what they are known by"
    )
    ids: bool = Field(default=True, description="items have a vector of their own beside")
    gap: Duration = Field(
        default=timedelta(minutes=30), description="a longer pause ends a session"
    )
    window: int = Field(default=5, ge=1, description="steps of a session that count as beside")
    own: float = Field(
        default=0.25, ge=0, le=1, description="share of pairs of an item with itself, half and half"
    )
    forget: float = Field(
        default=0.3, ge=0, lt=1, description="share of what items are known by that is left out"
    )
    negatives: int = Field(default=256, ge=0, description="further items drawn for a batch")
    temperature: float = Field(default=0.1, gt=0, description="of the softmax over cosines")
    rate: float = Field(default=0.02, gt=0, description="of learning")
    batch: int = Field(default=512, ge=2, description="pairs in a step")
    steps: int = Field(default=2000, ge=1, description="of learning")

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return self.units

    def gap_of_sessions(self) -> timedelta:
        """Tell which break ends a session."""
        return self.gap

    def load(self, files: Mapping[str, bytes]) -> Units:
        """Give what places new items."""
        return load(files)

    def fit(self, lesson: Lesson) -> Units:
        """Learn the tower, then place every item and everything that items are known by."""
        from recall.units.learning import learn  # noqa: PLC0415 - torch takes seconds

        kinds, firsts, ids = stretches(lesson.graph, self.units, self.ids)
        bags = bags_of(kinds, firsts, lesson.graph.size("item"))
        if not len(bags) or (not self.units and not len(lesson.sessions.items)):
            raise NothingToLearn(
                "item-unit needs items that are known by something, or sessions: "
                "name kinds of edge in `units`, or import events first"
            )
        tower = learn(self, lesson, bags, ids)
        items = tower.embed(bags, threads=lesson.threads)
        mean = mean_of(items)
        words = words_of(self.units, kinds, firsts, lesson.graph, tower, mean)
        vectors = {"item": settled(items, mean), **words}
        return Units(vectors, tower, firsts, sides_of(kinds), mean, liked_in(lesson.graph))


def stretches(
    graph: Graph, units: Sequence[str], ids: bool
) -> tuple[dict[str, Edges], dict[str, int], int]:
    """Give the kinds of edge, the first id of each, and how many ids there are."""
    kinds = {name: graph.walked(name) for name in units}
    for name, edges in kinds.items():
        if edges.source != "item" or edges.target == "item":
            wrong = f"{edges.source}s and {edges.target}s"
            raise BuildError(f"units: '{name}' ties {wrong}; attributes of items are needed")
    if ids:
        kinds[OWN] = alone(0, graph.size("item"))
    sizes = {n: graph.size("item" if n == OWN else e.target) for n, e in kinds.items()}
    return kinds, firsts_of(sizes), sum(sizes.values())


def words_of(
    units: Sequence[str],
    kinds: Mapping[str, Edges],
    firsts: Mapping[str, int],
    graph: Graph,
    tower: Tower,
    mean: Floats,
) -> dict[str, Floats]:
    """Place what items are known by, each as if an item were known by nothing else."""
    found: dict[str, Floats] = {}
    for name in units:
        kind = kinds[name].target
        places = tower.embed(alone(firsts[name], graph.size(kind)))
        found.setdefault(kind, settled(places, mean))
    return found


def sides_of(kinds: Mapping[str, Edges]) -> dict[str, tuple[str, str]]:
    """Say which edges place what: attributes place items, and items new attributes."""
    ways = {name: ("item", edges.target) for name, edges in kinds.items() if name != OWN}
    return {**ways, **{_back(name): (b, a) for name, (a, b) in ways.items()}}


def mean_of(vectors: Floats) -> Floats:
    """Give where the middle of vectors is, as far from nothing as they are."""
    middle: Floats = unit(vectors.sum(0, keepdims=True))[0]
    return middle


def _back(name: str) -> str:
    return name[1:] if name.startswith("~") else f"~{name}"
