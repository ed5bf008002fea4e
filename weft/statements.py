"""Statements that keep their plan: PostgreSQL takes longer to plan them than to answer."""

from typing import Any, TypeVar

from sqlalchemy import Executable

S = TypeVar("S", bound=Executable)
LASTING = "weft_lasting"


def lasting(statement: S) -> S:
    """Say that one plan is good for all values; a plan for any filter would suit none."""
    return statement.execution_options(**{LASTING: True})


def is_lasting(options: Any) -> bool:
    """Tell whether a statement was said to be so, by its options."""
    return bool(options.get(LASTING))
