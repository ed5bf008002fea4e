from weft.monitors.bounds import Bounds
from weft.monitors.sigma import Sigma


def test_bounds() -> None:
    rule = Bounds(type="bounds", metric="auc", low=0.6, high=0.9)
    assert rule.complaint(0.7, []) is None
    assert rule.complaint(0.5, []) == "0.5 is below 0.6"
    assert rule.complaint(0.95, []) == "0.95 is above 0.9"


def test_sigma_is_silent_until_there_is_a_past() -> None:
    rule = Sigma(type="sigma", metric="rows")
    assert rule.complaint(1e9, [1, 2, 3, 4]) is None
    assert rule.complaint(4, [1, 2, 3, 4, 5]) is None
    assert "outside" in (rule.complaint(50, [1, 2, 3, 4, 5]) or "")
