"""Errors as callers see them: a message, a code, and nothing of the inside."""

import asyncio
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy.exc
from graphql import GraphQLError
from psycopg import errors as postgres

from weft.errors import BuildError, Conflict, DatabaseError, ImportFailed, WeftError
from weft.logs import log

Shown = dict[str, Any]
HIDDEN = (DatabaseError, BuildError, ImportFailed)
NOT_READY = (postgres.UndefinedColumn, postgres.UndefinedTable)
AWAY = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    asyncio.TimeoutError,
    ConnectionError,
)
WORDS = {
    "UNAVAILABLE": "the database does not answer; try again in a moment",
    "NOT_READY": "the database does not have the declared columns yet; run `weft apply`",
    "BAD_REQUEST": "a value in this request cannot be stored or compared",
}


def code_of(error: BaseException) -> str:
    """Tell the code of an error that a resolver raised."""
    reason = _reason(error)
    return "UNAVAILABLE" if reason == "NOT_READY" else reason


def shown(errors: Iterable[GraphQLError]) -> list[Shown]:
    """Write errors for the caller; what is nobody's business goes to the log."""
    return [_shown(error) for error in errors]


def plain(error: WeftError) -> Shown:
    """Write an error that has no place in a query."""
    sides = {"sides": error.sides} if isinstance(error, Conflict) else {}
    return {"message": str(error), "extensions": {"code": error.code, **sides}}


def is_away(error: BaseException) -> bool:
    """Tell whether it is the database that does not answer."""
    return not isinstance(error, WeftError) and _reason(error) == "UNAVAILABLE"


def _shown(error: GraphQLError) -> Shown:
    cause = _cause(error)
    written: Shown = dict(error.formatted)
    written["extensions"] = {"code": "BAD_REQUEST"}
    if cause is not None:
        written |= explained(cause)
    return written


def explained(cause: BaseException) -> Shown:
    """Write an exception: what it says if it is ours, else no more than its code."""
    reason = _reason(cause)
    if isinstance(cause, WeftError) and reason == cause.code:
        return plain(cause)
    if reason != "INTERNAL":
        return {"message": WORDS[reason], "extensions": {"code": code_of(cause)}}
    identity = secrets.token_hex(6)
    log("graphql").error("internal error", id=identity, exc_info=cause)
    return {
        "message": f"something went wrong inside; the log calls it {identity}",
        "extensions": {"code": "INTERNAL", "id": identity},
    }


def _cause(error: GraphQLError) -> BaseException | None:
    """Give what a resolver raised; a query that is itself wrong was raised by none."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause if error.path else None


def _reason(error: BaseException) -> str:
    if isinstance(error, WeftError):
        return "UNAVAILABLE" if isinstance(error, HIDDEN) else error.code
    if isinstance(error, AWAY):
        return "UNAVAILABLE"
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return _database_reason(error)
    return "INTERNAL"


def _database_reason(error: sqlalchemy.exc.DBAPIError) -> str:
    if error.connection_invalidated or isinstance(error.orig, postgres.OperationalError):
        return "UNAVAILABLE"
    if isinstance(error.orig, NOT_READY):
        return "NOT_READY"
    return "BAD_REQUEST" if isinstance(error, sqlalchemy.exc.DataError) else "INTERNAL"
