"""What a kind of edge says of itself, and what it is given while it is brought up to date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row

from graph.catalog import Catalog
from graph.edges.spec import Weight
from weft.events import Events
from weft.steps import Work

KEYWORDS = "text.keywords"


@dataclass(frozen=True)
class Around:
    """What else of the spec shapes edges."""

    catalog: Catalog
    events: Events
    edges: Mapping[str, "Kind"]
    reading: tuple[str, ...] = ()  # the steps that give items their tags


@dataclass(frozen=True)
class Fade:
    """How mass fades: an event at the landmark adds its own weight."""

    half_life: float | None
    landmark: datetime


@dataclass(frozen=True)
class Run:
    """One kind being brought up to date: as it stood before, or from nothing."""

    work: Work
    name: str
    around: Around
    fade: Fade
    before: Row[Any] | None

    def since(self, window: timedelta | None) -> date | None:
        """Give the first day that counts."""
        return None if window is None else (self.work.moment - window).date()


@dataclass(frozen=True)
class Content:
    """A query of source, target, mass and n: all there is, or what to add to what is stored.

    `scoped`: all there is from the sources that were marked as due.
    """

    query: str
    values: Mapping[str, Any] = field(default_factory=dict)
    added: bool = False
    scoped: bool = False


class Kind(Protocol):
    """A kind of edge, as its section declares it."""

    @property
    def weight(self) -> Weight:
        """How weights are worked out."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """Give its section, filled in."""

    def ends(self, edges: Mapping[str, "Kind"]) -> tuple[str, str]:
        """Give the kinds of node that it ties."""

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""

    def legs(self) -> tuple[str, ...]:
        """Give the other kinds of edge that it comes from."""

    def shaped_by(self, around: Around) -> Mapping[str, Any]:
        """Give what shapes it outside its own section."""

    def life(self) -> timedelta | None:
        """Give its half-life, if it has one of its own."""

    def content(self, run: Run) -> Content:
        """Say what it should hold."""
