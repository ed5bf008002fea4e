"""Executing queries: what is only read of an object is read without ceremony.

A page of fifty items has a thousand fields, and nearly all of them read an attribute. For each the
engine would make a path, an info and a call through resolvers; here the way of a field is worked
out once for a selection, and whatever is not plain goes the engine's way.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from graphql import GraphQLError, GraphQLObjectType
from graphql.pyutils import Path, Undefined, gather_with_cancel
from graphql.type import GraphQLOutputType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.plain import LATER, Finish, Quick, Read, all_of, constant, quick

QUICK = "quick"  # metadata of a field: a function of source and context, or LATER


@dataclass(frozen=True, slots=True)
class Way:
    """A field of a selection, and how it is read if that is plain."""

    name: str
    fields: list[Any]
    type: GraphQLOutputType | None
    quick: Quick | None


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes queries; knows of each selection which fields are plain."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ways: dict[int, tuple[Any, Sequence[Way]]] = {}
        self.plain: dict[tuple[Any, int], tuple[Any, Read | None]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Read plain fields, and execute the others."""
        if path is None:
            args = (parent_type, source_value, path, grouped_field_set, position_context)
            return super().execute_fields(*args)
        results: dict[str, Any] = {}
        waiting: list[str] = []
        try:
            for way in self._ways(parent_type, grouped_field_set):
                value = self._read(way, source_value, path, position_context)
                if value is LATER:
                    at = Path(path, way.name, parent_type.name)
                    value = self.execute_field(
                        parent_type, source_value, way.fields, at, position_context
                    )
                if value is not Undefined:
                    results[way.name] = value
                    if self.is_awaitable(value):
                        waiting.append(way.name)
        except Exception:
            self.settle_in_background([results[name] for name in waiting])
            raise
        return _filled(results, waiting) if waiting else results

    def _ways(self, parent_type: GraphQLObjectType, grouped: Any) -> Sequence[Way]:
        """Work out the ways of a selection, once."""
        known = self.ways.get(id(grouped))
        if known is None:
            ways = [self._way(parent_type, name, fields) for name, fields in grouped.items()]
            self.ways[id(grouped)] = known = grouped, ways  # held, so that its id stays its own
        return known[1]

    def _way(self, parent_type: GraphQLObjectType, name: str, fields: list[Any]) -> Way:
        node = fields[0].node
        if node.name.value == "__typename":
            return Way(name, fields, None, constant(parent_type))
        field = self.schema.get_field(parent_type, node.name.value)
        known = None if node.arguments else quick_of(parent_type, node.name.value)
        return Way(name, fields, field.type if field else None, known)

    def _read(self, way: Way, source: Any, path: Path, position: Any) -> Any:
        field = way.quick
        if field is None:
            return LATER
        value = field.read(source, self.context_value)
        if value is None:
            return LATER if field.needed else None
        if field.finish is not None:
            return _finished(field.finish, value)
        if value is LATER:
            return LATER
        at = Path(path, way.name, None)
        complete = self._list if field.many else self._object
        try:
            completed = complete(field, way, at, value, position)
        except Exception as error:  # as the engine does: a null, or an error further up
            self.handle_field_error(error, way.type, way.fields, at)  # type: ignore[arg-type]
            return None
        return self._guarded(completed, way, at) if self.is_awaitable(completed) else completed

    def _object(self, field: Quick, way: Way, at: Path, value: Any, position: Any) -> Any:
        write = self._plain(field.inner, way.fields) if position is None else None
        if write is not None:
            try:
                return write(value, self.context_value)
            except Exception:  # the engine meets it again, and tells of it
                pass
        return self.collect_and_execute_subfields(field.inner, way.fields, at, value, position)

    def _plain(self, kind: GraphQLObjectType, fields: list[Any]) -> Read | None:
        """Work out how a selection is written at once, if all of it can be."""
        key = kind, id(fields)
        if key not in self.plain:
            self.plain[key] = fields, self._whole(kind, fields)  # held, as ways are
        return self.plain[key][1]

    def _whole(self, kind: GraphQLObjectType, fields: list[Any]) -> Read | None:
        grouped, deferred, _ = self.collect_subfields(kind, fields)
        ways = () if deferred else self._ways(kind, grouped)
        writes = [(way.name, self._write(way)) for way in ways]
        known = [(name, write) for name, write in writes if write is not None]
        return all_of(known) if known and len(known) == len(writes) else None

    def _write(self, way: Way) -> Read | None:
        field = way.quick
        if field is None or field.finish is not None:
            return None if field is None else field.write(None)
        below = self._plain(field.inner, way.fields)
        return None if below is None else field.write(below)

    def _list(self, field: Quick, way: Way, at: Path, values: Any, position: Any) -> Any:
        found: list[Any] = []
        try:
            for place, value in enumerate(values):
                found.append(self._one(field, way, Path(at, place, None), value, position))
        except Exception:
            self.settle_in_background([one for one in found if self.is_awaitable(one)])
            raise
        waiting = [place for place, one in enumerate(found) if self.is_awaitable(one)]
        return _filled(found, waiting) if waiting else found

    def _one(self, field: Quick, way: Way, at: Path, value: Any, position: Any) -> Any:
        if value is None:
            nodes = [each.node for each in way.fields]
            raise GraphQLError("a list has a null where none may be", nodes, path=at.as_list())
        return self._object(field, way, at, value, position)

    async def _guarded(self, completed: Awaitable[Any], way: Way, at: Path) -> Any:
        try:
            return await completed
        except Exception as error:
            self.handle_field_error(error, way.type, way.fields, at)  # type: ignore[arg-type]
            return None


@lru_cache(2_000)
def quick_of(parent: GraphQLObjectType, name: str) -> Quick | None:
    """Tell how a field is read at once, if it can be."""
    field = parent.fields.get(name)
    if field is None:
        return None
    declared = field.extensions.get("strawberry-definition")
    if declared is None:
        return None
    read = declared.metadata.get(QUICK)
    if read is None:
        if not declared.is_basic_field or declared.default_resolver is not getattr:
            return None
        read = _attribute(declared.python_name)
    return quick(field.type, read)


def names_in(info: Any) -> set[str]:
    """Name all fields that are asked for below a field, or in any fragment."""
    raw = info._raw_info
    nodes = [
        *raw.field_nodes,
        *(f.definition if hasattr(f, "definition") else f for f in raw.fragments.values()),
    ]
    names: set[str] = set()
    while nodes:
        node = nodes.pop()
        below = node.selection_set.selections if getattr(node, "selection_set", None) else ()
        names |= {one.name.value for one in below if getattr(one, "name", None)}
        nodes += below
    return names


def _attribute(name: str) -> Read:
    get = attrgetter(name)
    return lambda source, context: get(source)


def _finished(finish: Finish, value: Any) -> Any:
    """Write a leaf; what cannot be written is told by the engine."""
    if value is LATER:
        return LATER
    try:
        written = finish(value)
    except Exception:
        return LATER
    return LATER if written is None or written is Undefined else written


async def _filled(values: Any, waiting: Sequence[Any]) -> Any:
    """Wait for what is not there yet."""
    found = await gather_with_cancel(*(values[place] for place in waiting))
    for place, value in zip(waiting, found, strict=True):
        values[place] = value
    return values
