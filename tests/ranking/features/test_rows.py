from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from ranking.features.asked import asked_of
from ranking.features.rows import encode, examples_of
from tests.ranking.features.shop import (
    REQUESTS,
    add_events,
    alone,
    fitted,
    flat,
    open_shop,
)

LATER = [
    ("click", "ann", "new-cup", 0.6),
    ("click", "bob", "red-dress", 0.5),
    ("expose", "ann", "red-dress", 1),
    ("click", "cat", "blue-cup", 2),
]


def test_training_and_serving_rows_are_equal_bit_for_bit(engine: Engine, tmp_path: Path) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        whole = asked_of(shown)
        served = [encode(connection, encoding, alone(whole, n)) for n in range(len(REQUESTS))]
        add_events(connection, spec, LATER)
        again = [encode(connection, encoding, alone(whole, n)) for n in range(len(REQUESTS))]
        trained = flat(examples_of(connection, encoding, shown).inputs)
    for number in range(len(REQUESTS)):
        rows = np.flatnonzero(whole.ask == number)
        for name, values in trained.items():
            mine = values[rows] if len(values) else values
            for request in (served[number], again[number]):
                theirs = flat(request)[name]
                assert theirs.tobytes() == mine.tobytes(), (number, name)
                assert theirs.dtype == mine.dtype
