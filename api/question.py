"""The body of a request: which query, with which variables."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from api.guards.shape import check_nesting
from weft.errors import BadRequest

LARGEST_BODY = 2**20
DIGEST = len(hashlib.sha256().hexdigest())


@dataclass(frozen=True)
class Question:
    """What is asked: a query, or the hash of one, or both."""

    query: str | None
    variables: dict[str, Any] | None
    operation: str | None
    digest: str | None = None


async def read_body(request: Request) -> bytes:
    """Read the body, but never more of it than is allowed."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise BadRequest(f"the body is larger than {LARGEST_BODY:,} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def read_question(body: bytes) -> Question:
    """Read a body, or say what is wrong with it."""
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    if isinstance(raw, list):
        raise BadRequest("one operation a request: send an object, not a list of them")
    digest = _digest(raw) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(raw.get("query"), _kinds(digest)):
        raise BadRequest('the body must be an object with a text "query"')
    return Question(raw.get("query"), _variables(raw), _operation(raw), digest)


def _kinds(digest: str | None) -> tuple[type, ...]:
    return (str,) if digest is None else (str, type(None))


def _digest(raw: Mapping[str, Any]) -> str | None:
    """Read the hash of `extensions.persistedQuery`, as Apollo has it."""
    extensions = raw.get("extensions")
    if extensions is None:
        return None
    if not isinstance(extensions, dict):
        raise BadRequest('"extensions" must be an object')
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(digest, str) or len(digest) != DIGEST:
        raise BadRequest(f"persistedQuery: a sha256Hash of {DIGEST} characters is needed")
    if persisted.get("version") != 1:
        raise BadRequest("persistedQuery: only version 1 is known here")
    return digest


def _variables(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    variables = raw.get("variables")
    if variables is None or isinstance(variables, dict):
        check_nesting(variables)
        return variables
    raise BadRequest('"variables" must be an object')


def _operation(raw: Mapping[str, Any]) -> str | None:
    operation = raw.get("operationName")
    if operation is None or isinstance(operation, str):
        return operation or None
    raise BadRequest('"operationName" must be a text')
