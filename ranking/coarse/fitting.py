"""How towers learn: alone, from a teacher who has learned, or together with one who learns."""

from collections.abc import Mapping

from ranking.coarse.scorer import CoarseScorer
from ranking.distilling.jointly import jointly
from ranking.distilling.lessons import heads_of
from ranking.distilling.stages import by_stages
from ranking.examples import Layout
from ranking.rankers.lesson import Lesson
from ranking.rankers.towers import Towers
from ranking.training.loop import train
from ranking.training.trained import Trained
from ranking.training.trained import load as load_network
from weft.errors import BuildError


def fit(ranker: Towers, lesson: Lesson) -> CoarseScorer:
    """Learn as declared."""
    return CoarseScorer(_trained(ranker, lesson), len(lesson.layout.tasks))


def _trained(ranker: Towers, lesson: Lesson) -> Trained:
    distil = ranker.distil
    if distil is None:
        return train(ranker, lesson)
    if distil.together and lesson.tutor is not None:
        return jointly(ranker, distil, lesson, lesson.tutor)
    if lesson.teacher is None or distil.together:
        raise BuildError(f"distil.teacher: '{distil.teacher}' is not there to teach")
    return by_stages(ranker, distil, lesson, lesson.teacher)


def load(ranker: Towers, layout: Layout, files: Mapping[str, bytes]) -> CoarseScorer:
    """Give what was learned."""
    heads = ranker.distil.heads if ranker.distil is not None else 1
    return CoarseScorer(load_network(ranker, heads_of(layout, heads), files), len(layout.tasks))
