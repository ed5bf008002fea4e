"""Requests as they are logged and counted."""

import secrets
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from weft.logs import log

PATHS = ("/graphql", "/health", "/ready", "/metrics")
QUIET = ("/health", "/ready", "/metrics")


class Observed:
    """Wraps an app so that each request has an id, a line in the log and a place in the metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell of it afterwards."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with structlog.contextvars.bound_contextvars(request=secrets.token_hex(4)):
            try:
                await self.app(scope, receive, watch)
            finally:
                _tell(scope, status, time.perf_counter() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    path = scope["path"] if scope["path"] in PATHS else "other"
    metrics.HTTP.labels(path, status).inc()
    metrics.HTTP_SECONDS.labels(path).observe(seconds)
    tell = log("http").debug if path in QUIET else log("http").info
    tell("request", method=scope["method"], path=path, status=status, ms=round(seconds * 1e3, 1))
