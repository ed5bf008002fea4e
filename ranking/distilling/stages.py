"""Stages of a course: each goes on from the last, and a checkpoint knows which one it is of."""

from dataclasses import dataclass, replace

from ranking.distilling.lessons import headed, judged, staged
from ranking.rankers.lesson import Checkpoints, Lesson, Scorer
from ranking.rankers.towers import Distil, Towers
from ranking.training.loop import train
from ranking.training.trained import Trained, arrays_of


@dataclass(frozen=True)
class StageCheckpoints:
    """Checkpoints of one stage: those of another are not seen."""

    kept: Checkpoints
    stage: int

    def load(self) -> bytes | None:
        """Give the last checkpoint of this stage."""
        content = self.kept.load()
        return content[1:] if content is not None and content[0] == self.stage else None

    def save(self, content: bytes) -> None:
        """Keep a checkpoint with the stage in front."""
        self.kept.save(bytes([self.stage]) + content)


def reached(checkpoints: Checkpoints) -> int:
    """Give the stage that training had come to."""
    content = checkpoints.load()
    return content[0] if content is not None else 0


def by_stages(ranker: Towers, distil: Distil, lesson: Lesson, teacher: Scorer) -> Trained:
    """Learn stage after stage from what a teacher says."""
    found = judged(distil, lesson, teacher)
    headed_lesson = headed(lesson, distil.heads)
    trained, first = None, reached(lesson.checkpoints)
    for number in range(first, len(distil.stages)):
        course = staged(headed_lesson, distil, found, distil.stages[number])
        start = arrays_of(trained.network) if trained is not None else lesson.start
        kept = StageCheckpoints(lesson.checkpoints, number)
        trained = train(ranker, replace(course, start=start, checkpoints=kept))
    assert trained is not None  # a checkpoint is of one of the stages
    return trained
