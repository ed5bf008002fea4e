"""One tiny shop for all tests of a module, empty of events before each."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from tests.conftest import administer
from tests.ranking.samples.joining import Shop
from weft.database import connect


@pytest.fixture(scope="module")
def shared(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    name = f"weft_test_{uuid.uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    engine = connect(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield Shop(engine, tmp_path_factory.mktemp("shop"))
    engine.dispose()
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def shop(shared: Shop) -> Shop:
    shared.clear()
    return shared
