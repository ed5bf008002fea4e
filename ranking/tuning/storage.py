"""Where trials are kept: Optuna's own tables, in a schema of their own."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from weft import queries
from weft.errors import Conflict

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

SCHEMA = "tuning"
TUNING_LOCK = 0x74756E65 << 32


@contextmanager
def storage_in(engine: Engine) -> Iterator["BaseStorage"]:
    """Open the storage in a database; its tables are made where they are missing."""
    from optuna.storages import RDBStorage  # noqa: PLC0415 - takes seconds

    url = engine.url.render_as_string(hide_password=False)
    manners = {"options": f"-c search_path={SCHEMA} -c timezone=UTC"}
    storage = RDBStorage(url, engine_kwargs={"connect_args": manners, "pool_size": 1})
    try:
        yield storage
    finally:
        storage.engine.dispose()


@contextmanager
def only_one(engine: Engine, model: str) -> Iterator[None]:
    """Be the only one who tunes a model; the lock ends with the process, however it ends."""
    key = {"key": TUNING_LOCK | zlib.crc32(model.encode())}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(queries.TRY_LOCK, key).scalar_one():
            raise Conflict(f"somebody else is tuning {model}; wait for their report")
        try:
            yield
        finally:
            connection.execute(queries.UNLOCK, key)
