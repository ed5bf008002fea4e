"""How large a document is, without expanding it: each fragment is measured once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from weft.errors import BadRequest

DEPTH = 12
ALIASES = 30
FIELDS = 1_000
NESTED = 16  # lists and objects within each other in one argument
LOOKS = ("__schema", "__type")

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True)
class Shape:
    """Sizes of a selection with all its fragments in place."""

    depth: int = 0  # but for what looks at the schema: a rule of its own keeps that small
    aliases: int = 0
    fields: int = 0
    looks: bool = False  # at the schema

    def beside(self, other: "Shape") -> "Shape":
        """Give the shape of both, side by side."""
        return Shape(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.fields + other.fields,
            self.looks or other.looks,
        )


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Give the fragments of a document by name."""
    found = (d for d in document.definitions if isinstance(d, FragmentDefinitionNode))
    return {fragment.name.value: fragment for fragment in found}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """Give the operations of a document."""
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def check_shape(document: DocumentNode) -> Shape:
    """Measure a document; refuse one that is too large, or whose fragments hold themselves."""
    measuring = Measuring(fragments_of(document))
    whole = Shape()
    for name in measuring.fragments:
        measuring.fragment(name, ())
    for operation in operations_of(document):
        whole = whole.beside(measuring.selections(operation.selection_set, ()))
    for what, size, most in (
        ("levels", whole.depth, DEPTH),
        ("aliases", whole.aliases, ALIASES),
        ("fields", whole.fields, FIELDS),
    ):
        if size > most:
            raise BadRequest(
                f"this query is too large: more than {most:,} {what}, with fragments in place"
            )
    return whole


class Measuring:
    """Measures selections of one document; what a fragment measures is remembered."""

    def __init__(self, fragments: Fragments) -> None:
        self.fragments, self.known = fragments, dict[str, Shape]()

    def fragment(self, name: str, path: tuple[str, ...]) -> Shape:
        """Measure a fragment; one that is not there is the validation's to refuse."""
        if name in path:
            raise BadRequest(f"fragment {name} holds itself: {' → '.join([*path, name])}")
        if name not in self.known:
            fragment = self.fragments.get(name)
            chosen = fragment.selection_set if fragment else None
            self.known[name] = self.selections(chosen, (*path, name))
        return self.known[name]

    def selections(self, chosen: SelectionSetNode | None, path: tuple[str, ...]) -> Shape:
        """Measure what is chosen."""
        whole = Shape()
        for node in chosen.selections if chosen else ():
            if isinstance(node, FieldNode):
                whole = whole.beside(self.field(node, path))
            elif isinstance(node, InlineFragmentNode):
                whole = whole.beside(self.selections(node.selection_set, path))
            elif isinstance(node, FragmentSpreadNode):
                whole = whole.beside(self.fragment(node.name.value, path))
        return whole

    def field(self, node: FieldNode, path: tuple[str, ...]) -> Shape:
        """Measure a field with everything below it."""
        for argument in node.arguments or ():
            if nested(argument.value) > NESTED:
                raise BadRequest(f"{argument.name.value}: nested deeper than {NESTED} times")
        below = self.selections(node.selection_set, path)
        looks = node.name.value in LOOKS
        return Shape(
            1 if looks else below.depth + 1,
            below.aliases + (node.alias is not None),
            below.fields + 1,
            looks or below.looks,
        )


def nested(value: ValueNode) -> int:
    """Tell how deep lists and objects stand in each other."""
    if isinstance(value, ListValueNode):
        return 1 + max(map(nested, value.values), default=0)
    if isinstance(value, ObjectValueNode):
        return 1 + max((nested(field.value) for field in value.fields), default=0)
    return 0


def check_nesting(value: Any, deep: int = 0) -> None:
    """Refuse variables that are nested deeper than anything here takes."""
    if deep > NESTED:
        raise BadRequest(f'"variables" must not be nested deeper than {NESTED} times')
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            check_nesting(part, deep + 1)
