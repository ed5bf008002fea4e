"""GraphQL over HTTP: from a request's bytes to an answer's."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.graphql.errors import Shown, explained, shown
from api.keys import Key
from api.service import Service
from weft.errors import BadRequest

LARGEST_BODY = 2**20
PATIENCE = 15.0
STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "UNAVAILABLE": 503, "INTERNAL": 500}


@dataclass(frozen=True)
class Question:
    """The body of a request."""

    query: str
    variables: dict[str, Any] | None
    operation: str | None


async def answer(request: Request) -> Response:
    """Answer one request; whatever happens, the answer is JSON with codes."""
    service: Service = request.app.state.service
    try:
        key = await service.keys.check(request.headers.get("authorization"))
        question = read_question(await _body(request))
        async with asyncio.timeout(PATIENCE):
            return await _execute(service, key, question)
    except Exception as error:  # what is not ours becomes INTERNAL, with an id that is logged
        written = explained(error)
        return _json({"errors": [written]}, STATUS.get(written["extensions"]["code"], 400))


def read_question(body: bytes) -> Question:
    """Read a body, or say what is wrong with it."""
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("query"), str):
        raise BadRequest('the body must be an object with a text "query"')
    return Question(raw["query"], _variables(raw), _operation(raw))


def _variables(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    variables = raw.get("variables")
    if variables is None or isinstance(variables, dict):
        return variables
    raise BadRequest('"variables" must be an object')


def _operation(raw: Mapping[str, Any]) -> str | None:
    operation = raw.get("operationName")
    if operation is None or isinstance(operation, str):
        return operation or None
    raise BadRequest('"operationName" must be a text')


async def _body(request: Request) -> bytes:
    """Read the body, but never more of it than is allowed."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise BadRequest(f"the body is larger than {LARGEST_BODY:,} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


async def _execute(service: Service, key: Key, question: Question) -> Response:
    serving = service.serving
    result = await serving.schema.execute(
        question.query,
        variable_values=question.variables,
        context_value=service.context(key, serving),
        operation_name=question.operation,
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = shown(result.errors)
    return _json(answer, _status(answer.get("errors", [])))


def _status(errors: list[Shown]) -> int:
    """Answer 503 where asking again in a moment may help; all else is told in the body."""
    codes = {error["extensions"]["code"] for error in errors}
    return 503 if "UNAVAILABLE" in codes else 200


def _json(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
