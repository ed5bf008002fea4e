from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from ranking.features.asked import asked_of
from ranking.features.rows import encode
from tests.ranking.features.shop import fitted, open_shop


def test_the_row_of_fillings_changes_no_past_and_no_bag(engine: Engine, tmp_path: Path) -> None:
    import torch

    from ranking.networks.batch import batch_of
    from ranking.networks.embedding import Embedding

    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        inputs = encode(connection, encoding, asked_of(shown))
    layout = encoding.layout
    embedding, batch = Embedding(layout, 8), batch_of(inputs, "cpu")
    tables = embedding.tables

    def looked() -> list[np.ndarray]:
        with torch.no_grad():
            pasts = zip(batch.asks.pasts, layout.asks.pasts, strict=True)
            bags = zip(batch.items.bags, layout.items.bags, strict=True)
            found = [embedding.past(codes, past.fields)[0] for codes, past in pasts]
            return [x.numpy() for x in (*found, *(embedding.bag(b, f) for b, f in bags))]

    before = looked()
    assert all((inputs.items.bags[1] == 0).ravel())
    with torch.no_grad():
        tables.rows.weight[list(tables.firsts.values())] = 1000.0
    for one, other in zip(before, looked(), strict=True):
        np.testing.assert_array_equal(one, other)
