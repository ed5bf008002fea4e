"""`weft up`: database, API and worker in one process group."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import psycopg
import typer
from rich.console import Console
from sqlalchemy import Connection

from api import queries
from api.keys import create_key
from api.spec import open_spec
from api.supervisor import Program, run_all, stop_on_signals
from weft.database import open_database
from weft.embedded import revive
from weft.errors import DatabaseUnreachable, SettingsError
from weft.logs import log
from weft.settings import Settings, read_settings
from weft.shared import FOLDER as SHARED

BACKLOG = 1024
PROCESS = (sys.executable, "-m", "api.process")
out = Console(highlight=False, soft_wrap=True)


def up(
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
    demo: Annotated[bool, typer.Option(help="Serve GraphiQL, and print a key for it.")] = False,
) -> None:
    """Run database, API and worker; Ctrl-C or SIGTERM stops them, after what is in flight."""
    settings, stop = read_settings(), stop_on_signals()
    open_spec(spec)
    with (
        open_database(settings) as engine,
        _socket(settings) as listening,
        tempfile.TemporaryDirectory(prefix="weft-metrics-") as folder,
        tempfile.TemporaryDirectory(prefix="weft-shared-") as shelf,
    ):
        place = "http://{}:{}".format(*listening.getsockname()[:2])
        out.print(f"serving on {place}/graphql")
        if demo:
            with engine.begin() as connection:
                _invite(connection, place)
        engine.dispose()
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": folder, SHARED: shelf}
        run_all(_programs(settings, spec, demo, listening.fileno(), environment), stop, _revive)


def _revive() -> None:
    """Start the embedded database again if it has died; what was acknowledged is in its log."""
    try:
        if revive():
            log("up").error("the database had died and was started again")
    except (DatabaseUnreachable, psycopg.OperationalError) as error:
        log("up").error("the database does not start", reason=str(error))


def _programs(
    settings: Settings, spec: Path, demo: bool, descriptor: int, environment: Mapping[str, str]
) -> tuple[list[Program], list[Program]]:
    """Give what to run, in the order in which it is stopped."""
    serve = (*PROCESS, "serve", str(spec), str(descriptor), *(["--demo"] if demo else []))
    workers = range(1, settings.workers + 1)
    apis = [Program(f"api {n}", serve, environment, (descriptor,)) for n in workers]
    return apis, [Program("worker", (*PROCESS, "work", str(spec)), environment)]


@contextmanager
def _socket(settings: Settings) -> Iterator[socket.socket]:
    """Listen from the beginning: who comes early waits instead of being turned away."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise SettingsError(
                f"cannot listen on {where}: {error.strerror}; set WEFT_HOST or WEFT_PORT"
            ) from None
        listening.listen(BACKLOG)
        yield listening


def _invite(connection: Connection, place: str) -> None:
    """Print a key, and a page that shows somebody's recommendations beside a stranger's."""
    key = create_key(connection, "demo", ["operator"])
    person = connection.execute(queries.BUSIEST).scalar()
    known = "" if person is None else f"&person={quote(person)}"
    out.print(f"try it on  {place}/#key={key}{known}")
    out.print(f"with key   {key}")
