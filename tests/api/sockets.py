"""A socket to the app itself, without a network: what is sent goes straight into it."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from api.app import make_app
from tests.api.shop import Face

PROTOCOL = "graphql-transport-ws"


class Closed(Exception):
    """The app closed the socket."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """One socket, as a browser sees it."""

    def __init__(self, face: Face, protocols: Sequence[str], headers: dict[str, str]) -> None:
        self.face = face
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.came: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "path": "/graphql",
            "root_path": "",
            "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "subprotocols": list(protocols),
        }
        app = make_app(face.service)
        self._put({"type": "websocket.connect"})
        self.task = face.portal.start_task_soon(app, scope, self.sent.get, self.came.put)  # type: ignore[arg-type]
        accepted = self._get()
        self.protocol = accepted["subprotocol"]

    def send(self, message: Any) -> None:
        """Send a message."""
        self._put({"type": "websocket.receive", "text": json.dumps(message)})

    def begin(self, key: str | None) -> None:
        """Say who is there."""
        payload = {"Authorization": f"Bearer {key}"} if key else {}
        self.send({"type": "connection_init", "payload": payload})

    def subscribe(self, query: str, number: str = "1", **given: Any) -> None:
        """Subscribe to something."""
        payload = {"query": query, "variables": given}
        self.send({"id": number, "type": "subscribe", "payload": payload})

    def receive(self) -> Any:
        """Wait for a message; raise `Closed` where the app has closed."""
        message = self._get()
        if message["type"] == "websocket.close":
            self._put({"type": "websocket.disconnect", "code": message["code"]})
            raise Closed(message["code"])
        return json.loads(message["text"])

    def code(self) -> int:
        """Pass messages over until the app closes, and give the code."""
        while True:
            try:
                self.receive()
            except Closed as closed:
                return closed.code

    def leave(self) -> None:
        """Go, as somebody does who closes the browser."""
        self._put({"type": "websocket.disconnect", "code": 1001})
        self.task.result(10)

    def _put(self, message: dict[str, Any]) -> None:
        self.face.portal.call(self.sent.put, message)

    def _get(self) -> dict[str, Any]:
        return self.face.portal.call(self._soon)

    async def _soon(self) -> dict[str, Any]:
        async with asyncio.timeout(60):
            return await self.came.get()


@contextmanager
def socket(
    face: Face,
    key: str | None = None,
    protocols: Sequence[str] = (PROTOCOL,),
    headers: dict[str, str] | None = None,
) -> Iterator[Socket]:
    """Open a socket, begin where there is a key, and leave at the end of the block."""
    opened = Socket(face, protocols, headers or {})
    if key:
        opened.begin(key)
    yield opened
    opened.leave()
