import numpy as np
import pytest

from recall.evaluation.exam import FLOOR, Answers
from recall.evaluation.figures import figures_of, overlaps
from recall.evaluation.groups import group_of
from recall.evaluation.shares import draw
from tests.recall.evaluation.exams import ITEMS, answers, exam

WANTED = [frozenset({1, 2}), frozenset({3}), frozenset({4})]


@pytest.fixture
def found():
    young = np.zeros(ITEMS + 1, np.bool_)
    young[[3, 4]] = True
    offered = np.arange(ITEMS + 1) > 0
    judged = exam(
        WANTED,
        scenes=("home", "home", "cheap"),
        groups=("cold", "heavy", "heavy"),
        offered={"home": offered, "cheap": offered & (np.arange(ITEMS + 1) < 6)},
        young=young,
    )
    one = answers([(1, 2), (3,), (5,)], 2, "one")
    base = answers([(1,), (3,), ()], 2, "itemcf")
    floor = Answers(FLOOR, "itemcf", base.items, base.asked)
    figures = figures_of(judged, [one, floor], (1, 2), draw(judged.persons, 1, 20))
    return {(f.source, f.scene, f.who, f.measure): f for f in figures if f.kind != FLOOR}


def value(found, measure, scene="all", who="all"):
    return found["one", scene, who, measure].value


def test_every_part_has_its_own_mean(found):
    assert value(found, "recall@2") == pytest.approx(2 / 3)
    assert value(found, "recall@2", "home") == 1
    assert value(found, "recall@2", "cheap") == 0
    assert value(found, "recall@2", who="cold") == 1
    assert value(found, "recall@2", who="heavy") == 0.5
    assert found["one", "home", "all", "recall@2"].questions == 2


def test_fewer_are_looked_at_for_a_smaller_k(found):
    assert value(found, "recall@1") == 0.5  # half, one, none


def test_young_items_are_counted_by_themselves(found):
    assert value(found, "young@2") == 0.5
    assert ("one", "all", "cold", "young@2") not in found  # nobody cold wanted one


def test_lift_compares_with_item_cf(found):
    assert value(found, "lift.recall@2") == pytest.approx((2 / 3) / 0.5 - 1)
    assert ("one", "cheap", "all", "lift.recall@2") not in found  # ItemCF found nothing there


def test_coverage_is_of_what_is_offered_in_the_scene(found):
    assert value(found, "coverage@2") == pytest.approx(4 / ITEMS)
    assert value(found, "coverage@2", "cheap") == 0.2


def test_overlaps_leave_out_a_source_with_itself():
    lists = [answers([(1, 2)], 2, "one"), answers([(2,)], 2, "other")]
    cells = {(f.source, f.measure): f.value for f in overlaps(lists, 2)}
    assert cells == {
        ("one", "overlap.channel.other@2"): 0.5,
        ("other", "overlap.channel.one@2"): 1,
    }


def test_a_channel_that_a_scene_does_not_ask_is_not_blamed():
    judged = exam([frozenset({1}), frozenset({1})])
    one = answers([(1,), ()], 1, "one")
    asked = Answers(one.kind, one.name, one.items, np.array([True, False]))
    figures = figures_of(judged, [asked], (1,), draw(judged.persons, 1, 20))
    recall = next(f for f in figures if f.measure == "recall@1")
    assert (recall.value, recall.questions) == (1, 1)


def test_groups_follow_what_was_done():
    assert [group_of(deeds) for deeds in (0, 1, 19, 20)] == ["cold", "light", "light", "heavy"]
