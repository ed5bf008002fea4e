"""A database that Weft cannot use is refused with what would be right."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url, text

from tests.conftest import administer
from weft import database
from weft.database import connect, prepare
from weft.errors import DatabaseTooOld, ExtensionMissing


@pytest.fixture
def superuser(server: str) -> None:
    """Skip where roles cannot be made."""
    engine = connect(server)
    with engine.connect() as connection:
        powerful = connection.execute(text("SHOW is_superuser")).scalar() == "on"
    engine.dispose()
    if not powerful:
        pytest.skip("this server's owner is no superuser")


@pytest.fixture
def poor(server: str, superuser: None) -> Iterator[Engine]:
    """A database without the extension, owned by somebody who may not create it."""
    administer(server, "CREATE ROLE poor LOGIN")
    administer(server, "CREATE DATABASE poor TEMPLATE template0 OWNER poor")
    engine = connect(make_url(server).set(database="poor", username="poor").render_as_string(False))
    yield engine
    engine.dispose()
    administer(server, "DROP DATABASE poor WITH (FORCE)")
    administer(server, "DROP ROLE poor")


def test_no_permission_to_create_the_extension(poor: Engine) -> None:
    with pytest.raises(ExtensionMissing, match="poor may not create the extension `vector`"):
        prepare(poor)


def test_an_old_server_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "NEEDED_POSTGRES", 99)
    with pytest.raises(
        DatabaseTooOld, match=r"PostgreSQL 99 or newer is needed; this server is \d+"
    ):
        prepare(engine)


def test_an_old_extension_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "NEEDED_PGVECTOR", (99, 0, 0))
    with pytest.raises(DatabaseTooOld, match=r"pgvector 99\.0\.0 or newer is needed"):
        prepare(engine)
