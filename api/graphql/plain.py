"""Selections that are plain all the way down: written at once, without paths or infos.

What turns out not to be plain raises, and is executed again the engine's way: reading it twice
does nothing, and the engine tells of it what is to be told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLBoolean, GraphQLID, GraphQLNonNull, GraphQLObjectType, GraphQLString
from graphql.pyutils import Undefined
from graphql.type import GraphQLOutputType, is_leaf_type, is_list_type, is_object_type

LATER = object()  # what cannot be read at once
AS_IT_IS = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
Read = Callable[[Any, Any], Any]  # of a source and a context
Finish = Callable[[Any], Any]


class NotPlain(Exception):
    """A value that has to be read the engine's way."""


@dataclass(frozen=True, slots=True)
class Quick:
    """A field that can be read at once: a leaf, an object, or a list of objects."""

    read: Read
    needed: bool
    finish: Finish | None  # of a leaf
    inner: Any
    many: bool

    def write(self, below: Read | None) -> Read:
        """Give how its value is written; `below` writes one object."""
        if below is None:
            return _leaf(self)
        return _each(self, below) if self.many else _one(self, below)


def quick(whole: GraphQLOutputType, read: Read) -> Quick | None:
    """Tell how what is read so can be written at once, if its type allows it."""
    needed, inner = isinstance(whole, GraphQLNonNull), _bare(whole)
    if is_leaf_type(inner):
        return Quick(read, needed, inner.coerce_output_value, inner, False)
    many = is_list_type(inner)
    if many:
        items = inner.of_type
        if not isinstance(items, GraphQLNonNull):
            return None
        inner = _bare(items)
    if not is_object_type(inner) or inner.is_type_of is not None:
        return None
    return Quick(read, needed, None, inner, many)


def constant(parent: GraphQLObjectType) -> Quick:
    """Give a type's own name."""
    return Quick(lambda source, context: parent.name, True, str, GraphQLString, False)


def all_of(writes: Sequence[tuple[str, Read]]) -> Read:
    """Write all fields of an object."""

    def write(source: Any, context: Any) -> Any:
        return {name: one(source, context) for name, one in writes}

    return write


def _leaf(field: Quick) -> Read:
    read, exact = field.read, AS_IT_IS.get(field.inner)

    def write(source: Any, context: Any) -> Any:
        value = read(source, context)
        return value if type(value) is exact else _written(field, value)

    return write


def _written(field: Quick, value: Any) -> Any:
    if _lacks(field, value):
        return None
    assert field.finish is not None
    written = field.finish(value)
    if written is None or written is Undefined:
        raise NotPlain
    return written


def _one(field: Quick, below: Read) -> Read:
    def write(source: Any, context: Any) -> Any:
        value = field.read(source, context)
        return None if _lacks(field, value) else below(value, context)

    return write


def _each(field: Quick, below: Read) -> Read:
    def write(source: Any, context: Any) -> Any:
        values = field.read(source, context)
        if _lacks(field, values):
            return None
        if None in values:
            raise NotPlain
        return [below(value, context) for value in values]

    return write


def _lacks(field: Quick, value: Any) -> bool:
    """Tell whether there is nothing, where there may be nothing."""
    if value is LATER or (value is None and field.needed):
        raise NotPlain
    return value is None


def _bare(whole: GraphQLOutputType) -> Any:
    return whole.of_type if isinstance(whole, GraphQLNonNull) else whole
