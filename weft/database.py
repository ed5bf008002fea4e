"""The way to the one database: embedded, or any server by its address."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import alembic.command
import psycopg
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from weft import queries
from weft.embedded import embedded
from weft.errors import DatabaseTooOld, DatabaseUnreachable, ExtensionMissing, SettingsError
from weft.settings import Settings
from weft.statements import is_lasting

NEEDED_POSTGRES = 15
NEEDED_PGVECTOR = (0, 8, 4)
MIGRATION_LOCK = 0x77656674
READING = "weft_reading"


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """Open the database of these settings, checked and migrated, for the length of the block."""
    with address(settings) as url:
        engine = connect(url)
        try:
            prepare(engine)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def address(settings: Settings) -> Iterator[str]:
    """Give the database's address, starting the embedded server where no address is set."""
    if settings.database_url is not None:
        yield settings.database_url
    else:
        with embedded(settings.home / "postgres") as url:
            yield url


def connect(url: str, pool_size: int = 8, limit: int | None = None) -> Engine:
    """Make a pool of connections, whose statements end after so many seconds, if limited."""
    arguments = {"pool_size": pool_size, "max_overflow": 8, "connect_args": _manners(limit)}
    return create_engine(_driver(url), pool_pre_ping=limit is not None, **arguments)


def connect_async(url: str, pool_size: int = 8, limit: int | None = None) -> AsyncEngine:
    """Make a pool of connections for coroutines."""
    arguments = {"pool_size": pool_size, "max_overflow": 8, "pool_pre_ping": True}
    return create_async_engine(_driver(url), connect_args=_manners(limit), **arguments)


def connect_reading(url: str, pool_size: int = 8, limit: int | None = None) -> AsyncEngine:
    """Make a pool of connections that only read, each statement by itself.

    No transaction is opened and none ended: a page asks dozens of statements. A plan for any
    filter suits none, and compiling one takes longer than what it is for; so only statements
    that say so are prepared.
    """
    options = "-c default_transaction_read_only=on -c jit=off"
    engine = create_async_engine(
        _driver(url),
        pool_size=pool_size,
        max_overflow=8,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        execution_options={READING: True},
        connect_args={**_manners(limit), "options": f"{_manners(limit)['options']} {options}"},
    )
    event.listen(engine.sync_engine, "checkout", _alive)
    event.listen(engine.sync_engine, "before_cursor_execute", _prepared)
    return engine


def _prepared(connection: Connection, _: Any, __: str, ___: Any, context: Any, ____: bool) -> None:
    """Let the driver prepare what keeps its plan, at once, and nothing else."""
    raw: Any = connection.connection.driver_connection
    raw.prepare_threshold = 0 if is_lasting(context.execution_options) else None


def only_reads(database: AsyncEngine) -> bool:
    """Tell whether a pool was made by `connect_reading`."""
    return bool(database.get_execution_options().get(READING))


def _alive(connection: Any, *_: object) -> None:
    """Notice a server that has gone, without asking it; the pool makes another connection."""
    raw = connection.driver_connection.pgconn
    if raw.status != psycopg.pq.ConnStatus.OK:
        raise DisconnectionError
    poll = select.poll()  # `select` knows no more than 1,024 files, and a process has sockets
    poll.register(raw.socket, select.POLLIN)
    if poll.poll(0):
        try:
            raw.consume_input()
        except psycopg.OperationalError:
            raise DisconnectionError from None


def prepare(engine: Engine) -> None:
    """Check versions, create the extension and bring the tables up to date."""
    try:
        with engine.begin() as connection:
            _check_postgres(connection)
            _check_pgvector(connection)
            behind = current_revision(connection) != newest_revision()
    except OperationalError as error:
        raise DatabaseUnreachable(
            f"no database answers at {_shown(engine)}: {error.orig}"
        ) from None
    if behind:
        migrate(engine)


def migrate(engine: Engine, target: str = "head") -> None:
    """Run migrations, one process at a time."""
    config = _alembic()
    with engine.begin() as connection:
        connection.execute(queries.LOCK_TRANSACTION, {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        backwards = target == "base" or target.startswith("-")
        run = alembic.command.downgrade if backwards else alembic.command.upgrade
        run(config, target)


def current_revision(connection: Connection) -> str | None:
    """Tell which migration the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Tell which migration this code needs."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def _driver(url: str) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError(
            f"WEFT_DATABASE_URL: postgresql://… is needed, not {parsed.drivername}://…"
        )
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _manners(limit: int | None) -> dict[str, object]:
    """Notice within a second when a client has died in the middle of a query."""
    options = "-c client_connection_check_interval=1000 -c timezone=UTC"
    if limit is None:
        return {"options": options}
    return {"options": f"{options} -c statement_timeout={limit}s", "connect_timeout": limit}


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _check_postgres(connection: Connection) -> None:
    number = int(connection.execute(queries.SERVER_VERSION).scalar_one())
    if number < NEEDED_POSTGRES * 10_000:
        raise DatabaseTooOld(
            f"PostgreSQL {NEEDED_POSTGRES} or newer is needed; this server is {number // 10_000}"
        )


def _check_pgvector(connection: Connection) -> None:
    installed = connection.execute(queries.EXTENSION_VERSION).scalar()
    if installed is None:
        _create_extension(connection)
        installed = connection.execute(queries.EXTENSION_VERSION).scalar_one()
    if tuple(int(part) for part in installed.split(".")) < NEEDED_PGVECTOR:
        needed = ".".join(map(str, NEEDED_PGVECTOR))
        raise DatabaseTooOld(
            f"pgvector {needed} or newer is needed; this database has {installed}: "
            "install it and run ALTER EXTENSION vector UPDATE"
        )


def _create_extension(connection: Connection) -> None:
    if connection.execute(queries.EXTENSION_AVAILABLE).scalar() is None:
        raise ExtensionMissing(
            "pgvector is not installed on this server; version 0.8.4 or newer is needed"
        )
    try:
        with connection.begin_nested():
            connection.execute(queries.CREATE_EXTENSION)
    except ProgrammingError:
        user = connection.engine.url.username
        raise ExtensionMissing(
            f"{user} may not create the extension `vector`; "
            "a superuser has to run CREATE EXTENSION vector in this database once"
        ) from None
