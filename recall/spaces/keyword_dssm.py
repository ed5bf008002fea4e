"""Keyword DSSM: texts and items in one space, so that any text finds items (Huang et al. 2013)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from graph.edges.spec import EdgeName
from recall.spaces.item_unit import mean_of, sides_of, stretches, words_of
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson, liked_in
from recall.spelling.positives import Positives, relations_of
from recall.spelling.reading import TextReader, load_reader
from recall.units.bags import bags_of
from recall.units.placing import Units, load, settled
from weft.errors import NothingToLearn
from weft.spec import ref


class KeywordDSSM(Space):
    """Vectors of keywords, tags and items, and of any text that is typed."""

    places_newcomers: ClassVar[bool] = True

    type: Literal["keyword-dssm"]
    item: Annotated[str, ref("spaces", "space")] | None = Field(
        default=None, description="the space whose item vectors are carried over"
    )
    fits: list[EdgeName] = Field(
        default=[], description="kinds of edge between keywords or tags and items that fit them"
    )
    units: list[EdgeName] = Field(
        default=[], description="kinds of edge from items to what they are known by"
    )
    ids: bool = Field(default=False, description="items have a vector of their own beside")
    titles: float = Field(
        default=0.5, ge=0, le=1, description="share of examples that are stretches of titles"
    )
    buckets: int = Field(
        default=65_536, ge=16, le=2**22, description="vectors that pieces of words share"
    )
    forget: float = Field(
        default=0.3, ge=0, lt=1, description="share of what items are known by that is left out"
    )
    negatives: int = Field(default=256, ge=0, description="further items drawn for a batch")
    temperature: float = Field(default=0.1, gt=0, description="of the softmax over cosines")
    rate: float = Field(default=0.02, gt=0, description="of learning")
    batch: int = Field(default=256, ge=2, description="texts in a step")
    steps: int = Field(default=3000, ge=1, description="of learning")

    def edges(self) -> Sequence[str]:
        """Name the kinds of edge that it learns from."""
        return tuple(dict.fromkeys((*self.units, *self.fits)))

    def texts(self) -> Sequence[str]:
        """Name the kinds of node whose titles, labels or words are read."""
        return ("item", "keyword", "tag")

    def samples(self) -> bool:
        """Samples bring the item vectors of another space."""
        return self.item is not None

    def start_from(self) -> str | None:
        """Name the space whose item vectors it starts from."""
        return self.item

    def load(self, files: Mapping[str, bytes]) -> Units:
        """Give what places new items."""
        return load(files)

    def reader(self, files: Mapping[str, bytes]) -> TextReader:
        """Give what turns typed words into vectors to search by."""
        return load_reader(files)

    def fit(self, lesson: Lesson) -> Units:
        """Learn both towers, then place items, keywords and tags."""
        from recall.spelling.learning import learn  # noqa: PLC0415 - torch takes seconds

        graph, size = lesson.graph, lesson.graph.size("item")
        kinds, firsts, ids = stretches(graph, self.units, self.ids)
        bags = bags_of(kinds, firsts, size)
        called = lesson.texts.get("item", [()] * size)
        titles = [several[0] if several else "" for several in called]
        relations = relations_of(graph, self.fits, lesson.texts)
        positives = Positives(relations, titles, self.titles, lesson.seed)
        if not positives or not len(bags):
            raise NothingToLearn(
                "keyword-dssm needs items that are known by something (`units`) and texts that "
                "they fit (`fits`, titles): import events first, or items"
            )
        others = lesson.samples.pretrained if lesson.samples else None
        tower, texts = learn(self, lesson, bags, ids, positives, others)
        items, reader = tower.embed(bags, others, lesson.threads), TextReader(texts)
        mean = mean_of(items)
        vectors = {"item": settled(items, mean)}
        for kind in ("keyword", "tag"):
            if kind in lesson.texts:
                vectors[kind] = settled(reader.called(lesson.texts[kind]), mean)
        vectors = {**words_of(self.units, kinds, firsts, graph, tower, mean), **vectors}
        return Units(vectors, tower, firsts, sides_of(kinds), mean, liked_in(graph), reader.save())
