"""What the rows of each subject are expected to hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.catalog import Attribute
from graph.importing.declared import Declared

Kind = Literal["word", "text", "number", "whole", "time", "boolean"]
LONGEST_KEY = 256
LONGEST_WORD = 256
LONGEST_KEYWORD = 1_000
LONGEST_TITLE = 2_000
LONGEST_TEXT = 65_536
LABELS = re.compile(r"^([a-z]{2}(?:-[a-z0-9]{2,8})?|und)(?:_(synonyms|hidden))?$")


@dataclass(frozen=True)
class Column:
    """One column: of which kind its cells are, and whether they may be missing."""

    name: str
    kind: Kind = "word"
    many: bool = False
    required: bool = False
    longest: int = LONGEST_WORD


@dataclass(frozen=True)
class Expected:
    """The columns of a subject; tags also have a column for each language."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    languages: bool = False

    def find(self, name: str) -> Column | None:
        """Give the column of this name, if it is expected."""
        if name in self.columns:
            return self.columns[name]
        match = LABELS.match(name) if self.languages else None
        return match and Column(name, many=match[2] is not None)

    def needed(self) -> tuple[str, ...]:
        """Give the columns without which no row can be good."""
        return tuple(column.name for column in self.columns.values() if column.required)


def expected_items(declared: Declared) -> Expected:
    """A key, a title and the declared attributes."""
    title = Column("title", "text", required=True, longest=LONGEST_TITLE)
    return _expect(_key(), title, *_attributes(declared.catalog.item))


def expected_persons(declared: Declared) -> Expected:
    """A key and the declared attributes."""
    return _expect(_key(), *_attributes(declared.catalog.user))


def expected_events(_: Declared) -> Expected:
    """Who did what, when, and where on the page."""
    return _expect(
        Column("id"),
        Column("time", "time", required=True),
        Column("kind", required=True),
        Column("person", required=True, longest=LONGEST_KEY),
        Column("item", longest=LONGEST_KEY),
        Column("scene"),
        Column("position", "whole"),
        Column("keyword", longest=LONGEST_KEYWORD),
        Column("trace"),
    )


def expected_tags(_: Declared) -> Expected:
    """A key, a facet, parents, related tags, and labels by language."""
    ties = (Column("parents", many=True), Column("related", many=True))
    columns = _expect(_key(), Column("facet", required=True), *ties).columns
    return Expected(columns, languages=True)


def expected_item_tags(_: Declared) -> Expected:
    """Who says that an item has a tag, and how sure that is."""
    return _expect(
        Column("item", required=True, longest=LONGEST_KEY),
        Column("tag", required=True, longest=LONGEST_KEY),
        Column("source", required=True),
        Column("confidence", "number"),
        Column("model"),
        Column("denied", "boolean"),
    )


def _expect(*columns: Column) -> Expected:
    return Expected({column.name: column for column in columns})


def _key() -> Column:
    return Column("key", required=True, longest=LONGEST_KEY)


def _attributes(attributes: Mapping[str, Attribute]) -> list[Column]:
    return [_attribute(name, attribute) for name, attribute in attributes.items()]


def _attribute(name: str, attribute: Attribute) -> Column:
    many, required = attribute.many, attribute.required
    match attribute.type:
        case "tag" | "keyword":
            return Column(name, "word", many, required)
        case "text":
            return Column(name, "text", required=required, longest=LONGEST_TEXT)
        case kind:
            return Column(name, kind, required=required)
