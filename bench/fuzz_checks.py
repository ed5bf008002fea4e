"""What must hold of every answer, whatever was asked."""

from collections.abc import Iterator
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse

INSIDE = (
    "Traceback", "sqlalchemy", "psycopg", "site-packages", "SELECT ", "INSERT ", "relation \"",
    ".py\"", "strawberry", "KeyError", "TypeError", "AttributeError", "ValueError",
)  # fmt: skip
STATUSES = (200, 400, 401, 403, 429)
ITEMS = ("upsertItems", "removeItems")


def wrong_with(status: int, content: bytes, body: bytes, role: str | None) -> Iterator[str]:
    """Tell everything that is wrong with an answer."""
    if status not in STATUSES and not _truly_away(status, content):
        yield f"status {status}"
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        yield "no JSON"
        return
    for error in answer.get("errors", []):
        if not error.get("extensions", {}).get("code"):
            yield "an error without a code"
        found = [word for word in INSIDE if word in _stripped(error["message"], body)]
        if found:
            yield f"{found[0]!r} in a message"
    data = answer.get("data") or {}
    if role is None and data:
        yield "data without a key"
    for name in written(body) if role else ():
        if data.get(name) is not None and not may(role or "", _field(body, name)):
            yield f"{role} succeeded with {name}"


def may(role: str, field: str) -> bool:
    """Tell whether a role may use a mutation."""
    if role == "operator":
        return True
    if role == "writer":
        return field == "track" or field in ITEMS
    return role == "analyst" and field not in ("track", *ITEMS)


def written(body: bytes) -> list[str]:
    """Give the names under which mutations of a request answer."""
    return [node.alias.value if node.alias else node.name.value for node in _mutations(body)]


def _field(body: bytes, name: str) -> str:
    return next(
        str(node.name.value)
        for node in _mutations(body)
        if (node.alias.value if node.alias else node.name.value) == name
    )


def _mutations(body: bytes) -> list[Any]:
    """Give the root fields of mutations that can be seen without expanding fragments."""
    try:
        tree = parse(orjson.loads(body)["query"])
    except (orjson.JSONDecodeError, GraphQLError, KeyError, TypeError, RecursionError):
        return []
    return [
        node
        for operation in tree.definitions
        if isinstance(operation, OperationDefinitionNode)
        and operation.operation.value == "mutation"
        for node in operation.selection_set.selections
        if hasattr(node, "name") and hasattr(node, "alias") and node.name.value != "__typename"
    ]


def _truly_away(status: int, content: bytes) -> bool:
    return status == 503 and b'"UNAVAILABLE"' in content


def _stripped(message: str, body: bytes) -> str:
    """Leave out of a message what the caller wrote."""
    for word in set(message.split()):
        if word.encode() in body:
            message = message.replace(word, "")
    return message


def roots(schema: GraphQLSchema) -> set[str]:
    """Name all root fields."""
    kinds = (schema.query_type, schema.mutation_type)
    return {name for kind in kinds if kind is not None for name in kind.fields}
