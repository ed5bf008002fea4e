"""What every space's section has."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import Field

from graph.catalog import SingleFilter
from graph.edges.spec import EdgeName
from nlp.compiled import Flags
from recall.samples.spec import Balance, Mixture
from recall.similar.counting import Count
from recall.spaces.trained import Asker, Placer, Reader, Trained
from weft.spec import Section
from weft.words import Duration


class Space(Section):
    """Vectors of nodes."""

    places_newcomers: ClassVar[bool] = False  # whether `load` gives what places new nodes

    # how near tags are to what is searched by; none: they are searched by themselves
    tags_near_by: ClassVar[Literal["angle", "product"] | None] = "angle"

    dim: int = Field(default=64, ge=2, le=1024, description="numbers in a vector")
    seed: int = Field(default=0, ge=0, description="the same seed gives the same space")
    every: Duration = Field(
        default=timedelta(days=1), description="how often it learns anew from what has come since"
    )
    holdout: Duration | None = Field(
        default=timedelta(days=1),
        description="the last events, which it is measured by beside popular and ItemCF; none: not",
    )

    by: SingleFilter | None = Field(
        default=None,
        description="an index for each frequent value of this attribute, for where the vectors "
        "are too many for memory",
    )

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return ()

    def featured(self) -> Sequence[str]:
        """Name the kinds of edge whose targets are features of their sources."""
        return ()

    def grouped(self) -> Sequence[str]:
        """Name the item attributes that negatives are drawn within."""
        return ()

    def gap_of_sessions(self) -> timedelta | None:
        """Tell which break ends a session, if sessions are read."""
        return None

    def weight_before_purchase(self) -> float:
        """Tell how many times a step counts that leads to a purchase."""
        return 1.0

    def samples(self) -> bool:
        """Tell whether it learns from samples."""
        return False

    def sampling(self) -> tuple[Mixture, Balance]:
        """Tell which negatives positives are held against, and how often each is drawn."""
        return Mixture(), Balance()

    def texts(self) -> Sequence[str]:
        """Name the kinds of node whose titles, labels or words are read."""
        return ()

    def start_from(self) -> str | None:
        """Name the space whose item vectors it starts from."""
        return None

    def asker(self, files: Mapping[str, bytes]) -> Asker | None:
        """Give what turns a history into vectors to search by, if this space has a user tower."""
        return None

    def reader(self, files: Mapping[str, bytes]) -> Reader | None:
        """Give what turns typed words into vectors to search by, if this space reads."""
        return None

    def lists(self) -> bool:
        """Tell whether lists of the nearest items are kept beside vectors."""
        return False

    def lister(self, trained: Trained, usable: Flags) -> Count:
        """Give what lists the nearest items of items, of those that are usable."""
        raise NotImplementedError

    def load(self, files: Mapping[str, bytes]) -> Placer | None:
        """Give what places new nodes without learning anew, if this space can."""
        return None


class SpaceOverEdges(Space):
    """Vectors of nodes, learned from edges."""

    over: list[EdgeName] = Field(min_length=1, description="the kinds of edge that it learns from")

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return self.over
