"""GraphiQL, served from what npm put on this machine, so that it works without a network."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

FOLDER = Path(__file__).parent.parent / "graphiql"
ASSETS = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
}


def graphiql_routes() -> list[BaseRoute]:
    """Give the routes of the page and its assets."""
    return [
        Route("/", page),
        Route("/graphql", page, methods=["GET"]),
        Route("/graphiql/page.js", script),
        Route("/graphiql/{name}", asset),
    ]


async def page(_: Request) -> Response:
    """Answer with the page, or with how to install it."""
    missing = [path for path in ASSETS.values() if not _installed(path).is_file()]
    return HTMLResponse((FOLDER / ("missing.html" if missing else "page.html")).read_text())


async def script(_: Request) -> Response:
    """Answer with the script that starts the page."""
    return FileResponse(FOLDER / "page.js")


async def asset(request: Request) -> Response:
    """Answer with one of the four assets."""
    path = ASSETS.get(request.path_params["name"])
    if path is None or not _installed(path).is_file():
        return Response(status_code=404)
    return FileResponse(_installed(path))


def _installed(path: str) -> Path:
    return FOLDER / "node_modules" / path
