"""One shop that many tests ask and none changes."""

from collections.abc import Iterator

import pytest

from tests.api.boutique import open_boutique
from tests.api.shop import Face, open_face
from tests.conftest import own_database
from weft.database import connect


@pytest.fixture(scope="session")
def boutique(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Face]:
    """A face of the shop of three brands."""
    with own_database(server, template) as url:
        engine = connect(url)
        spec = open_boutique(engine, tmp_path_factory.mktemp("boutique"))
        with open_face(engine, spec) as face:
            yield face
        engine.dispose()
