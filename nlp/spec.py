"""The section `text`: how titles and queries are read."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from nlp.ner.settings import NerSettings
from weft.spec import Section
from weft.words import Duration

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
Facet = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class Ner(NerSettings):
    """The entity model: what it learns from, how large it is and how it learns."""

    titles: int = Field(default=5_000, ge=10, description="titles to learn from")
    annotated: list[str] = Field(
        default=[], description="files of titles that people have annotated, JSONL"
    )


class Keywords(Section):
    """Which words of titles and search queries are kept as keywords."""

    at_least: int = Field(default=3, ge=1, description="in how many texts a keyword stands")
    most: int = Field(default=50_000, ge=1, le=1_000_000, description="the telling ones are kept")
    queries: bool = Field(default=True, description="search queries are read, too")


class Suggestions(Section):
    """What is mined for whoever keeps the taxonomy."""

    at_least: int = Field(
        default=3, ge=1, description="so many searches, persons or titles make a suggestion"
    )
    window: Duration = Field(
        default=timedelta(days=30), description="searches and clicks of so long count"
    )


class Text(Section):
    """How titles become tags, and which source is believed."""

    languages: list[Language] = Field(default=["zh", "en"], min_length=1)
    facets: list[Facet] = Field(default=[], description="what titles are read for; none: all")
    least: float = Field(default=0.3, ge=0, le=1, description="mentions less sure are left out")
    precedence: list[str] = Field(
        default=["human", "catalog", "rule", "lexicon", "ner", "image"],
        description="the source that is heard first where several speak of a tag",
    )
    ner: Ner | None = Field(default=None, description="finds names that no label knows")
    stop_words: list[str] = Field(default=[], description="never keywords, beside the usual ones")
    keywords: Keywords | None = Field(default=None, description="none: no keywords are made")

    suggestions: Suggestions | None = None
