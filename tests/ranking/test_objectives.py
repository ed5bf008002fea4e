import numpy as np
import pytest

from ranking.objectives import Objective

TASKS = ("click", "purchase")
CHANCES = np.array([[0.5, 0.1], [0.4, 0.2]], np.float32)


def test_without_a_word_the_first_task_decides() -> None:
    assert Objective().scores(CHANCES, TASKS) == pytest.approx([0.5, 0.4])


def test_a_product_weighs_by_powers() -> None:
    found = Objective(of={"click": 1, "purchase": 2}).scores(CHANCES, TASKS)
    assert found == pytest.approx([0.5 * 0.01, 0.4 * 0.04])


def test_a_sum_weighs_by_weights() -> None:
    found = Objective(how="sum", of={"click": 1, "purchase": 5}).scores(CHANCES, TASKS)
    assert found == pytest.approx([1.0, 1.4])


def test_a_chance_of_nought_hides_nothing_else() -> None:
    nought = np.array([[0.0, 0.1], [0.0, 0.2]], np.float32)
    first, second = Objective(of={"click": 1, "purchase": 1}).scores(nought, TASKS)
    assert first < second


def test_an_unknown_task_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no task called 'purchse'; there are purchase, click"):
        Objective(of={"purchse": 1}).scores(CHANCES, TASKS)
