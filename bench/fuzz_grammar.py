"""Requests made by walking a schema: mostly sensible, with odd values, fragments and directives."""

import random
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)

DEEPEST = 5
HUGE = 10**400
TEXTS = (
    "j1", "jeans", "home", "ann", "acme", "click", "", " ", "\\u0000", "\\ud800", "\\ud83d\\ude00",
    "' OR 1=1 --", "\\\"; DROP TABLE item; --", "%s", "{}", "../../etc/passwd", "a" * 5_000,
    "牛仔裤",     "2026-01-01T00:00:00Z", "9999-12-31T23:59:59+23:59", "yesterday", "1e309", "null",
)  # fmt: skip
SANE = (
    "i00001",
    "u00001",
    "home",
    "popular",
    "click",
    "en",
    "jeans",
    "blue dress",
    "known",
    "category",
)
NUMBERS = ("0", "1", "-1", "20", "100", "101", "2147483648", str(2**63), str(HUGE), "1.5", "-1e308",
           "1e400", "0.1", "007")  # fmt: skip
WRONG = (
    "null",
    "true",
    "[]",
    "{}",
    "[[[[1]]]]",
    "{a: {b: {c: 1}}}",
    "NOWHERE",
    "$missing",
    '"x"',
    "1",
)


@dataclass
class Writer:
    """Writes one document; what it needs besides the selection is kept until the end."""

    schema: GraphQLSchema
    chance: random.Random
    fragments: list[str]
    odd: float = 0.0  # how often a value is of no type that is asked for

    def document(self) -> str:
        """Write an operation with its fragments."""
        mutation = self.chance.random() < 0.3
        root = self.schema.mutation_type if mutation else self.schema.query_type
        assert root is not None
        body = self.selection(root, 0)
        kind = "mutation" if mutation else "query"
        plain = [f"{kind} Q", kind]
        head = self.chance.choice(
            [*plain, f"{kind} Q($v: Int = 3, $w: String)"] if self.odd else plain
        )
        return f"{head} {body} " + " ".join(self.fragments)

    def selection(self, kind: GraphQLObjectType, deep: int) -> str:
        """Choose some fields of a type."""
        names = list(kind.fields)
        many = self.chance.choice([1, 1, 2, 3, 6])
        chosen = [self.field(kind, self.chance.choice(names), deep) for _ in range(many)]
        if self.chance.random() < 0.15:
            chosen.append("__typename")
        text = "{ " + " ".join(chosen) + " }"
        dice = self.chance.random()
        if dice < 0.06:
            return f"{{ ... on {kind.name} {text} }}"
        if dice < 0.12:
            name = f"F{len(self.fragments)}"
            loop = f" ...{name}" if self.chance.random() < self.odd else ""
            self.fragments.append(f"fragment {name} on {kind.name} {text[:-1]}{loop} }}")
            return f"{{ ...{name} ...{name} }}"
        return text

    def field(self, kind: GraphQLObjectType, name: str, deep: int) -> str:
        """Write a field with arguments, perhaps renamed, perhaps left out by a directive."""
        field: GraphQLField = kind.fields[name]
        alias = f"a{self.chance.randrange(5)}: " if self.chance.random() < 0.1 else ""
        odd = ["@include(if: $v)", "@odd"] if self.odd else ["@include(if: true)"]
        directive = self.chance.choice([""] * 12 + ["@skip(if: true)", *odd])
        head = f"{alias}{name}{self.arguments(field)} {directive}"
        inner: Any = get_named_type(field.type)
        if not is_composite_type(inner):
            return head if self.chance.random() >= self.odd / 4 else head + " { x }"
        if deep >= DEEPEST:
            return head + " { __typename }"
        return head + " " + self.selection(cast(GraphQLObjectType, inner), deep + 1)

    def arguments(self, field: GraphQLField) -> str:
        """Write the arguments that are needed, and some of the others."""
        given = []
        for name, argument in field.args.items():
            needed = isinstance(argument.type, GraphQLNonNull)
            if self.chance.random() < (1 - self.odd / 3 if needed else 0.35):
                given.append(f"{name}: {self.value(argument.type, 0)}")
        return f"({', '.join(given)})" if given else ""

    def value(self, kind: GraphQLInputType, deep: int) -> str:
        """Write a value, mostly of its type."""
        if self.chance.random() < self.odd:
            return self.chance.choice(WRONG)
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type, deep)
        if isinstance(kind, GraphQLList):
            size = self.chance.choice([0, 1, 1, 2, 250 if deep == 0 and self.odd else 1])
            return "[" + ", ".join(self.value(kind.of_type, deep + 1) for _ in range(size)) + "]"
        if isinstance(kind, GraphQLInputObjectType):
            return self.object(kind, deep)
        if isinstance(kind, GraphQLEnumType):
            return str(self.chance.choice(list(kind.values)))
        return self.scalar(kind.name)

    def object(self, kind: GraphQLInputObjectType, deep: int) -> str:
        """Write an input object; some are nested far too deep."""
        parts = []
        for name, field in kind.fields.items():
            needed = isinstance(field.type, GraphQLNonNull)
            often = 1 - self.odd / 3 if needed else (0.25 if deep < 3 else 0.05)
            if self.chance.random() < often:
                parts.append(f"{name}: {self.value(field.type, deep + 1)}")
        return "{" + ", ".join(parts) + "}"

    def scalar(self, name: str) -> str:
        """Write a scalar."""
        if name in ("Int", "Float"):
            return self.chance.choice(NUMBERS if self.odd else ("1", "5", "20", "100"))
        if name == "Boolean":
            return self.chance.choice(["true", "false"])
        if name == "DateTime" and not self.odd:
            return '"2026-05-01T12:00:00Z"'
        return f'"{self.chance.choice(TEXTS if self.odd else SANE)}"'


def request(schema: GraphQLSchema, chance: random.Random) -> bytes:
    """Make the body of one request; some bodies are broken."""
    query = Writer(schema, chance, [], chance.choice([0, 0, 0, 0.08, 0.3])).document()
    odd: list[Any] = [None, 1, -1, 2**62, 1.5, "x", "\0", [], [[[[]]]], {}, True, {"a": {"b": []}}]
    body: Any = {"query": query, "variables": {"v": chance.choice(odd), "w": chance.choice(odd)}}
    if chance.random() < 0.05:
        body[chance.choice(["operationName", "extensions", "variables", "query"])] = chance.choice(
            odd
        )
    if chance.random() < 0.02:
        body = [body, body]
    text = (
        orjson.dumps(body, option=orjson.OPT_PASSTHROUGH_SUBCLASS, default=str)
        if _small(body)
        else b"{}"
    )
    if chance.random() < 0.05:
        cut = chance.randrange(len(text))
        text = (
            text[:cut] + chance.choice([b"", b"\xff", b"\0", b'"', b"{" * 2_000]) + text[cut + 1 :]
        )
    return text


def _small(body: Any) -> bool:
    """Leave out what JSON cannot hold."""
    try:
        orjson.dumps(body)
    except TypeError:
        return False
    return True
