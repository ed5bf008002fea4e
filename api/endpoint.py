"""GraphQL over HTTP: from a request's bytes to an answer's."""

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

import orjson
from graphql import ExecutionResult, execute
from starlette.requests import Request
from starlette.responses import Response
from strawberry.execution.is_awaitable import optimized_is_awaitable

from api.graphql.errors import Shown, explained, shown
from api.graphql.told import Told
from api.guards.documents import Document, Invalid, digest_of
from api.keys import Key
from api.question import Question, read_body, read_question
from api.roles import allows
from api.service import Service
from weft.errors import BadRequest, NotPersisted, RateLimited, Refused

STATUS = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
    "PERSISTED_QUERY_NOT_FOUND": 200,
}


async def answer(request: Request) -> Response:
    """Answer one request; whatever happens, the answer is JSON with codes."""
    service: Service = request.app.state.service
    told = Told(service.settings.cost)
    try:
        async with asyncio.timeout(service.settings.timeout):
            key = await service.keys.check(request.headers.get("authorization"))
            service.rates.enter(key.id, key.rate)
            try:
                question = read_question(await read_body(request))
                return await _execute(service, key, question, told)
            finally:
                service.rates.spend(key.id, max(1, told.asked))
    except Invalid as error:
        return _json({"errors": shown(error.errors)}, told, 200)
    except Exception as error:  # what is not ours becomes INTERNAL, with an id that is logged
        written = explained(error)
        response = _json({"errors": [written]}, told, _of_code(written["extensions"]["code"]))
        if isinstance(error, RateLimited):
            response.headers["Retry-After"] = str(error.seconds)
        return response


def _of_code(code: str) -> int:
    return STATUS.get(code, 400)


async def _execute(service: Service, key: Key, question: Question, told: Told) -> Response:
    serving = service.serving
    document = await checked(service, key, question, told)
    made = execute(
        serving.schema._schema,
        document.tree,
        variable_values=question.variables,
        context_value=service.context(key, serving, told),
        operation_name=question.operation,
        hide_suggestions=not _looks(service, key),
        executor_class=serving.schema.execution_context_class,
        is_awaitable=cast(Any, optimized_is_awaitable),
    )
    result = made if isinstance(made, ExecutionResult) else await cast(Awaitable[Any], made)
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = shown(result.errors)
    return _json(content, told, _status(content.get("errors", [])))


async def checked(service: Service, key: Key, question: Question, told: Told) -> Document:
    """Give the document that is asked for, if this key may ask for it and it costs no more."""
    looking = _looks(service, key)
    document = await _document(service, question, looking)
    if document.shape.looks and not looking:
        raise Refused(
            "the schema is shown to operators; `weft schema` prints it for everybody else"
        )
    schema = service.serving.schema._schema
    told.asked = document.cost(schema, question.operation, question.variables or {})
    if told.asked > told.limit:
        raise BadRequest(
            f"this query costs {told.asked:,}, at most {told.limit:,} is served:"
            " ask for fewer with `first`, or for less of each"
        )
    return document


def _looks(service: Service, key: Key) -> bool:
    return service.demo or allows(key.roles, "operator")


async def _document(service: Service, question: Question, looking: bool) -> Document:
    """Give the document of a text or of a hash, if it may run here."""
    documents, query = service.serving.documents, question.query
    digest = question.digest or digest_of(query or "")
    if query is not None and question.digest is not None and digest_of(query) != digest:
        raise BadRequest("persistedQuery: the sha256Hash is not that of the query")
    if service.settings.queries == "persisted":
        registered = await service.persisted.find(digest)
        if registered is None and query is not None:
            raise Refused("only registered queries run here; `weft queries add` registers them")
        if registered is None:
            raise NotPersisted
        query = registered
    elif query is None and documents.known(digest) is None:
        query = await service.persisted.find(digest)
    document = documents.known(digest)
    if document is None and query is None:
        raise NotPersisted
    return document or documents.read(query or "", looking)


def _status(errors: list[Shown]) -> int:
    """Answer 503 where asking again in a moment may help; all else is told in the body."""
    codes = {error["extensions"]["code"] for error in errors}
    return 503 if "UNAVAILABLE" in codes else 200


def _json(content: dict[str, Any], told: Told, status: int) -> Response:
    whole = {**content, "extensions": told.extensions()}
    return Response(orjson.dumps(whole), status, media_type="application/json")
