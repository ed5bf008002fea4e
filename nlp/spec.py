"""The section `text`: how titles and queries are read."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from weft.spec import Section
from weft.words import Duration

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
Facet = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


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
    stop_words: list[str] = Field(default=[], description="never keywords, beside the usual ones")
    suggestions: Suggestions | None = None
