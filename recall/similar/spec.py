"""What channels of similar items have in common in their sections."""

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from graph.edges.spec import EdgeName
from graph.graph import Edges
from nlp.compiled import Flags
from recall.candidates import Finder
from recall.channels.spec import Around, Channel, Ready, check_ends, forward
from recall.similar.counting import Count
from recall.similar.finding import SimilarFinder
from recall.similar.making import Lister, similar_step
from weft.steps import Step
from weft.words import Duration


class Alike(Channel):
    """Items that are like those of the person's history, by lists made beforehand."""

    asked: ClassVar[frozenset[str]] = Channel.asked | {"half_life", "recent"}

    half_life: Duration = Field(
        default=timedelta(days=7), description="after this a deed of the history counts half"
    )
    recent: int = Field(default=50, ge=1, le=200, description="items of the history that count")

    def goes_from_items(self, around: Around) -> bool:
        """Tell that it does."""
        return True

    def adding(self, name: str, step: str, ready: Ready) -> Finder:
        """Give what adds up the lists that a step has made."""
        artifact, catalog = ready.artifacts[step], ready.around.catalog
        return SimilarFinder(name, artifact, catalog, self.half_life, self.recent)


class Similar(Alike):
    """Lists that are counted from who liked what."""

    far: ClassVar[bool] = False  # whether more likes of an item change the lists of others

    over: Annotated[EdgeName, AfterValidator(forward)] = Field(
        description="the kind of edge that says who liked what"
    )
    top: int = Field(default=100, ge=1, le=10_000, description="how many items each list keeps")

    def check(self, around: Around) -> None:
        """Insist on edges from persons to items."""
        check_ends(around, self.over, "person", "item")

    def count(self, liked: Edges, usable: Flags, threads: int) -> Count:
        """Prepare counting how similar items are."""
        raise NotImplementedError

    def step(self, name: str, around: Around) -> Step:
        """Give the step that makes the lists."""
        lister = Lister(self.over, self.count, self.far, around.catalog)
        return similar_step(f"recall.{name}", {**self.shape(), "code": 1}, lister)

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what adds up lists of a release."""
        return self.adding(name, f"recall.{name}", ready)
