import numpy as np

from ranking.dumps.packing import pack, unpack
from ranking.examples import Columns, Inputs
from ranking.objectives import Objective
from ranking.seen import Seen, rows_of


def columns(draws: np.random.Generator, rows: int) -> Columns:
    codes = [draws.integers(0, 9, (rows, width)).astype(np.int32) for width in (3, 1, 0, 5)]
    past = draws.integers(0, 9, (rows, 4, 2)).astype(np.int32)
    numbers = draws.normal(size=(rows, 2)).astype(np.float32)
    return Columns(codes[0], tuple(codes[1:]), numbers, (past,))


def seen(rows: int, stage: str) -> Seen:
    draws = np.random.default_rng(rows)
    sides = [columns(draws, size) for size in (1, rows, rows)]
    inputs = Inputs(
        *sides, np.zeros(rows, np.int64), np.arange(rows), np.zeros((rows, 0), np.int32)
    )
    chances = draws.random((rows, 2)).astype(np.float32)
    told = (inputs, chances, draws.random(rows), Objective(of={"click": 0.5}))
    return Seen(stage, "model", "e", np.arange(rows) + 5, *told)


def arrays(one: Columns) -> list[np.ndarray]:
    return [one.ones, one.numbers, *one.bags, *one.pasts]


def test_pairs_with_bags_numbers_and_pasts_come_back_as_they_were() -> None:
    given = (seen(6, "coarse"), seen(0, "fine"), seen(3, "fine"))
    for one, back in zip(given, unpack(pack(given)), strict=True):
        assert (back.stage, back.model, back.encoding) == (one.stage, "model", "e")
        assert isinstance(back.material, Inputs)
        for side in ("asks", "items", "pairs"):
            pairs = zip(
                arrays(getattr(one.material, side)),
                arrays(getattr(back.material, side)),
                strict=True,
            )
            assert all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)
        assert np.array_equal(one.scores, back.scores)
        assert np.array_equal(one.chances, back.chances)
        assert back.items.tolist() == one.items.tolist()
        assert back.scores.flags.writeable
        assert back.objective == one.objective


def test_a_page_without_stages_is_packed_as_well() -> None:
    assert unpack(pack(())) == ()


def test_rows_come_in_the_order_in_which_they_are_shown() -> None:
    items = np.array([7, 3, 9, 1, 4], np.int32)
    assert rows_of(items, np.array([9, 8, 7, 1], np.int32)).tolist() == [2, 0, 3]
    assert rows_of(items, np.zeros(0, np.int32)).tolist() == []
    assert rows_of(np.zeros(0, np.int32), np.array([9], np.int32)).tolist() == []
