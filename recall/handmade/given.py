"""What an analyst gives: a view, or a function of person, scene and moment; and is it any good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, FromClause, true
from sqlalchemy.exc import DBAPIError

from recall import queries as limits
from recall.handmade import queries
from weft.errors import BuildError

WHOLE, NUMBERS, WORDS = {20, 21, 23}, {20, 21, 23, 700, 701, 1700}, {25, 1042, 1043, 19}
NEEDED = {"item": WHOLE | WORDS, "score": NUMBERS}
KNOWN = {"person": WORDS, "scene": WORDS, "context": {3802}}
NAMES = {"item": "the key of an item (text) or its number", "score": "a number",
         "person": "the key of a person (text)", "scene": "text", "context": "jsonb"}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A view or function by name, and the role that reads it."""

    name: str
    called: bool = False
    role: str | None = None

    def rows(self, columns: Sequence[str]) -> FromClause:
        """Give its rows, of which some columns are wanted."""
        schema, _, name = self.name.rpartition(".")
        make = queries.function if self.called else queries.view
        return make(schema or "public", name, columns)


@dataclass(frozen=True)
class Shape:
    """The columns that a view has, of those that mean something here."""

    columns: tuple[str, ...]  # besides item and score
    by_key: bool


def shape_of(connection: Connection, given: Given) -> Shape:
    """See which columns there are; raise `BuildError` that says what would be right."""
    probe = {"person": None, "scene": None, "moment": datetime.now(UTC)}
    wanted = probe if given.called else {}
    result = connection.execute(queries.nothing_of(given.rows(())), wanted)
    cursor: Any = result.cursor
    found = {column.name: int(column.type_code) for column in cursor.description}
    result.close()
    wrong = [name for name, kinds in NEEDED.items() if found.get(name) not in kinds]
    wrong += [name for name, kinds in KNOWN.items() if name in found and found[name] not in kinds]
    if wrong:
        told = "; ".join(f"the column '{name}' has to be {NAMES[name]}" for name in wrong)
        raise BuildError(f"{given.name}: {told}; there are {', '.join(found) or 'none'}")
    return Shape(tuple(name for name in KNOWN if name in found), found["item"] in WORDS)


def prove(connection: Connection, given: Given, limit: Mapping[str, str]) -> None:
    """Ask once, as a request would, and leave no trace; raise `BuildError` if that fails."""
    nested = connection.begin_nested()
    try:
        enter(connection, given, limit)
        shape = shape_of(connection, given)
        statement = queries.found_in(given.rows(_all(shape)), shape.columns, shape.by_key, true())
        connection.execute(statement, values_of(given, shape, None, {}, datetime.now(UTC), 1)).all()
    except DBAPIError as error:
        raise BuildError(f"{given.name}: {first_line(error)}") from error
    finally:
        nested.rollback()


def enter(connection: Connection, given: Given, limit: Mapping[str, str]) -> None:
    """Let the rest of the transaction only read, not for long, and as the role that was named."""
    connection.execute(limits.ONLY_READ, limit)
    if given.role is not None:
        connection.execute(queries.BE, {"role": given.role})


def values_of(
    given: Given,
    shape: Shape,
    person: int | None,
    words: Mapping[str, str],
    moment: datetime,
    top: int,
) -> dict[str, Any]:
    """Give what the statement is asked with."""
    whole = {
        "person": person,
        "scene": words.get("scene"),
        "words": dict(words),
        "moment": moment,
    }
    wanted = {"words" if name == "context" else name for name in shape.columns}
    if given.called:
        wanted |= {"person", "scene", "moment"}
    return {"top": top, **{name: whole[name] for name in sorted(wanted)}}


def first_line(error: DBAPIError) -> str:
    """Give the database's own words."""
    return str(error.orig).strip().split("\n")[0]


def _all(shape: Shape) -> tuple[str, ...]:
    return ("item", "score", *shape.columns)
