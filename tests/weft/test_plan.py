from datetime import timedelta

import pytest

from tests.weft.toy import toy_step
from weft.errors import BuildError
from weft.plan import Past, Planned, changes, make_plan
from weft.steps import in_order

MARKS = {"event": 100, "item": 5}


def past(planned: Planned, number: int = 1) -> Past:
    step = planned.step
    return Past(
        number, step.name, planned.fingerprint, step.section, planned.inputs, planned.marks, 2.0
    )


def test_everything_is_stale_at_first() -> None:
    plan = make_plan([toy_step("a"), toy_step("b", needs=("a",))], MARKS, [])
    assert [p.why for p in plan.stale] == [("never built",), ("never built",)]


def test_same_section_inputs_and_data_mean_nothing_to_do() -> None:
    steps = [toy_step("a", reads=("event",)), toy_step("b", needs=("a",))]
    first = make_plan(steps, MARKS, [])
    again = make_plan(steps, MARKS, [past(p) for p in first.steps])
    assert again.stale == ()


def test_plan_names_the_changed_option() -> None:
    made = past(make_plan([toy_step("walks", {"p": 1, "q": 2})], MARKS, []).steps[0])
    plan = make_plan([toy_step("walks", {"p": 0.5, "q": 2})], MARKS, [made])
    assert plan.stale[0].why == ("section changed: walks.value.p 1 → 0.5",)
    assert plan.stale[0].seconds == 2.0


def test_plan_counts_new_events() -> None:
    step = toy_step("a", reads=("event",))
    made = past(make_plan([step], MARKS, []).steps[0])
    plan = make_plan([step], {"event": 12_404, "item": 9}, [made])
    assert plan.stale[0].why == ("12,304 new events",)


def test_a_stale_input_makes_its_dependents_stale() -> None:
    before = make_plan([toy_step("a", 1), toy_step("b", needs=("a",))], MARKS, [])
    made = [past(p) for p in before.steps]
    plan = make_plan([toy_step("a", 2), toy_step("b", needs=("a",))], MARKS, made)
    assert plan.named("b").why == ("a is rebuilt",)


def test_a_new_version_of_the_code_is_a_reason() -> None:
    made = past(make_plan([toy_step("a")], MARKS, []).steps[0])
    plan = make_plan([toy_step("a", code=2)], MARKS, [made])
    assert plan.stale[0].why == ("the code of this step changed",)


def test_going_back_to_an_old_section_reuses_what_was_made() -> None:
    old = make_plan([toy_step("a", 1)], MARKS, []).steps[0]
    new = make_plan([toy_step("a", 2)], MARKS, []).steps[0]
    plan = make_plan([toy_step("a", 1)], MARKS, [past(new, 2), past(old, 1)])
    assert plan.steps[0].artifact == 1


def test_circles_and_unknown_needs_are_refused() -> None:
    with pytest.raises(BuildError, match="circle: a, b"):
        in_order([toy_step("a", needs=("b",)), toy_step("b", needs=("a",))])
    with pytest.raises(BuildError, match="a: no step called 'bb'; there are b, a"):
        in_order([toy_step("a", needs=("bb",)), toy_step("b")])


def test_changes_tell_what_was_added_and_removed() -> None:
    assert changes({"x": 1}, {"y": ["z"]}, "s") == ["s.x 1 → null", 's.y null → ["z"]']


def test_a_step_that_comes_after_another_runs_later_but_not_again() -> None:
    steps = [toy_step("learn", after=("edges",)), toy_step("edges", reads=("event",))]
    assert [step.name for step in in_order(steps)] == ["edges", "learn"]
    made = [past(p) for p in make_plan(steps, MARKS, []).steps]
    plan = make_plan(steps, {"event": 101, "item": 5}, made)
    assert [p.step.name for p in plan.stale] == ["edges"]


def test_a_step_is_due_once_in_its_period() -> None:
    step = toy_step("learn", every=timedelta(days=1))
    day = 86_400
    made = past(make_plan([step], {**MARKS, "moment": 10 * day + 5}, []).steps[0])
    assert make_plan([step], {**MARKS, "moment": 11 * day - 1}, [made]).stale == ()
    assert make_plan([step], {**MARKS, "moment": 11 * day}, [made]).stale[0].why == (
        "1 new period",
    )
