"""The condition that every channel puts on items: offered, let through, not left out."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, all_, and_, bindparam

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
