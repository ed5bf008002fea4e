"""SQL around an analyst's view or function: names are quoted, values are bound."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.functions import Function

from graph.tables import item, person

BE = text("SELECT set_config('role', :role, true)")
WORDS = ("person", "scene", "moment")


def view(schema: str, name: str, columns: Sequence[str]) -> FromClause:
    """Name a view or table with some of its columns."""
    made = table(
        quoted_name(name, True),
        *(column(quoted_name(c, True)) for c in columns),
        schema=quoted_name(schema, True),
    )
    return made.alias("given")


def function(schema: str, name: str, columns: Sequence[str]) -> FromClause:
    """Name a function of a person's key, a scene and a moment, with some columns of its rows."""
    arguments = (
        _key(),
        cast(bindparam("scene", type_=Text), Text),
        cast(bindparam("moment", type_=DateTime(timezone=True)), DateTime(timezone=True)),
    )
    called: Any = Function(
        quoted_name(name, True), *arguments, packagenames=(quoted_name(schema, True),)
    )
    rows: FromClause = called.table_valued(
        *(column(quoted_name(c, True)) for c in columns), name="given"
    )
    return rows


def nothing_of(given: FromClause) -> Select[Any]:
    """Ask for no rows, only to see the columns."""
    return select(literal_column("*")).select_from(given).limit(0)


def found_in(
    given: FromClause, columns: Sequence[str], by_key: bool, condition: ColumnElement[bool]
) -> Select[Any]:
    """Give the best items of an analyst's rows, under a filter; what fits nobody is passed over."""
    own = given.c.item
    named = item.c.key == cast(own, Text) if by_key else item.c.id == cast(own, Integer)
    score = func.max(cast(given.c.score, Double)).label("score")
    fits = [_fits(given, name) for name in columns]
    number = cast(given.c.score, Double) < literal_column("'NaN'::float8")
    return (
        select(item.c.id.label("item"), score)
        .select_from(given)
        .join(item, named)
        .where(number, *fits, condition)
        .group_by(item.c.id)
        .order_by(score.desc(), item.c.id)
        .limit(bindparam("top", type_=Integer))
    )


def _key() -> ColumnElement[str]:
    """Give the key of the person who asks."""
    asks = person.c.id == cast(bindparam("person", type_=Integer), Integer)
    return select(person.c.key).where(asks).scalar_subquery()


def _fits(given: FromClause, name: str) -> ColumnElement[bool]:
    """Hold where a column is empty or says what the question says."""
    side = given.c[name]
    if name == "context":
        words = cast(bindparam("words", type_=JSONB), JSONB)
        return or_(side.is_(None), cast(side, JSONB).op("<@")(words))
    said: ColumnElement[Any] = _key() if name == "person" else bindparam(name, type_=Text)
    return or_(side.is_(None), cast(side, Text) == said)
