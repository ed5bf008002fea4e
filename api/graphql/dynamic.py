"""Types that are only known when the catalogue is read."""

import builtins
import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Optional, TypeVar

import strawberry
from strawberry.utils.str_converters import to_camel_case

from graph.catalog import Attribute

R = TypeVar("R", bound=Callable[..., Any])
SCALARS: dict[str, type] = {
    "tag": str,
    "keyword": str,
    "text": str,
    "number": float,
    "time": datetime,
    "boolean": bool,
}


def python_name(name: str) -> str:
    """Give an attribute a name that is no keyword of Python."""
    return f"{name}_"


def graphql_name(name: str) -> str:
    """Give an attribute's name as GraphQL has it."""
    return to_camel_case(name)


def typed(resolver: R, gives: object, **takes: object) -> R:
    """Tell a resolver's types, where they were made and cannot be written down."""
    resolver.__annotations__.update({"return": gives, **takes})
    return resolver


def optional(of: object) -> Any:
    """Make a type that may be null."""
    return Optional[of]  # noqa: UP045 # `|` does not take every made type


def list_of(of: object) -> Any:
    """Make a list of a type that is only known now."""
    return builtins.list[of]  # type: ignore[valid-type]


def scalar(attribute: Attribute) -> Any:
    """Give the Python type of an attribute's value."""
    one = SCALARS[attribute.type]
    return optional(list_of(one) if attribute.many else one)


def named(name: str, **options: Any) -> Any:
    """Declare a field by its GraphQL name."""
    return strawberry.field(name=graphql_name(name), **options)


def make_class(
    name: str, base: type, annotations: Mapping[str, object], fields: Mapping[str, object]
) -> type:
    """Make a class, ready for strawberry to decorate."""
    return type(name, (base,), {"__annotations__": dict(annotations), "__doc__": None, **fields})


def without(resolver: R, *names: str) -> R:
    """Take arguments away that a catalogue has no use for."""
    whole = inspect.signature(resolver)
    kept = [p for p in whole.parameters.values() if p.name not in names]
    annotated = {p.name: p.replace(annotation=resolver.__annotations__[p.name]) for p in kept}
    resolver.__signature__ = whole.replace(parameters=list(annotated.values()))  # type: ignore[attr-defined]
    return resolver
