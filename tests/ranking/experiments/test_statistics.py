import numpy as np
import pytest
from scipy import stats

from ranking.experiments.statistics import (
    Sums,
    balance_of,
    chi_squared_tail,
    difference_of,
    rate_of,
)


def sums_of(above: np.ndarray, below: np.ndarray) -> Sums:
    a, b = above.astype(float), below.astype(float)
    return Sums(len(a), a.sum(), b.sum(), (a * a).sum(), (a * b).sum(), (b * b).sum())


def persons(draws: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Persons who differ in how often they come and in how readily they click."""
    shown = 10 * draws.geometric(0.3, count)
    return draws.binomial(shown, draws.beta(2, 30, count)), shown


def test_an_interval_is_that_of_a_bootstrap_over_persons() -> None:
    draws = np.random.default_rng(3)
    clicks, shown = persons(draws, 3_000)
    rate = rate_of(sums_of(clicks, shown))
    assert rate is not None
    rows = draws.integers(0, 3_000, (2_000, 3_000))
    again = clicks[rows].sum(axis=1) / shown[rows].sum(axis=1)
    assert rate.value == pytest.approx(clicks.sum() / shown.sum())
    assert (rate.low, rate.high) == pytest.approx(np.quantile(again, [0.025, 0.975]), rel=0.01)


def test_arms_that_are_alike_differ_by_chance_as_often_as_is_said() -> None:
    draws = np.random.default_rng(5)
    ps, held = [], 0
    for _ in range(1_000):
        one, two = (rate_of(sums_of(*persons(draws, 400))) for _ in range(2))
        assert one is not None
        assert two is not None
        found = difference_of(one, two)
        ps.append(found.p)
        held += found.low <= 0 <= found.high
    assert 0.03 < np.mean(np.array(ps) < 0.05) < 0.07
    assert held == np.sum(np.array(ps) >= 0.05)
    assert stats.kstest(ps, "uniform").pvalue > 0.01


def test_a_difference_says_how_much_more_it_is() -> None:
    draws = np.random.default_rng(7)
    clicks, shown = persons(draws, 5_000)
    more = clicks + draws.binomial(shown, 0.02)
    one, two = rate_of(sums_of(more, shown)), rate_of(sums_of(clicks, shown))
    assert one is not None
    assert two is not None
    found = difference_of(one, two)
    assert found.low < 0.02 < found.high
    assert found.lift == pytest.approx(one.value / two.value - 1)
    assert found.p < 1e-6


def test_nothing_shown_is_no_rate_and_one_person_is_not_enough() -> None:
    assert rate_of(Sums(0, 0, 0, 0, 0, 0)) is None
    alone = rate_of(Sums(1, 1, 10, 1, 10, 100))
    assert alone is not None
    assert alone.high == np.inf


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 12])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, 5.0, 30.0, 80.0])
def test_the_tail_of_chi_squared(value: float, degrees: int) -> None:
    assert chi_squared_tail(value, degrees) == pytest.approx(stats.chi2.sf(value, degrees))


def test_a_balance_is_that_of_a_chi_squared_test() -> None:
    found = balance_of([880, 60, 60], [0.8, 0.1, 0.1])
    told = stats.chisquare([880, 60, 60], [800, 100, 100])
    assert (found.chi_squared, found.p) == pytest.approx(told)
    assert balance_of([802, 99, 99], [0.8, 0.1, 0.1]).p > 0.9
