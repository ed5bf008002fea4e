import pytest
from sqlalchemy import Engine

from tests.graph.taxonomy.desk import Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """An analyst's desk over a small taxonomy and four items."""
    return Desk(engine)
