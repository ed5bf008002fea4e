"""Run a command against a PostgreSQL server by its address, owned by nobody special.

`python -m tests.with_server pytest …` starts a second server on a free TCP port, with a database
whose owner is no superuser, sets `WEFT_DATABASE_URL`, runs the command and stops the server.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from weft.embedded import PostgresServer, pgexec

SETUP = (
    "CREATE ROLE shop LOGIN CREATEDB PASSWORD 'shop'",
    "CREATE DATABASE shop OWNER shop",
)


@contextmanager
def tcp_server(folder: Path) -> Iterator[str]:
    """Run a server on loopback; yields the address of an ordinary user's database."""
    server = PostgresServer(folder, cleanup_mode=None)
    folder.mkdir(parents=True, exist_ok=True)
    server.ensure_pgdata_inited()
    port = free_port()
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
    control(server, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        prepare(f"host=127.0.0.1 port={port} user=postgres")
        yield f"postgresql://shop:shop@127.0.0.1:{port}/shop"
    finally:
        control(server, "-w", "-m", "immediate", "stop")


def prepare(superuser: str) -> None:
    """Do what a superuser has to do once."""
    with psycopg.connect(f"{superuser} dbname=postgres", autocommit=True) as connection:
        for statement in SETUP:
            connection.execute(statement)
    for database in ("shop", "template1"):
        with psycopg.connect(f"{superuser} dbname={database}", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")


def control(server: PostgresServer, *arguments: str) -> None:
    """Call pg_ctl as the user that owns the data."""
    whole = ("-D", str(server.pgdata), *arguments)
    pgexec("pg_ctl", whole, bin_path=server.bin_path, user=server.system_user)


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Run the command line's command."""
    with tempfile.TemporaryDirectory() as folder, tcp_server(Path(folder) / "data") as url:
        done = subprocess.run(
            sys.argv[1:],
            env={**os.environ, "WEFT_DATABASE_URL": url},
            check=False,
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
