"""What a query costs before it runs: declared weights of roots, a little for every object.

Lists multiply what is below them by `first`; what a loader reads counts once, however many ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from api.guards.shape import LOOKS, Fragments

Parent = GraphQLObjectType | GraphQLInterfaceType

ROOTS = {
    "recommend": 50,
    "similarItems": 50,
    "searchItems": 50,
    "personState": 20,
    "relatedTags": 20,
    "relatedKeywords": 20,
    "traceOf": 20,
    "annotate": 10,
    "readQuery": 10,
    "taxonomyHistory": 10,
    **dict.fromkeys(LOOKS, 100),
}
QUERY, MUTATION = 5, 20  # roots that are not named above
COUNTED = {"totalCount": 50}
LOAD = 2  # one more read for all who ask
AT_HAND = ("edges", "node", "item", "pageInfo")  # objects that are there without a read
ASSUMED = 10  # how long a list is where nobody says
MOST = 10_000  # what `first` is taken for at most


@dataclass(frozen=True)
class Weighing:
    """One request: what its variables are decides how long its lists are."""

    schema: GraphQLSchema
    fragments: Fragments
    variables: Mapping[str, Any]

    def operation(self, node: OperationDefinitionNode) -> int:
        """Give the cost of an operation."""
        root = self.schema.get_root_type(node.operation)
        return self.selections(node.selection_set, root, 1, None) if root else 0

    def selections(
        self, chosen: SelectionSetNode | None, parent: Parent, times: int, page: int | None
    ) -> int:
        """Give the cost of what is chosen, for so many parents."""
        nodes = chosen.selections if chosen else ()
        return sum(self.selection(n, parent, times, page) for n in nodes if self.counts(n))

    def selection(self, node: SelectionNode, parent: Parent, times: int, page: int | None) -> int:
        """Give the cost of a field or a fragment."""
        if isinstance(node, FieldNode):
            return self.field(node, parent, times, page)
        fragment: Any = node
        if isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
        assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)
        on = fragment.type_condition
        inner = self.schema.get_type(on.name.value) if on else parent
        if not isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
            inner = parent
        return self.selections(fragment.selection_set, inner, times, page)

    def field(self, node: FieldNode, parent: Parent, times: int, page: int | None) -> int:
        """Give the cost of a field: its own, and what is below, once for each object of a list."""
        name = node.name.value
        root = parent in (self.schema.query_type, self.schema.mutation_type)
        if name in LOOKS:
            return ROOTS[name] if root else 0
        defined = parent.fields.get(name)
        if defined is None:
            return 0
        own, first = _own(self.schema, parent, name, defined), self.first(node, defined)
        if not is_composite_type(get_named_type(defined.type)):
            return own
        if _is_list(defined):
            size = first if first is not None else page if page is not None else ASSUMED
            times, page = times * size, None
        else:
            page = first if first is not None else page
        below = get_named_type(defined.type)
        if not isinstance(below, GraphQLObjectType | GraphQLInterfaceType):
            return own + times
        return own + times + self.selections(node.selection_set, below, times, page)

    def first(self, node: FieldNode, defined: GraphQLField) -> int | None:
        """Tell how many are asked for, if the field can be told."""
        if "first" not in defined.args:
            return None
        given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
        found = self.value(given) if given is not None else Undefined
        usual = defined.args["first"].default_value
        wanted = usual if found is Undefined else found
        if not isinstance(wanted, int) or isinstance(wanted, bool):
            return ASSUMED
        return min(max(wanted, 0), MOST)

    def counts(self, node: SelectionNode) -> bool:
        """Tell whether directives let a selection in."""
        for directive in node.directives or ():
            said = next((self.value(a.value) for a in directive.arguments or ()), None)
            if directive.name.value == "skip" and said is True:
                return False
            if directive.name.value == "include" and said is False:
                return False
        return True

    def value(self, node: ValueNode) -> Any:
        """Give the value of a number, a truth or a variable."""
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, BooleanValueNode):
            return node.value
        if isinstance(node, VariableNode):
            return self.variables.get(node.name.value, Undefined)
        return None


def defaults_of(node: OperationDefinitionNode) -> dict[str, Any]:
    """Give the variables that have a number or a truth by themselves."""
    plain = {d.variable.name.value: d.default_value for d in node.variable_definitions or ()}
    return {
        name: int(value.value) if isinstance(value, IntValueNode) else value.value
        for name, value in plain.items()
        if isinstance(value, IntValueNode | BooleanValueNode)
    }


def _own(schema: GraphQLSchema, parent: Parent, name: str, defined: GraphQLField) -> int:
    if parent is schema.query_type:
        return ROOTS.get(name, QUERY)
    if parent is schema.mutation_type or parent is schema.subscription_type:
        return ROOTS.get(name, MUTATION)
    if name in COUNTED:
        return COUNTED[name]
    read = is_composite_type(get_named_type(defined.type)) and name not in AT_HAND
    return LOAD if read else 0


def _is_list(defined: GraphQLField) -> bool:
    kind: Any = defined.type
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)
