import numpy as np

from recall.spaces.sessions import sessions_of

ROW = np.dtype(
    [("person", "i4"), ("item", "i4"), ("time", "f8"), ("weight", "f8"), ("bought", "i4")]
)


def rows(*steps):
    return np.array([(*step, 0)[:5] for step in steps], ROW)


def test_a_long_break_and_another_person_begin_a_session() -> None:
    made = sessions_of(rows((1, 5, 0, 1), (1, 6, 60, 1), (1, 7, 3000, 1), (2, 8, 3001, 1)), 1800)
    assert made.starts.tolist() == [0, 2, 3, 4]
    assert made.items.tolist() == [5, 6, 7, 8]


def test_a_break_as_long_as_the_gap_is_none() -> None:
    assert sessions_of(rows((1, 5, 0, 1), (1, 6, 1800, 1)), 1800).starts.tolist() == [0, 2]


def test_what_leads_to_a_purchase_counts_more() -> None:
    steps = rows((1, 5, 0, 1, 0), (1, 6, 1, 5, 1), (1, 7, 2, 1, 0), (2, 5, 3, 1, 0))
    assert sessions_of(steps, 1800, before_purchase=3).weights.tolist() == [3, 5, 1, 1]


def test_nothing_done_makes_no_sessions() -> None:
    assert len(sessions_of(rows(), 1800).items) == 0
