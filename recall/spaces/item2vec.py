"""item2vec (Barkan and Koenigstein 2016): sessions of items are read like sentences."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from pydantic import Field

from recall.spaces.skipgram.corpora import Told
from recall.spaces.skipgram.placing import placed
from recall.spaces.skipgram.spec import SkipGram, settings_of
from recall.spaces.skipgram.training import ALWAYS, train
from recall.spaces.trained import Lesson, Placed
from weft.errors import NothingToLearn
from weft.words import Duration


class Item2Vec(SkipGram):
    """Vectors from what was done in the same session."""

    type: Literal["item2vec"]
    epochs: int = Field(default=20, ge=1, description="how often all sessions are read")
    shuffled: bool = Field(
        default=False, description="sessions have no order: they are shuffled at every reading"
    )
    gap: Duration = Field(
        default=timedelta(minutes=30), description="a longer pause ends a session"
    )
    before_purchase: float = Field(
        default=2.0, gt=0, description="how many times a step counts that leads to a purchase"
    )
    final: float | None = Field(
        default=None,
        gt=0,
        description="steps of this weight and more, such as what was bought, "
        "are context of every step of their session",
    )

    def gap_of_sessions(self) -> timedelta:
        """Tell which break ends a session."""
        return self.gap

    def weight_before_purchase(self) -> float:
        """Tell how many times a step counts that leads to a purchase."""
        return self.before_purchase

    def fit(self, lesson: Lesson) -> Placed:
        """Read the sessions."""
        return read_and_learn(self, lesson)


def read_and_learn(space: Item2Vec, lesson: Lesson) -> Placed:
    """Learn from sessions; persons are where the mean of their items is."""
    if not len(lesson.sessions.items):
        raise NothingToLearn(
            "no sessions; item2vec learns from what persons did one after the other: "
            "import events first"
        )
    size = lesson.graph.size("item")
    corpus = Told(lesson.sessions, size)
    final = ALWAYS if space.final is None else space.final / corpus.mean
    settings = settings_of(space, lesson, space.epochs)
    settings = replace(settings, shuffled=space.shuffled, final=final)
    learned = train(corpus, settings, lesson.groups, lesson.progress)
    return placed(learned, {"item": slice(0, size)}, lesson.graph)
