"""The condition that every channel puts on items: offered, let through, not left out."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    all_,
    and_,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from graph.catalog import Catalog
from graph.queries import clause, offered
from graph.tables import item
from graph.where import Where
from recall.candidates import Question

MOMENT: Any = bindparam("moment", type_=DateTime(timezone=True))


def may_be_found(catalog: Catalog, where: Where) -> ColumnElement[bool]:
    """Give the condition on `item`; `:moment` and `:left_out` are given at execution."""
    left_out: ColumnElement[Any] = bindparam("left_out", type_=ARRAY(Integer))
    some = item.c.id != all_(left_out)
    return and_(offered(catalog, MOMENT), clause(where, catalog), some)


def let_through(catalog: Catalog, where: Where, id: ColumnElement[int]) -> LateralFromClause:
    """Give a row where the item of a list may be found: looked up one by one, whatever is asked.

    Lists are short, and the database may think that a filter lets fewer items through: it would
    then read all of those first.
    """
    one: Select[Any] = (
        select(literal_column("1").label("one")).select_from(item).where(item.c.id == id)
    )
    fenced = one.where(may_be_found(catalog, where)).offset(literal_column("0"))
    return fenced.correlate_except(item).lateral("let")


def narrowed(question: Question) -> dict[str, Any]:
    """Give the values of that condition."""
    return {"moment": question.moment, "left_out": list(question.leave_out)}


def allowed(catalog: Catalog, question: Question) -> ColumnElement[bool]:
    """Give the condition on `item`; `:left_out` is given at execution."""
    left_out: ColumnElement[Any] = bindparam("left_out", type_=ARRAY(Integer))
    return and_(
        offered(catalog, question.moment),
        clause(question.where, catalog),
        item.c.id != all_(left_out),
    )
