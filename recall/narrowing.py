"""The condition that every channel puts on items: offered, let through, not left out."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, all_, and_, bindparam

from graph.catalog import Catalog
from graph.queries import clause, offered
from graph.tables import item
from recall.candidates import Question


def allowed(catalog: Catalog, question: Question) -> ColumnElement[bool]:
    """Give the condition on `item`; `:left_out` is given at execution."""
    left_out: ColumnElement[Any] = bindparam("left_out", type_=ARRAY(Integer))
    return and_(
        offered(catalog, question.moment),
        clause(question.where, catalog),
        item.c.id != all_(left_out),
    )
