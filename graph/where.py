"""Filters on declared attributes: one small language for the spec, GraphQL and the command line.

`{"price": {"gte": 100, "lt": 200}, "city": "上海", "or": [{…}, {…}], "not": {…}}`
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.catalog import Attribute, Catalog
from weft.errors import BadRequest
from weft.spec import unknown

COMPARE = ("eq", "in", "gt", "gte", "lt", "lte", "exists")
VERBS = {
    "tag": ("eq", "in", "under", "exists"),
    "keyword": ("eq", "in", "exists"),
    "number": COMPARE,
    "time": COMPARE,
    "boolean": ("eq", "exists"),
}
DEEPEST = 8
WIDEST = 200


@dataclass(frozen=True)
class Test:
    """One attribute compared with a value."""

    attribute: str
    verb: str
    value: Any


@dataclass(frozen=True)
class All:
    """Every part holds; no parts: always."""

    parts: tuple["Where", ...] = ()


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple["Where", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Where"


Where = Test | All | Either | Not
EVERYTHING = All()


def read_where(raw: Mapping[str, Any] | None, catalog: Catalog, depth: int = 0) -> Where:
    """Check a filter against the catalogue; raise `BadRequest` that says what would be right."""
    if depth > DEEPEST:
        raise BadRequest(f"where: nested deeper than {DEEPEST}")
    parts = [_part(name, value, catalog, depth) for name, value in (raw or {}).items()]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def both(first: Where, second: Where) -> Where:
    """Join two filters."""
    parts = [w for w in (first, second) if w != EVERYTHING]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def plain_where(where: Where) -> dict[str, Any]:
    """Write a filter as it may be asked for; `read_where` reads it again."""
    match where:
        case Test(attribute=name, verb=verb, value=value):
            return {name: {verb: _plain(value)}}
        case All(parts=parts):
            return {"and": [plain_where(part) for part in parts]} if parts else {}
        case Either(parts=parts):
            return {"or": [plain_where(part) for part in parts]}
        case Not(part=part):
            return {"not": plain_where(part)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def tests_in(where: Where) -> Iterator[Test]:
    """Give every test of a filter."""
    match where:
        case Test():
            yield where
        case All(parts=parts) | Either(parts=parts):
            yield from (test for part in parts for test in tests_in(part))
        case Not(part=part):
            yield from tests_in(part)


def fixed(where: Where, attribute: str) -> Any:
    """Give the one value that a filter leaves to an attribute, if it does."""
    match where:
        case Test(attribute=name, verb="eq", value=value) if name == attribute:
            return value
        case All(parts=parts):
            return next((v for p in parts if (v := fixed(p, attribute)) is not None), None)
    return None


def _part(name: str, value: Any, catalog: Catalog, depth: int) -> Where:
    if name in ("and", "or"):
        parts = tuple(read_where(v, catalog, depth + 1) for v in _listed(name, value))
        return All(parts) if name == "and" else Either(parts)
    if name == "not":
        return Not(read_where(value, catalog, depth + 1))
    filters = catalog.filters()
    if name not in filters:
        raise BadRequest(f"where: {unknown('filter', name, filters)}")
    tests = value if isinstance(value, Mapping) else {"eq": value}
    parts = tuple(_test(name, verb, v, filters[name]) for verb, v in tests.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _test(name: str, verb: str, value: Any, attribute: Attribute) -> Test:
    if verb not in VERBS[attribute.type]:
        raise BadRequest(f"where.{name}: {unknown('test', verb, VERBS[attribute.type])}")
    if verb == "exists":
        return Test(name, verb, _checked(f"{name}.exists", "boolean", value))
    if verb == "in":
        values = _listed(f"{name}.in", value)
        return Test(name, verb, tuple(_checked(name, attribute.type, v) for v in values))
    return Test(name, verb, _checked(name, attribute.type, value))


def _listed(name: str, value: Any) -> Sequence[Any]:
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise BadRequest(f"where.{name}: a list is needed")
    if len(value) > WIDEST:
        raise BadRequest(f"where.{name}: {len(value)} values; at most {WIDEST}")
    return value


def _checked(name: str, kind: str, value: Any) -> Any:
    match kind, value:
        case "number", bool():
            pass
        case ("number", int() | float()) | ("boolean", bool()) | ("time", datetime()):
            return value
        case (("tag" | "keyword"), str()) if "\0" not in value:
            return value
        case "time", str():
            return _moment(name, value)
    raise BadRequest(f"where.{name}: a {kind} is needed, not {value!r}")


def _moment(name: str, text: str) -> datetime:
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None:
        raise BadRequest(
            f"where.{name}: a time with its zone, such as 2026-05-01T12:00+08:00, is needed"
        )
    return moment
