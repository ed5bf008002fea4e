"""A training to be killed: its checkpoints are in the database whose address is given."""

import sys
import time

from ranking.rankers.fm import FM
from ranking.rankers.lesson import Lesson
from ranking.training.keeping import DatabaseCheckpoints
from tests.ranking.rankers.worlds import world
from weft.database import connect

ARTIFACT = 7
RANKER = FM.model_validate(
    {
        "type": "fm",
        "dim": 4,
        "batch": 64,
        "epochs": 3,
        "averaged": 0.9,
        "schedule": "cosine",
        "deterministic": True,
        "checkpoint_steps": 3,
    }
)


class Slow(DatabaseCheckpoints):
    """So slow that somebody can kill it between two checkpoints."""

    def save(self, content: bytes) -> None:
        """Keep, tell, wait."""
        super().save(content)
        print("kept", flush=True)  # noqa: T201 - the one who kills listens
        time.sleep(0.2)


if __name__ == "__main__":
    tiny = world(200)
    kept = Slow(connect(sys.argv[1]), ARTIFACT)
    RANKER.fit(Lesson(tiny.layout, tiny.learn, tiny.check, checkpoints=kept))
