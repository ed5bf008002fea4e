"""Two hundred damaged files: no traceback, no good row lost, every bad row in the rejects."""

import random
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from graph.importing.files import Options, load_files
from tests.graph.importing.damage import Damaged, broken_parquet, damaged_lines, damaged_parquet
from tests.graph.reading import DECLARED
from tests.graph.shop import Shop, counts
from weft.errors import ImportFailed

FILES = 200


def damaged(folder: Path) -> Iterator[tuple[int, Damaged]]:
    for seed in range(FILES):
        chance = random.Random(seed)
        kind = seed % 5
        if kind == 4:
            make = broken_parquet if seed % 2 else damaged_parquet
            yield seed, make(chance, folder)
        else:
            yield seed, damaged_lines(chance, folder, "jsonl" if kind < 2 else "csv")


def test_damaged_files_lose_no_good_row_and_hide_no_bad_one(shop: Shop) -> None:
    for seed, file in damaged(shop.folder):
        with shop.engine.begin() as connection:
            connection.execute(text("DELETE FROM item"))
        options = Options(rejects=shop.folder / "rejects.jsonl")
        try:
            summary = load_files(shop.engine, "item", [file.path], DECLARED, options)
        except ImportFailed:
            if file.bad >= 0:
                raise
            continue
        counts(summary)
        if file.bad >= 0:
            assert set(shop.ask("SELECT key FROM item")) == file.good, (seed, file.note)
            assert len(shop.rejects()) == summary.rejected == file.bad, (seed, file.note)
            assert all(reject["reason"] for reject in shop.rejects())
