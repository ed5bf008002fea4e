"""What every channel's section has, and what a channel is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo
from sqlalchemy import Connection

from graph.catalog import Catalog
from graph.edges.kind import Kind
from weft.events import Events
from weft.spec import Section, unknown
from weft.steps import Step
from weft.words import Duration

if TYPE_CHECKING:
    from recall.spaces.kinds import AnySpace


@dataclass(frozen=True)
class Around:
    """What else of the spec shapes channels."""

    catalog: Catalog
    events: Events
    edges: Mapping[str, Kind] = field(default_factory=dict)
    spaces: "Mapping[str, AnySpace]" = field(default_factory=dict)
    reading: tuple[str, ...] = ()  # the steps that give items their tags


@dataclass(frozen=True)
class Ready:
    """What a channel answers from: the artifact of each step of one release."""

    artifacts: Mapping[str, int]
    around: Around


class Channel(Section):
    """A way of finding candidates; its `finder(name, ready)` answers from a release."""

    repeats: ClassVar[bool] = False  # whether it means to find what was seen already
    asked: ClassVar[frozenset[str]] = frozenset({"deadline"})  # options that shape no artifact

    deadline: Duration = Field(
        default=timedelta(milliseconds=500), description="a request does not wait longer for it"
    )

    def shape(self) -> dict[str, Any]:
        """Give the options that shape its artifact."""
        return self.model_dump(mode="json", exclude=set(self.asked))

    def goes_from_items(self, around: Around) -> bool:
        """Tell whether it finds what is like the items of a history."""
        return False

    def check(self, around: Around) -> None:
        """Raise a `ValueError` where the rest of the spec does not fit it."""

    def take_in(
        self, connection: Connection, artifact: int, around: Around, items: Sequence[int]
    ) -> None:
        """Let items that came since its artifact was made be found, if it keeps any."""

    def prove(self, connection: Connection) -> None:
        """Raise a `BuildError` where the database does not fit it."""

    def step(self, name: str, around: Around) -> Step | None:
        """Give the step `recall.<name>` that builds this channel, if it needs one of its own."""
        return None


def _dimension(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        names = dimensions(info.context["raw"].get("catalog") or {})
        if name not in names:
            raise ValueError(unknown("dimension", name, names))
    return name


def dimensions(catalog: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """List what a ranked list may be kept by: the scene, and words of the person or the item."""
    sides = (("person", "user"), ("item", "item"))
    return ["scene"] + [
        f"{side}.{name}"
        for side, part in sides
        for name, a in (catalog.get(part) or {}).items()
        if isinstance(a, dict) and a.get("type") in ("tag", "keyword") and not a.get("many")
    ]


def forward(name: str) -> str:
    """Insist that edges are gone as they are."""
    if name.startswith("~"):
        raise ValueError("here edges are gone as they are; without `~`")
    return name


def check_ends(around: Around, edges: str, source: str, target: str) -> None:
    """Insist that a kind of edge ties these kinds of node."""
    ends = around.edges[edges].ends(around.edges)
    if ends != (source, target):
        raise ValueError(
            f"'{edges}' goes from {ends[0]} to {ends[1]}; from {source} to {target} is needed"
        )


Dimension = Annotated[str, AfterValidator(_dimension)]


class Listed(Channel):
    """A channel that keeps ranked lists."""

    by: list[Dimension] = Field(
        default=[], max_length=4, description="keep a list for each of these"
    )
    top: int = Field(default=500, ge=1, le=100_000, description="how many items each list keeps")
