from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.graph.shop import Shop


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    """An empty shop."""
    return Shop(engine, tmp_path)
