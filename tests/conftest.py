"""A real PostgreSQL for every test: one server a session, one database a test."""

import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.spec import Spec, open_spec
from tests.patience import patient
from weft.database import address, connect, prepare
from weft.settings import Settings

CHECKOUT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes: beside it all else is done."""
    items.sort(key=lambda item: "tests/whole/" not in item.nodeid)


@contextmanager
def folder_for_a_server() -> Iterator[Path]:
    """A folder outside pytest's own, which other users may not enter, the server's neither."""
    with tempfile.TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder where a test may start a server of its own."""
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server: `WEFT_DATABASE_URL`, or an embedded one of this session's own."""
    given = os.environ.get("WEFT_DATABASE_URL")
    with folder_for_a_server() as home, address(Settings(home, given)) as url:
        yield url


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """A migrated database to clone; its extension comes from the server's own database."""
    name = f"weft_template_{uuid.uuid4().hex[:8]}"
    source = make_url(server).database
    source_pool = connect(server)
    prepare(source_pool)
    source_pool.dispose()
    _when_free(server, f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    yield name
    administer(server, f'DROP DATABASE "{name}"')


@contextmanager
def own_database(server: str, template: str) -> Iterator[str]:
    """The address of an empty, migrated database that is there for the length of the block."""
    name = f"weft_test_{uuid.uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _when_free(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """The address of an empty, migrated database of this test's own."""
    with own_database(server, template) as url:
        yield url


@pytest.fixture(scope="module")
def module_engine(server: str, template: str) -> Iterator[Engine]:
    """A pool on a database that the tests of a module share, and leave as it is."""
    with own_database(server, template) as url:
        pool = connect(url)
        yield pool
        pool.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A pool on this test's own database."""
    pool = connect(database_url)
    yield pool
    pool.dispose()


@pytest.fixture
def fresh_copy(server: str) -> Iterator[Callable[[str], str]]:
    """Clone a database of this test."""
    made: list[str] = []

    def copy(url: str) -> str:
        name = f"weft_copy_{uuid.uuid4().hex[:12]}"
        _when_free(server, f'CREATE DATABASE "{name}" TEMPLATE "{make_url(url).database}"')
        made.append(name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield copy
    for name in made:
        _when_free(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def bazaar() -> Spec:
    """The spec of the demo shop; it waits for what takes long on a busy machine."""
    return patient(open_spec(CHECKOUT / "examples" / "bazaar" / "weft.yaml"))


def administer(server: str, statement: str) -> None:
    """Run one statement outside any database of the tests."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    maintenance = create_engine(
        address.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_size=1
    )
    try:
        with maintenance.connect() as connection:
            connection.execute(text(statement))
    finally:
        maintenance.dispose()


def _when_free(server: str, statement: str) -> None:
    """A closed session takes a moment to leave the server, and so does the vacuum's worker."""
    for patience in range(50):
        try:
            return administer(server, statement)
        except (OperationalError, ProgrammingError):
            time.sleep(0.1 if patience < 49 else 0)
    return administer(server, statement)
