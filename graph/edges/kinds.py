"""The kinds of edge that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field, model_validator

from graph.edges.attributes import Attributes
from graph.edges.events import Happenings
from graph.edges.finds import Finds
from graph.edges.hierarchy import Hierarchy
from graph.edges.meanings import Meanings
from graph.edges.related import Related
from graph.edges.searches import Searches
from graph.edges.sessions import Sessions
from graph.edges.tags import Tags
from graph.edges.through import Through
from graph.edges.words import Words
from weft.spec import Section

AnyEdge = Annotated[
    Tags
    | Words
    | Meanings
    | Attributes
    | Hierarchy
    | Related
    | Happenings
    | Searches
    | Finds
    | Sessions
    | Through,
    Field(discriminator="type"),
]
TAKEN = ("node", "kind", "seen")
EdgeKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class Graph(Section):
    """The section `graph`."""

    edges: dict[EdgeKey, AnyEdge] = {}

    @model_validator(mode="after")
    def _paths_meet(self) -> "Graph":
        for name in self.edges:
            if name in TAKEN:
                raise ValueError(f"'{name}' is taken; call the edge something else")
            self._refuse_circle(name, ())
        for edge in self.edges.values():
            edge.ends(self.edges)
        return self

    def _refuse_circle(self, name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise ValueError(f"these need each other in a circle: {', '.join(way)}")
        for leg in self.edges[name].legs() if name in self.edges else ():
            self._refuse_circle(leg, (*way, name))
