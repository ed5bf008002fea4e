"""The section `ranking.features`: each class is a kind of feature."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from ranking.features.sources import (
    ASKED,
    CHANGED,
    KEYS,
    NUMBERS,
    TIMES,
    WORDS,
    attributes,
    declared,
)
from weft.events import KindName
from weft.spec import Section, ref, unknown
from weft.words import Duration

FeatureName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
FeatureRef = Annotated[str, ref("ranking.features", "feature")]
WordSource = Annotated[str, declared("word", WORDS, (*KEYS, *ASKED))]
KeySource = Annotated[str, declared("word", WORDS, (*KEYS, "scene"))]
NumberSource = Annotated[str, declared("number", NUMBERS)]
TimeSource = Annotated[str, declared("time", TIMES)]
ManySource = Annotated[str, declared("word list", WORDS, many=True)]
Scale = Literal["quantile", "log", "normal", "lognormal"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _dated(name: str, info: ValidationInfo) -> str:
    table = str(info.data.get("of", "")).partition(".")[0]
    if info.context is not None and table in ("item", "person"):
        catalog = info.context["raw"].get("catalog") or {}
        names = [CHANGED, *attributes(catalog, table, TIMES)]
        if name not in names:
            raise ValueError(unknown(f"{table} time", name, names))
    return name


Dated = Annotated[
    Annotated[str, AfterValidator(_dated)] | None,
    Field(
        description="time attribute since when it is so, or changed_at: before, it is missing",
    ),
]


class Table(Section):
    """A feature whose codes have embeddings."""

    dim: int | None = Field(
        default=None, ge=1, le=1024, description="width of its embeddings, if not the model's own"
    )


class Hashed(Table):
    """A feature whose words are hashed, or listed where no size is given."""

    size: int | None = Field(
        default=None, ge=1, le=2**30, description="hash words into so many; without it, list them"
    )
    least: int = Field(
        default=2, ge=1, description="words in fewer samples share a place in the list"
    )


class Word(Hashed):
    """An id, or an attribute with one word."""

    type: Literal["word"]
    of: WordSource = Field(description="such as item.key, person.city, scene, hour, weekday")
    table: FeatureRef | None = Field(
        default=None, description="another word whose embeddings it reads"
    )
    default: str | None = Field(default=None, description="what a missing word is read as")
    dated: Dated = None
    bias: bool = Field(default=False, description="it has to do with how items are shown")


class Scaled(Table):
    """A number that becomes a code or a scale."""

    scale: Scale = Field(
        default="quantile",
        description="buckets with as many samples each, buckets of one width after the logarithm; "
        "or a number of mean 0 and deviation 1, or that after the logarithm",
    )
    buckets: int = Field(default=20, ge=2, le=10_000, description="how many at most")
    default: float | None = Field(default=None, description="what a missing number is read as")


class Number(Scaled):
    """An attribute that is a number."""

    type: Literal["number"]
    of: NumberSource = Field(description="such as item.price")
    dated: Dated = None


class Age(Scaled):
    """Hours since a time, or until it."""

    type: Literal["age"]
    of: TimeSource = Field(description="such as item.published_at")
    way: Literal["since", "until"] = Field(
        default="since", description="until: what is over is 0; since: what is to come is missing"
    )
    every: Duration = Field(default=HOUR, description="how often it grows")


class Tags(Hashed):
    """The item's tags, pooled."""

    type: Literal["tags"]
    facets: list[str] = Field(min_length=1, description="of which facets, the foremost first")
    most: int = Field(default=8, ge=1, le=256, description="how many count")


class Words(Hashed):
    """An attribute with many words, pooled."""

    type: Literal["words"]
    of: ManySource = Field(description="such as item.colours")
    most: int = Field(default=8, ge=1, le=256, description="how many count")


class Past(Table):
    """What the person did before the moment of the request, step by step."""

    type: Literal["past"]
    by: list[FeatureRef] = Field(
        min_length=1, description="words of items that describe a step; the first is always known"
    )
    kinds: list[KindName] = Field(
        default=[], description="kinds of event; default: those of events.positive"
    )
    length: int = Field(default=50, ge=1, le=1000, description="how many steps at most")
    window: Duration = Field(default=timedelta(days=90), description="how far it goes back")
    delay: Duration | None = Field(
        default=None, description="younger events do not count, for they may arrive late"
    )
    also: list[Literal["kind", "age"]] = Field(
        default=[], description="describe steps by the kind of event, and by how long ago, too"
    )


class Cross(Hashed):
    """Several features as one."""

    type: Literal["cross"]
    of: list[FeatureRef] = Field(min_length=2, description="words, numbers in buckets, positions")
    bias: bool = Field(default=False, description="it has to do with how items are shown")


class Statistic(Scaled):
    """How often events happened in a window before the moment, or which share came to something."""

    type: Literal["statistic"]
    of: list[KeySource] = Field(
        min_length=1, max_length=4, description="such as item.key; person.key and item.category"
    )
    events: list[KindName] = Field(min_length=1, description="kinds of event that are counted")
    per: list[KindName] = Field(
        default=[], description="count per event of these kinds, such as expose"
    )
    smooth: float = Field(
        default=20.0, gt=0, description="as many events are added, with the rate of all"
    )
    window: Duration = Field(default=timedelta(days=7), description="a multiple of `every`")
    every: Duration = Field(
        default=HOUR, description="counts change so often; the time since then does not count"
    )
    delay: Duration | None = Field(
        default=None, description="younger events do not count, for they may arrive late"
    )


class Position(Table):
    """The place on the page: a bias."""

    type: Literal["position"]
    size: int = Field(default=50, ge=1, le=10_000, description="places beyond count as the last")


AnyFeature = Annotated[
    Word | Number | Age | Tags | Words | Past | Cross | Statistic | Position,
    Field(discriminator="type"),
]
Features = dict[FeatureName, AnyFeature]
