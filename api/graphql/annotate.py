"""What is read out of a text."""

import asyncio

import strawberry

from api.graphql.access import entry
from api.graphql.context import Info
from api.graphql.tag import Tag, tag_of
from graph.texts.tagging import Reader
from nlp.annotation import Annotation as Read
from nlp.annotation import Span
from nlp.units import Measure as Measured
from weft.errors import BadRequest

LONGEST = 10_000


@strawberry.type
class Mention:
    """A stretch of the text that names a tag."""

    start: int = strawberry.field(description="In characters.")
    end: int
    text: str
    facet: str
    source: str
    confidence: float
    why: str
    key: strawberry.Private[str | None]

    @strawberry.field(description="The tag; none where only the entity model saw something.")
    async def tag(self, info: Info) -> Tag | None:
        """Load the tag."""
        row = await info.context.loaders.tags.load(self.key) if self.key else None
        return tag_of(row) if row else None


@strawberry.type
class Measure:
    """A number with its meaning: a size, a volume, a count."""

    start: int
    end: int
    dimension: str
    low: float
    high: float
    unit: str
    times: float


@strawberry.type
class Annotation:
    """Tags, measures and keywords of one text."""

    text: str
    lexicon: str = strawberry.field(description="The version of the lexicon that read it.")
    mentions: list[Mention]
    measures: list[Measure]
    keywords: list[str]


@strawberry.field(extensions=entry("reader"), description="Read a title or a query.")
async def annotate(info: Info, text: str) -> Annotation:
    """Read a text with the taxonomy as it stands now."""
    check_length(text)
    await opened_texts(info)
    return await asyncio.to_thread(_annotate, info, text)


async def opened_texts(info: Info) -> None:
    """Wait, in no thread, until texts can be read: soon after a process starts they can."""
    context = info.context
    await context.texts.opened(context.databases.loading, context.spec)


def check_length(text: str) -> None:
    """Refuse what nobody would call a title or a query."""
    if len(text) > LONGEST:
        raise BadRequest(f"text: {len(text):,} characters; at most {LONGEST:,}")


def _annotate(info: Info, text: str) -> Annotation:
    context = info.context
    with context.databases.loading.begin() as connection:
        reader = context.texts.reader(connection, context.spec)
    return _annotation(reader, reader.read([text], [()])[0])


def _annotation(reader: Reader, read: Read) -> Annotation:
    return Annotation(
        text=read.text,
        lexicon=read.lexicon,
        mentions=[mention_of(reader, read.text, span) for span in read.spans],
        measures=[measure_of(measure) for measure in read.measures],
        keywords=list(read.keywords),
    )


def mention_of(reader: Reader, text: str, span: Span) -> Mention:
    """Make a mention of a span of a text."""
    key = None if span.tag is None else reader.lexicon.entries[span.tag].tag.key
    return Mention(
        start=span.start,
        end=span.end,
        text=text[span.start : span.end],
        facet=span.facet,
        source=span.source,
        confidence=span.confidence,
        why=span.why,
        key=key,
    )


def measure_of(found: Measured) -> Measure:
    """Make a measure of what was measured."""
    return Measure(
        start=found.start,
        end=found.end,
        dimension=found.dimension,
        low=found.value,
        high=found.high,
        unit=found.unit,
        times=found.times,
    )
