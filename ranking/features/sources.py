"""What features are of: `item.price`, `person.city`, `scene`, `hour`; checked by the catalogue."""

from collections.abc import Mapping
from typing import Any

from pydantic import AfterValidator, ValidationInfo

from weft.spec import unknown

ITEM, PERSON = "item", "person"
SECTIONS = {ITEM: "item", PERSON: "user"}  # where the catalogue declares each
KEYS = ("person.key", "item.key")
ASKED = ("scene", "hour", "weekday")  # what is known of whoever asks without asking the database
CHANGED = "changed_at"  # when a row was written last
WORDS, NUMBERS, TIMES = ("tag", "keyword", "boolean"), ("number",), ("time",)


def split(source: str) -> tuple[str, str]:
    """Give the table and the attribute; no table for what is asked."""
    table, dot, attribute = source.partition(".")
    return (table, attribute) if dot else ("", table)


def attributes(
    catalog: Mapping[str, Any], table: str, types: tuple[str, ...], many: bool = False
) -> list[str]:
    """List the attributes of some types that a catalogue declares."""
    declared = (catalog.get(SECTIONS[table]) or {}).items()
    return [
        name
        for name, given in declared
        if isinstance(given, Mapping) and given.get("type") in types
        if bool(given.get("many")) == many
    ]


def sources(catalog: Mapping[str, Any], types: tuple[str, ...], many: bool = False) -> list[str]:
    """List what a feature may be of."""
    tables = (ITEM, PERSON)
    return [f"{t}.{name}" for t in tables for name in attributes(catalog, t, types, many)]


def declared(
    noun: str, types: tuple[str, ...], also: tuple[str, ...] = (), many: bool = False
) -> AfterValidator:
    """Make a check that a source is declared with one of some types."""

    def check(name: str, info: ValidationInfo) -> str:
        if info.context is not None:
            check_source(name, noun, info.context["raw"].get("catalog") or {}, types, also, many)
        return name

    return AfterValidator(check)


def check_source(
    name: str,
    noun: str,
    catalog: Mapping[str, Any],
    types: tuple[str, ...],
    also: tuple[str, ...] = (),
    many: bool = False,
) -> None:
    """Raise a `ValueError` that says what there is."""
    names = [*also, *sources(catalog, types, many)]
    if name not in names:
        raise ValueError(unknown(noun, name, names))
