"""One process of `weft up`: the API or a worker. It ends when its parent does."""

import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from api.app import make_app
from api.jobs import jobs_of, work
from api.service import Service
from api.spec import open_spec
from weft.database import address, connect
from weft.logs import start_logs
from weft.settings import read_settings

GRACE = 25
LARGEST_MESSAGE = 2**16
ORPHANED = 30.0
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve(spec: Path, descriptor: int, demo: Annotated[bool, typer.Option()] = False) -> None:
    """Serve on a socket that the parent opened."""
    settings = read_settings()
    with address(settings) as url:
        service = Service(url, open_spec(spec), settings)
        config = uvicorn.Config(
            make_app(service, demo),
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


@app.command("work")
def work_on_jobs(spec: Path) -> None:
    """Do jobs."""
    with address(read_settings()) as url:
        engine = connect(url, pool_size=2)
        try:
            asyncio.run(work(url, jobs_of(engine, open_spec(spec), spec)))
        finally:
            engine.dispose()


def end_with_parent() -> None:
    """Stop as if asked to, once the parent is gone: standard input is a pipe that it holds."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHANED)
        os._exit(1)  # whatever still waits, waits for nobody

    threading.Thread(target=watch, name="parent", daemon=True).start()


def leave(*_: object) -> None:
    """Leave through every `with`: before serving begins, and when uvicorn signals its own end."""
    raise SystemExit(0)


def main() -> None:
    """Run one process."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    end_with_parent()
    start_logs(read_settings())
    app()


if __name__ == "__main__":
    main()
