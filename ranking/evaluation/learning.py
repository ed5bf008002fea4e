"""Models of a spec, learned from what was known at a moment, beside the shop and not kept."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from ranking.examples import Examples
from ranking.lessons import Course, Manner, encoding_of, fit_before, lesson_of, read_examples
from ranking.rankers.lesson import Scorer
from ranking.ready import Ready
from ranking.spec import Ranking

Tell = Callable[[str, float], None]


def learned_before(
    connection: Connection, course: Course, names: Sequence[str], moment: datetime, tell: Tell
) -> list[Ready]:
    """Learn models as a build at that moment would have; teachers come before their students."""
    encoding = fit_before(connection, course, moment)
    scorers: dict[str, Scorer] = {}
    read: dict[tuple[str, ...], Examples] = {}  # models that read the same read it once
    for name in in_turn(course.ranking, names):
        ranker = course.ranking.models[name]
        own, teacher = encoding_of(course.ranking, name, encoding), ranker.learns_from()
        since = moment - ranker.learn
        key = (since.isoformat(), *own.features)
        if key not in read:
            read = {key: read_examples(connection, course, own, since, moment)}
        manner = Manner(
            teacher=None if teacher is None else scorers[teacher], progress=_telling(tell, name)
        )
        scorers[name] = ranker.fit(lesson_of(course, name, own, read[key], moment, manner))
    return [
        Ready(name, encoding_of(course.ranking, name, encoding), scorers[name]) for name in names
    ]


def in_turn(ranking: Ranking, names: Sequence[str]) -> list[str]:
    """List models and their teachers, each teacher before its students."""
    found: list[str] = []
    for name in names:
        chain = [*_teachers(ranking, name)]
        found += [one for one in reversed(chain) if one not in found]
    return found


def _teachers(ranking: Ranking, name: str) -> Iterator[str]:
    """Give a model, its teacher, the teacher's teacher, and so on."""
    following: str | None = name
    while following is not None:
        yield following
        following = ranking.models[following].learns_from()


def _telling(tell: Tell, name: str) -> Callable[[float], None]:
    return lambda share: tell(f"ranker.{name}", share)
