import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recall.evaluation.overlap import alone, overlap
from tests.recall.evaluation.exams import answers, exam, one_list, one_wish

triples = st.lists(st.tuples(one_list, one_list, one_wish), min_size=1, max_size=5)


def test_overlap_is_read_along_rows():
    one, other = answers([(1, 2), (3,)], 2), answers([(2,), (4,)], 2)
    found = overlap([one, other], 2)
    assert found.tolist() == [[1, pytest.approx(1 / 3)], [0.5, 1]]


def test_the_same_item_for_another_question_is_nothing_in_common():
    found = overlap([answers([(1,), ()], 1), answers([(), (1,)], 1)], 1)
    assert found.tolist() == [[1, 0], [0, 1]]


def test_alone_is_what_no_other_channel_finds():
    judged = exam([frozenset({1, 2}), frozenset({3})])
    lists = [answers([(1, 2), (3,)], 2, "one"), answers([(2,), (4,)], 2, "other")]
    found = alone(judged, lists, 2)
    assert found["one"].mean(np.ones(2, np.bool_)) == 0.75
    assert found["other"].mean(np.ones(2, np.bool_)) == 0


@given(triples)
def test_sets_say_the_same(rows):
    ones, others, wanted = zip(*rows, strict=True)
    lists = [answers(ones, 6, "one"), answers(others, 6, "other")]
    shared = sum(len(set(a) & set(b)) for a, b in zip(ones, others, strict=True))
    total = sum(map(len, ones))
    cell = overlap(lists, 6)[0, 1]
    assert cell == pytest.approx(shared / total) if total else np.isnan(cell)
    only = [len((set(a) - set(b)) & good) / len(good) for a, b, good in rows]
    mean = alone(exam(wanted), lists, 6)["one"].mean(np.ones(len(rows), np.bool_))
    assert mean == pytest.approx(np.mean(only))
