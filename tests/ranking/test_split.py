"""The bench's reader of splits in libfm's format."""

from pathlib import Path

import numpy as np
import pytest

from bench.ctr_data import read_split

TRAIN = "1 5:1 10:1 20:0.5\n-1 6:1 11:1 20:1.5\n0 5:1 11:1 20:1.0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "some.train.libfm").write_text(TRAIN)
    (tmp_path / "some.validation.libfm").write_text("1 6:1 10:1 20:2\n")
    (tmp_path / "some.test.libfm").write_text("-1 7:1 10:1 20:0\n")
    return tmp_path


def test_fields_are_places_and_one_that_only_has_values_is_a_number(folder: Path) -> None:
    split = read_split(folder)
    side = split.layout.pairs
    assert [(f.name, f.size) for f in side.ones] == [("field0", 3), ("field1", 3)]
    assert side.numbers == ("value2",)
    np.testing.assert_array_equal(split.learn.inputs.pairs.ones, [[1, 1], [2, 2], [1, 2]])
    np.testing.assert_allclose(split.learn.inputs.pairs.numbers.mean(), 0, atol=1e-6)
    np.testing.assert_array_equal(split.learn.labels[:, 0], [1, 0, 0])


def test_what_is_not_learned_is_code_nought(folder: Path) -> None:
    np.testing.assert_array_equal(read_split(folder).test.inputs.pairs.ones, [[0, 1]])


def test_sides_keep_each_subject_once_and_say_the_same(folder: Path) -> None:
    split, whole = read_split(folder, (1,)), read_split(folder)
    inputs = split.learn.inputs
    assert len(inputs.items) == 2
    np.testing.assert_array_equal(
        inputs.items.ones[inputs.item, 0], whole.learn.inputs.pairs.ones[:, 1]
    )
    np.testing.assert_array_equal(
        inputs.asks.ones[inputs.ask, 0], whole.learn.inputs.pairs.ones[:, 0]
    )
    np.testing.assert_allclose(inputs.asks.numbers[inputs.ask], whole.learn.inputs.pairs.numbers)


def test_a_line_that_lacks_a_field_is_refused(folder: Path) -> None:
    (folder / "some.test.libfm").write_text("1 5:1 10:1 20:1\n1 5:1\n")
    with pytest.raises(SystemExit, match="the same number of feature:value"):
        read_split(folder)


def test_an_unknown_field_is_refused(folder: Path) -> None:
    with pytest.raises(SystemExit, match="no field 3; there are 0 to 2"):
        read_split(folder, (3,))
