"""Subscriptions over graphql-transport-ws: a socket, its key, and what is heard over it.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from inspect import isawaitable
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    get_operation_ast,
    subscribe,
)
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.endpoint import checked
from api.graphql.errors import Shown, explained, shown
from api.graphql.told import Told
from api.guards.documents import Invalid
from api.keys import Key
from api.question import read_question
from api.service import Service
from weft.errors import BadRequest, Unauthenticated

PROTOCOL = "graphql-transport-ws"
BEGINNING, IDLE = 10.0, 600.0  # seconds until `connection_init`; without anything to hear
MOST_HEARD = 20  # subscriptions of one socket
BAD, UNAUTHORIZED, FORBIDDEN, REFUSED = 4400, 4401, 4403, 4406
LATE, TAKEN, TWICE, CROWDED, NORMAL = 4408, 4409, 4429, 1013, 1000
Message = Mapping[str, Any]


class Left(Exception):
    """The socket is to be closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Socket:
    """One socket, from its handshake to its end."""

    def __init__(self, websocket: WebSocket, service: Service) -> None:
        self.websocket, self.service = websocket, service
        self.schema = service.serving.schema
        self.header = websocket.headers.get("authorization")
        self.key: Key | None = None
        self.heard: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Answer messages until somebody leaves."""
        try:
            while True:
                await self._answer(await self._message())
        except Left as left:
            await self.close(left.code, left.reason)
        except WebSocketDisconnect:
            pass
        finally:
            await self._hear_no_more()

    async def check(self) -> None:
        """Raise `Unauthenticated` if its key is good no more."""
        if self.key is not None:
            await self.service.keys.check(self.header)

    async def close(self, code: int, reason: str) -> None:
        """End it, and all that is heard over it."""
        await self._hear_no_more()
        if self.websocket.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect):  # the other side may be faster
                await self.websocket.close(code, reason[:100])

    async def _message(self) -> Message:
        """Wait for a message: briefly for the first, and not for ever while nothing is heard."""
        try:
            message = orjson.loads(await self._text())
        except (KeyError, orjson.JSONDecodeError):
            raise Left(BAD, "a message has to be JSON, as text") from None
        if not isinstance(message, dict):
            raise Left(BAD, "a message has to be an object")
        return message

    async def _text(self) -> str:
        while True:
            try:
                async with asyncio.timeout(IDLE if self.key else BEGINNING):
                    return await self.websocket.receive_text()
            except TimeoutError:
                if not self.heard:
                    code = NORMAL if self.key else LATE
                    raise Left(code, "nothing was said for too long") from None

    async def _answer(self, message: Message) -> None:
        match message.get("type"):
            case "connection_init":
                await self._begin(message.get("payload"))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                return
            case "subscribe":
                self._subscribe(message)
            case "complete":
                task = self.heard.pop(str(message.get("id")), None)
                if task is not None:
                    task.cancel()
            case other:
                raise Left(BAD, f"there is no message of type {other!r}")

    async def _begin(self, payload: object) -> None:
        """Take the key of the payload, or else of the handshake's header."""
        if self.key is not None:
            raise Left(TWICE, "connection_init was sent already")
        given = {k.lower(): v for k, v in payload.items()} if isinstance(payload, dict) else {}
        said = given.get("authorization", self.header)
        self.header = said if isinstance(said, str) else None
        try:
            self.key = await self.service.keys.check(self.header)
        except Unauthenticated as error:
            raise Left(FORBIDDEN, str(error)) from None
        await self._send({"type": "connection_ack"})

    def _subscribe(self, message: Message) -> None:
        number, payload = message.get("id"), message.get("payload")
        if self.key is None:
            raise Left(UNAUTHORIZED, "connection_init comes first")
        if not isinstance(number, str) or not isinstance(payload, dict):
            raise Left(BAD, "subscribe needs a text `id` and a `payload`")
        if number in self.heard:
            raise Left(TAKEN, f"Subscriber for {number} already exists")
        task = asyncio.create_task(self._hear(number, payload, self.key))
        self.heard[number] = task

    async def _hear(self, number: str, payload: Mapping[str, Any], key: Key) -> None:
        """Pass on what a subscription gives, and say when it ends."""
        try:
            if len(self.heard) > MOST_HEARD:
                raise BadRequest(f"at most {MOST_HEARD} subscriptions at once on a socket")
            await self._pass_on(number, payload, key)
        except Invalid as error:
            await self._send({"id": number, "type": "error", "payload": shown(error.errors)})
        except GraphQLError as error:
            await self._send({"id": number, "type": "error", "payload": [_told(error)]})
        except (WebSocketDisconnect, RuntimeError):
            return  # nobody hears any more
        except Exception as error:  # what is not ours becomes INTERNAL, with an id that is logged
            await self._send({"id": number, "type": "error", "payload": [explained(error)]})
        finally:
            if self.heard.get(number) is asyncio.current_task():
                del self.heard[number]

    async def _pass_on(self, number: str, payload: Mapping[str, Any], key: Key) -> None:
        service, told = self.service, Told(self.service.settings.cost)
        question = read_question(orjson.dumps(payload))
        service.rates.enter(key.id, key.rate)
        try:
            document = await checked(service, key, question, told)
        finally:
            service.rates.spend(key.id, max(1, told.asked))
        operation = get_operation_ast(document.tree, question.operation)
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            raise BadRequest("a socket is for subscriptions; ask and tell by POST")
        begun = subscribe(
            self.schema._schema,
            document.tree,
            variable_values=question.variables,
            context_value=service.context(key, service.serving, told),
            operation_name=question.operation,
        )
        results = await begun if isawaitable(begun) else begun
        if isinstance(results, ExecutionResult):
            raise (results.errors or [GraphQLError("there is nothing to hear")])[0]
        async for result in results:
            if result.errors and result.data is None:
                raise result.errors[0]
            content: dict[str, Any] = {"data": result.data}
            if result.errors:
                content["errors"] = shown(result.errors)
            await self._send({"id": number, "type": "next", "payload": content})
        await self._send({"id": number, "type": "complete"})

    async def _hear_no_more(self) -> None:
        tasks = list(self.heard.values())
        self.heard.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, message: Message) -> None:
        await self.websocket.send_text(orjson.dumps(message).decode())


async def listen(websocket: WebSocket) -> None:
    """Serve one socket; other protocols, the older one of Apollo too, are refused."""
    service: Service = websocket.app.state.service
    speaks = PROTOCOL in websocket.scope["subprotocols"]
    await websocket.accept(PROTOCOL if speaks else None)
    if not speaks:
        await websocket.close(REFUSED, f"Subprotocol not acceptable: only {PROTOCOL} is")
        return
    if service.sockets.full:
        await websocket.close(CROWDED, "too many sockets; try again later")
        return
    socket = Socket(websocket, service)
    service.sockets.open.add(socket)
    try:
        await socket.serve()
    finally:
        service.sockets.open.discard(socket)


def _told(error: GraphQLError) -> Shown:
    """Write an error that ends a subscription: what a resolver raised, or what is wrong with it."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return shown([error])[0] if cause is None else explained(cause)
