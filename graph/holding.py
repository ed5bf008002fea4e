"""Filters on rows in memory, where the database cannot be asked: what is not known is not said."""

from collections.abc import Callable, Mapping
from typing import Any

from graph.where import All, Either, Not, Test, Where

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda own, value: bool(own == value),
    "in": lambda own, value: own in value,
    "gt": lambda own, value: bool(own > value),
    "gte": lambda own, value: bool(own >= value),
    "lt": lambda own, value: bool(own < value),
    "lte": lambda own, value: bool(own <= value),
}


def holds(where: Where, row: Mapping[str, Any]) -> bool | None:
    """Tell whether a filter holds for a row; nothing where the row alone cannot tell."""
    match where:
        case Test():
            return _test(where, row)
        case Not(part=part):
            found = holds(part, row)
            return None if found is None else not found
        case All(parts=parts):
            return _joined([holds(part, row) for part in parts], False)
        case Either(parts=parts):
            return _joined([holds(part, row) for part in parts], True)


def _joined(found: list[bool | None], decides: bool) -> bool | None:
    if decides in found:
        return decides
    return None if None in found else not decides


def _test(test: Test, row: Mapping[str, Any]) -> bool | None:
    if test.attribute not in row:
        return None
    own = row[test.attribute]
    if test.verb == "exists":
        return bool((own is not None and own != []) == test.value)
    if test.verb not in COMPARISONS:
        return None  # what stands under a tag, the taxonomy knows
    if own is None:
        return False
    compare = COMPARISONS[test.verb]
    values = own if isinstance(own, list) else [own]
    return any(compare(value, test.value) for value in values)
