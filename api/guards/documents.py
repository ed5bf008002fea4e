"""Documents that were parsed and found good, kept so that the next request need not do it again."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    validate,
)

from api.guards.cost import Weighing, defaults_of
from api.guards.shape import Shape, check_shape, fragments_of, operations_of
from weft.errors import BadRequest

KEPT = 1_000
TOKENS = 2_000
MOST_ERRORS = 5
MOST_COSTS = 100


class Invalid(Exception):
    """The document does not fit the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("a document that does not fit the schema")
        self.errors = errors


@dataclass(frozen=True)
class Document:
    """A document that is good."""

    tree: DocumentNode
    shape: Shape
    costs: dict[Hashable, int] = field(default_factory=dict)  # by what decides them

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Give the operation that is to run."""
        found = [
            node
            for node in operations_of(self.tree)
            if name is None or (node.name is not None and node.name.value == name)
        ]
        if len(found) != 1:
            raise BadRequest(
                f"operationName: there is no operation '{name}'"
                if name is not None
                else "operationName must say which of the operations is to run"
            )
        return found[0]

    def cost(self, schema: GraphQLSchema, name: str | None, given: Mapping[str, Any]) -> int:
        """Give what an operation costs with these variables."""
        operation = self.operation(name)
        declared = [d.variable.name.value for d in operation.variable_definitions or ()]
        told = ((n, given[n]) for n in declared if n in given)
        key = (name, *((n, value if isinstance(value, int) else None) for n, value in told))
        if key not in self.costs:
            if len(self.costs) >= MOST_COSTS:
                self.costs.clear()
            variables = {**defaults_of(operation), **given}
            weighing = Weighing(schema, fragments_of(self.tree), variables)
            self.costs[key] = weighing.operation(operation)
        return self.costs[key]


class Documents:
    """The documents that one schema has seen last, by the hash of their text."""

    def __init__(self, schema: GraphQLSchema, kept: int = KEPT) -> None:
        self.schema, self.most = schema, kept
        self.kept: OrderedDict[str, Document] = OrderedDict()

    def known(self, digest: str) -> Document | None:
        """Give a document that was read before."""
        found = self.kept.get(digest)
        if found is not None:
            self.kept.move_to_end(digest)
        return found

    def read(self, query: str, hints: bool = True) -> Document:
        """Parse and check a document; `hints` say what a wrong name might have been."""
        digest = digest_of(query)
        found = self.known(digest)
        if found is None:
            found = _read(self.schema, query, hints)
            self.kept[digest] = found
            if len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return found


def digest_of(query: str) -> str:
    """Give the name of a text, as Apollo's persisted queries have it."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()


def _read(schema: GraphQLSchema, query: str, hints: bool) -> Document:
    try:
        tree = parse(query, max_tokens=TOKENS)
        shape = check_shape(tree)
        errors = validate(schema, tree, max_errors=MOST_ERRORS, hide_suggestions=not hints)
    except RecursionError:
        raise BadRequest("this query is nested too deep to be read") from None
    except GraphQLError as error:
        errors = [error]
    if errors:
        raise Invalid(errors)
    return Document(tree, shape)
