"""What is searched for: words, tags that are named, and vectors, blended."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from sqlalchemy import Connection

from graph.catalog import Catalog
from recall.candidates import Finder
from recall.channels.spec import Around, Channel, Ready
from recall.search.finding import KeywordFinder
from recall.search.index import Shape
from recall.search.reading import Reading
from recall.search.storing import HEADS, OWN, TAGS, TITLE, add_newer, make_postings
from recall.spaces.steps import SPACE
from recall.vectors import Store
from weft.spec import Section, unknown
from weft.steps import Made, Step, Work

CODE = 2  # raise it when the same section would index otherwise
WRITTEN = {"text": 1.0, "keyword": 0.5}  # attributes that words are looked for in, by weight
READING = ("keyword-dssm",)  # types of space that read


def _reading(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        spaces = info.context["raw"].get("spaces") or {}
        names = [n for n, said in spaces.items() if said.get("type") in READING]
        if name not in names:
            raise ValueError(unknown("reading space", name, names))
    return name


def _field(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        items = (info.context["raw"].get("catalog") or {}).get("item") or {}
        names = [*OWN, *(n for n, said in items.items() if said.get("type") in WRITTEN)]
        if name not in names:
            raise ValueError(unknown("field", name, names))
    return name


class Blend(Section):
    """How much each part counts."""

    lexical: float = Field(default=1.0, ge=0, description="the words of the query")
    tags: float = Field(default=0.2, ge=0, description="the tags that the query names")
    intent: float = Field(
        default=0.1, ge=0, description="vectors of `space`, as far as words leave it open"
    )


class Keyword(Channel):
    """Items for what somebody typed."""

    asked: ClassVar[frozenset[str]] = Channel.asked | {"space", "blend", "pool"}

    type: Literal["keyword"]
    space: Annotated[str, AfterValidator(_reading)] | None = Field(
        default=None, description="the space that reads what is typed; none: words and tags alone"
    )
    fields: dict[Annotated[str, AfterValidator(_field)], Annotated[float, Field(ge=0)]] = Field(
        default={},
        description="how much a word counts in the title, as what titles and texts end in (heads),"
        " in the names of tags, in an attribute; unsaid: title 3, keyword attributes 0.5, others 1",
    )
    k1: float = Field(default=1.2, gt=0, description="the higher, the more repeating a word counts")
    b: float = Field(default=0.75, ge=0, le=1, description="how much long texts are held against")
    blend: Blend = Blend()
    pool: int = Field(default=500, ge=1, le=10_000, description="what each part finds at least")

    def step(self, name: str, around: Around) -> Step:
        """Give the step that indexes what is written of items."""
        weights = self.weights(around.catalog)
        texts = [name for name, said in around.catalog.item.items() if said.type == "text"]

        def run(work: Work) -> Made:
            return make_postings(work, weights, texts, Shape(self.k1, self.b))

        section = {**self.shape(), "fields": weights, "texts": texts}
        reads = ("item", "item_tag", "tag")
        return Step(f"recall.{name}", section, run, reads, around.reading, code=CODE)

    def take_in(
        self, connection: Connection, artifact: int, around: Around, items: Sequence[int]
    ) -> None:
        """Index what is written of items that came since."""
        weights = self.weights(around.catalog)
        texts = [name for name, said in around.catalog.item.items() if said.type == "text"]
        add_newer(connection, artifact, weights, texts, Shape(self.k1, self.b), items)

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what answers questions from an artifact of this channel."""
        postings, catalog = ready.artifacts[f"recall.{name}"], ready.around.catalog
        weights = self.blend.model_dump()
        return KeywordFinder(name, postings, catalog, weights, self.pool, self._reading(ready))

    def weights(self, catalog: Catalog) -> dict[str, float]:
        """Give the weight of every field."""
        attributes = {n: WRITTEN[a.type] for n, a in catalog.item.items() if a.type in WRITTEN}
        return {TITLE: 3.0, HEADS: 1.0, TAGS: 1.0, **attributes, **self.fields}

    def _reading(self, ready: Ready) -> Reading | None:
        if self.space is None:
            return None
        space, artifact = ready.around.spaces[self.space], ready.artifacts[SPACE + self.space]
        return Reading(space, Store(artifact, space.dim, ready.around.catalog, by=space.by))
