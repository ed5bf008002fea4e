from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking.experiments.allotting import NOTHING, Allotment, allot, part_of, unit_of
from ranking.experiments.spec import CONTROL, Arm, Experiment
from ranking.experiments.standing import Assigned, arms_of, tables_of
from ranking.scenes import Scene

KEYS = [f"person p{number}" for number in range(30_000)]
CHANGE = Scene(seen=[])


def experiment(layer: str = "main", **shares: float) -> Experiment:
    arms = {name: Arm.model_construct(share=share, change=CHANGE) for name, share in shares.items()}
    return Experiment.model_construct(scenes=["home"], layer=layer, arms=arms)


def arms(held: Allotment, experiments: Mapping[str, Experiment], name: str) -> list[str | None]:
    """Give the arm of an experiment that each key is in."""
    tables = tables_of(held)
    found = ({one.experiment: one.arm for one in arms_of(tables, experiments, key)} for key in KEYS)
    return [one.get(name) for one in found]


def members(held: Allotment) -> dict[str, set[int]]:
    return {arm: set(parts) for layer in held.values() for arm, parts in layer.items()}


def test_shares_are_what_they_say() -> None:
    trial = {"trial": experiment(a=0.1, b=0.25)}
    found = arms(allot(NOTHING, trial), trial, "trial")
    shares = {name: found.count(name) / len(KEYS) for name in ("a", "b", CONTROL)}
    for name, share in {"a": 0.1, "b": 0.25, CONTROL: 0.65}.items():
        assert abs(shares[name] - share) < 0.01


def test_growing_only_adds_and_shrinking_only_removes_and_others_stay() -> None:
    steps = [(0.1, 0.2), (0.3, 0.2), (0.3, 0.6), (0.05, 0.6), (0.35, 0.6), (0.35, 0.1)]
    held, before = NOTHING, None
    for a, b in steps:
        trial = {"trial": experiment(a=a, b=b)}
        held = allot(held, trial)
        after = arms(held, trial, "trial")
        for key, (was, now) in enumerate(zip(before or after, after, strict=True)):
            assert was == now or CONTROL in (was, now), KEYS[key]
        before = after


def test_going_back_brings_everybody_back() -> None:
    small, large = {"trial": experiment(a=0.1, b=0.2)}, {"trial": experiment(a=0.4, b=0.3)}
    first = allot(NOTHING, small)
    assert allot(allot(first, large), small) == first


@settings(max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcde"), st.integers(1, 199), min_size=1, max_size=5),
        min_size=2,
        max_size=6,
    )
)
def test_nobody_moves_who_need_not(history: list[dict[str, int]]) -> None:
    held = NOTHING
    states = []
    for sizes in history:
        one = experiment(**{name: size / 1_000 for name, size in sizes.items()})
        held = allot(held, {"trial": one})
        states.append(members(held))
        assert {arm: len(parts) for arm, parts in states[-1].items()} == {
            f"trial/{name}": size for name, size in sizes.items()
        }
        whole = [part for parts in held["main"].values() for part in parts]
        assert len(whole) == len(set(whole))
    for before, after in pairwise(states):
        for arm in before.keys() & after.keys():
            assert before[arm] <= after[arm] or after[arm] <= before[arm]


def test_experiments_of_a_layer_share_nobody_and_have_one_control() -> None:
    trials = {"first": experiment(a=0.3), "second": experiment(a=0.2, b=0.1)}
    held = allot(NOTHING, trials)
    first, second = (arms(held, trials, name) for name in trials)
    for one, two in zip(first, second, strict=True):
        assert (one == CONTROL) == (two == CONTROL)
        assert (one is None) != (two is None) or one == two == CONTROL


def test_layers_are_independent() -> None:
    trials = {"first": experiment("ranking", a=0.5), "second": experiment("looks", a=0.5)}
    held = allot(NOTHING, trials)
    first, second = (np.array(arms(held, trials, name)) == "a" for name in trials)
    assert abs(np.mean(first & second) - 0.25) < 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02


def test_who_comes_after_an_experiment_mixes_its_persons() -> None:
    old = {"old": experiment(a=0.3, b=0.3)}
    new = {"new": experiment(a=0.3, b=0.3)}
    before = members(allot(NOTHING, old))
    after = members(allot(allot(NOTHING, old), new))
    for arm in ("new/a", "new/b"):
        assert 60 < len(after[arm] & before["old/a"]) < 120  # a third of 300 by chance is 90


def test_a_person_is_always_in_the_same_part() -> None:
    assert part_of("main", "person ann") == part_of("main", "person ann")
    assert unit_of("ann", "s1") == "person ann"
    assert unit_of(None, "ann") == "session ann"
    assert unit_of(None) is None


def test_who_is_in_another_arm_of_the_layer_is_in_no_control() -> None:
    trials = {"first": experiment(a=0.5), "second": experiment(a=0.499)}
    tables = tables_of(allot(NOTHING, trials))
    found = arms_of(tables, trials, "person ann")
    assert len(found) == 1
    assert found[0] in {Assigned("first", "a"), Assigned("second", "a")}
