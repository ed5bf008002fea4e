"""A teacher who knows, a student with few labels, and what both have in common."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from graph.graph import Floats
from ranking.coarse.scorer import CoarseScorer
from ranking.distilling.joining import joined
from ranking.distilling.jointly import Joint
from ranking.distilling.lessons import drawn, widened
from ranking.distilling.together import Together
from ranking.examples import Inputs
from ranking.networks.batch import batch_of
from ranking.networks.towers.network import TowersNetwork
from ranking.networks.towers.taught import known, softened, taught
from ranking.rankers.fm import FM
from ranking.rankers.lesson import Lesson
from ranking.rankers.rule import Rule
from ranking.rankers.towers import Distil, Moves, Towers
from ranking.training.judging import auc
from tests.ranking.rankers.worlds import LAYOUT, OFTEN, SELDOM, World, world
from weft.errors import BuildError

FEW = 160
FIRST: dict[str, Any] = {
    "dim": 8,
    "rate": 0.01,
    "batch": 256,
    "epochs": 6,
    "hidden_asks": [32],
    "hidden_items": [32],
}


class Knowing:
    """A teacher who has seen what colours somebody took, and knows the world."""

    def score(self, inputs: Inputs) -> Floats:
        taken = inputs.asks.pasts[0][inputs.ask][:, :, 1]
        liked = (taken == inputs.items.ones[inputs.item, 1][:, None]).any(1)
        return np.where(liked, OFTEN, SELDOM).astype(np.float32)[:, None]

    def save(self) -> dict[str, bytes]:
        return {}


@pytest.fixture(scope="module")
def tiny() -> World:
    return world()


def student(**distil: Any) -> Towers:
    options = Distil(teacher="fine", **distil) if distil else None
    return Towers(type="towers", **FIRST, distil=options)


def lesson(tiny: World, **others: Any) -> Lesson:
    rest = tiny.learn.part(np.arange(FEW, len(tiny.learn)))
    few = tiny.learn.part(np.arange(FEW))
    return Lesson(tiny.layout, few, tiny.check, teacher=Knowing(), pool=rest.inputs, **others)


def reached(tiny: World, ranker: Towers, **others: Any) -> float:
    chances = ranker.fit(lesson(tiny, **others)).score(tiny.later.inputs)[:, 0]
    return auc(chances, tiny.later.labels[:, 0])


def test_a_teacher_helps_who_has_few_labels(tiny: World) -> None:
    alone = reached(tiny, student())
    assert reached(tiny, student(stages=["soft", "both"])) > alone + 0.1


def test_items_drawn_at_random_are_judged_too(tiny: World) -> None:
    only = Lesson(tiny.layout, tiny.learn.part(np.arange(FEW)), tiny.check, teacher=Knowing())
    found = [
        auc(student(drawn=n).fit(only).score(tiny.later.inputs)[:, 0], tiny.later.labels[:, 0])
        for n in (0, 8)
    ]
    assert found[1] > found[0] + 0.02


def test_the_loss_is_shared_between_labels_and_chances() -> None:
    odds, weights = torch.tensor([[0.3], [-1.0]]), torch.tensor([1.0, 2.0])
    labels = torch.tensor([[1.0, 0.7], [torch.nan, 0.2]])  # the second was never shown
    distil = Distil(teacher="fine", share=0.25, temperature=2.0)
    p, q = 1 / (1 + np.exp([-0.3, 1.0])), 1 / (1 + np.exp([-0.15, 0.5]))
    hard = -np.log(p[0]) / 2
    each = [-(s * np.log(c) + (1 - s) * np.log(1 - c)) for s, c in zip([0.7, 0.2], q, strict=True)]
    by_hand = 0.25 * hard + 0.75 * 4 * (each[0] + 2 * each[1]) / 2
    assert float(taught(odds, labels, weights, distil)) == pytest.approx(by_hand, rel=1e-5)


def test_two_heads_learn_one_thing_each() -> None:
    odds = torch.zeros(3, 2, requires_grad=True)
    labels = torch.tensor([[1.0, 0.5]] * 3)
    taught(odds, labels, torch.ones(3), Distil(teacher="fine", heads=2)).backward()
    assert odds.grad is not None
    assert (odds.grad[:, 0] < 0).all()
    assert not odds.grad[:, 1].any()  # a chance of one half is foretold already


def test_a_temperature_brings_chances_nearer_to_half() -> None:
    chances = softened(torch.tensor([0.9, 0.5, 0.1]), 2.0)
    torch.testing.assert_close(chances, torch.tensor([0.75, 0.5, 0.25]))


def test_pairs_keep_what_they_are_where_they_are_joined(tiny: World) -> None:
    some, other = tiny.learn.inputs, world(20, seed=3).later.inputs
    both = joined(some, other)
    assert len(both) == len(some) + len(other)
    for name in ("asks", "items"):
        which = getattr(both, name[:-1])[len(some) :]
        mine = getattr(both, name).part(which)
        its = getattr(other, name).part(getattr(other, name[:-1]))
        np.testing.assert_array_equal(mine.ones, its.ones)
    assert joined(some, some).asks is some.asks  # what is the same is kept once


def test_what_was_never_shown_has_no_label_and_its_own_weight(tiny: World) -> None:
    found = widened(Distil(teacher="fine", drawn=2, pool=0.5), lesson(tiny))
    assert len(found) == FEW * 3 + len(tiny.learn) - FEW
    assert np.isnan(found.labels[FEW:]).all()
    assert (found.weights[FEW:] == 0.5).all()
    assert set(found.times[FEW:]) <= set(found.times[:FEW])


def test_drawn_items_come_from_all(tiny: World) -> None:
    some = drawn(tiny.learn.inputs, np.zeros(600, np.int64), np.random.default_rng(0))
    assert set(some.item) == set(range(len(some.items)))
    assert set(some.ask) == {tiny.learn.inputs.ask[0]}


def test_who_needs_a_teacher_says_whom(tiny: World) -> None:
    with pytest.raises(BuildError, match="'fine' is not there"):
        student(share=0.5).fit(Lesson(tiny.layout, tiny.learn))
    with pytest.raises(BuildError, match="must be a network"):
        student(together=True).fit(lesson(tiny, tutor=Rule(type="rule", weights={"price": 1})))


@dataclass
class Mortal:
    """Checkpoints of a training that is killed."""

    lives: int
    kept: list[bytes] = field(default_factory=list)

    def load(self) -> bytes | None:
        return self.kept[-1] if self.kept else None

    def save(self, content: bytes) -> None:
        self.kept.append(content)
        self.lives -= 1
        if not self.lives:
            raise KeyboardInterrupt


@pytest.mark.parametrize("lives", [2, 4])
def test_a_course_goes_on_where_it_was_killed(tiny: World, lives: int) -> None:
    ranker = student(share=0.5).model_copy(update={"epochs": 3})
    some, kept = tiny.later.inputs, Mortal(lives)
    with pytest.raises(KeyboardInterrupt):
        ranker.fit(lesson(tiny, checkpoints=kept))
    resumed = ranker.fit(lesson(tiny, checkpoints=kept))
    assert len(kept.kept) == 6  # three epochs of two stages, none twice
    np.testing.assert_array_equal(resumed.score(some), ranker.fit(lesson(tiny)).score(some))


TEACHER = FM(type="fm", dim=8)


def together(**moves: Any) -> Together:
    torch.manual_seed(0)
    distil = Distil(teacher="fine", together=True, moves=Moves(**moves))
    own = Towers(type="towers", dim=8, attention="nova", distil=distil)
    layout = replace(LAYOUT, tasks=("click", "click 1"))
    joint = Joint.model_construct(**dict(own), student=own, tutor=TEACHER, tasks=1)
    made = joint.network(layout)
    assert isinstance(made, Together)
    return made


def moved(made: Together, tiny: World, who: str) -> set[str]:
    """Name the parts that the student's or the teacher's errors alone would move."""
    some = tiny.learn.part(np.arange(64))
    odds = made(batch_of(some.inputs.part(np.arange(64)), "cpu"))
    place = 0 if who == "student" else 1
    labels, weights = torch.from_numpy(some.labels), torch.ones(64)
    known(odds[:, place : place + 1], labels, weights).backward()  # type: ignore[no-untyped-call]
    parts: dict[str, nn.Module] = {
        "embedding": made.student.embedding, "attention": made.student.attention,
        "teacher": made.teacher, "tower": made.student.asks,
    }  # fmt: skip
    return {
        name
        for name, part in parts.items()
        if any(p.grad is not None and p.grad.any() for p in part.parameters())
    }


def test_a_student_moves_no_embedding_of_its_teacher(tiny: World) -> None:
    assert moved(together(embedding="teacher"), tiny, "student") == {"attention", "tower"}
    assert "embedding" in moved(together(embedding="teacher"), tiny, "teacher")


def test_a_student_may_move_what_both_read(tiny: World) -> None:
    found = moved(together(embedding="both"), tiny, "student")
    assert found == {"embedding", "teacher", "attention", "tower"}  # one embedding of both


def test_embeddings_apart_are_moved_by_their_own(tiny: World) -> None:
    assert "teacher" not in moved(together(embedding="apart"), tiny, "student")
    alone = together(embedding="apart", attention="student")
    assert "embedding" not in moved(alone, tiny, "teacher")


@pytest.mark.parametrize(
    ("whose", "movers"),
    [("student", {"student"}), ("teacher", {"teacher"}), ("both", {"student", "teacher"})],
)
def test_attention_is_moved_by_whom_it_is_declared(
    tiny: World, whose: str, movers: set[str]
) -> None:
    found = {
        who
        for who in ("student", "teacher")
        if "attention" in moved(together(attention=whose), tiny, who)
    }
    assert found == movers


def test_a_teacher_is_not_moved_by_what_its_student_thinks(tiny: World) -> None:
    made, some = together(attention="student"), tiny.learn.part(np.arange(64))
    batch = batch_of(some.inputs.part(np.arange(64)), "cpu")
    labels, weights = torch.from_numpy(some.labels), torch.ones(64)
    made.loss(made(batch), labels, weights).backward()  # type: ignore[no-untyped-call]
    found = [p.grad for p in made.teacher.parameters()]
    alone = together(attention="student")
    known(alone.teacher(batch), labels, weights).backward()  # type: ignore[no-untyped-call]
    for mine, its in zip(found, alone.teacher.parameters(), strict=True):
        assert mine is not None
        assert its.grad is not None
        torch.testing.assert_close(mine, its.grad)


@pytest.mark.parametrize(
    ("embedding", "attention"), [("apart", "none"), ("teacher", "nova"), ("both", "nova")]
)
def test_both_learn_together(tiny: World, embedding: str, attention: str) -> None:
    moves, heads = Moves(embedding=embedding), 2 if embedding == "both" else 1
    distil = Distil(teacher="fine", together=True, moves=moves, drawn=1, heads=heads)
    options = {**FIRST, "attention": attention, "epochs": 4, "rate": 0.03}
    ranker = Towers(type="towers", **options, distil=distil)
    course = Lesson(tiny.layout, tiny.learn, tiny.check, tutor=TEACHER)
    found = ranker.fit(course)
    assert isinstance(found, CoarseScorer)
    chances = found.score(tiny.later.inputs)
    assert auc(chances[:, 0], tiny.later.labels[:, 0]) > 0.75
    loaded = ranker.load(tiny.layout, found.save())
    np.testing.assert_array_equal(loaded.score(tiny.later.inputs), chances)


def test_a_teacher_needs_an_embedding_to_share() -> None:
    distil, plain = Distil(teacher="fine", together=True), Towers(type="towers", dim=8)
    with pytest.raises(BuildError, match="no embedding of 8 numbers"):
        Together(nn.Linear(1, 1), TowersNetwork(LAYOUT, plain), distil, LAYOUT)
