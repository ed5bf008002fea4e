"""The ASGI app: GraphQL, health, readiness, metrics; in demo mode a page to try queries on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from api import metrics
from api.endpoint import answer
from api.graphiql import graphiql_routes
from api.listening import listen
from api.requests import Observed
from api.service import Service


def make_app(service: Service, demo: bool = False) -> Starlette:
    """Make the app of a service."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with service.running():
            yield

    routes: list[BaseRoute] = [
        Route("/graphql", answer, methods=["POST"]),
        WebSocketRoute("/graphql", listen),
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", measures),
        *(graphiql_routes() if demo else []),
    ]
    service.demo = demo
    middleware = [Middleware(Observed), *_origins(service.settings.origins)]
    app = Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
    app.state.service = service
    return app


def _origins(allowed: Sequence[str]) -> list[Middleware]:
    """Let pages of other origins ask, if any are named: with their key, and without cookies."""
    if not allowed:
        return []
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(allowed),
        allow_methods=["POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    return [cors]


async def health(_: Request) -> Response:
    """Answer that this process is up."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Answer whether requests should come here, and if not, why not.

    Without the database a process that keeps pages is degraded, but ready: all processes lose it
    at once, and a balancer that took them all out would leave nobody to serve what is kept.
    """
    service: Service = request.app.state.service
    reasons, degraded = await service.reasons_against(), not await service.database_answers()
    content = {"ready": not reasons, "degraded": degraded, "reasons": reasons}
    return JSONResponse({**content, "release": service.release}, 503 if reasons else 200)


async def measures(_: Request) -> Response:
    """Answer with all measures."""
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")
