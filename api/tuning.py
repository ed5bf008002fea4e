"""What `weft tune` tries options on: the lesson of a model of the spec, as of now."""

from sqlalchemy import Connection

from api.commands.tune import Subject
from api.evaluation.sorting import course_of
from api.spec import Spec
from ranking.evaluation.learning import learned_before
from ranking.lessons import Manner, fit_before, read_lesson
from weft.errors import NotFound
from weft.marks import read_moment
from weft.spec import unknown


def read_subject(connection: Connection, spec: Spec, name: str) -> Subject:
    """Read what a model learns from; its teacher, if it has one, learns first."""
    if name not in spec.ranking.models:
        raise NotFound(unknown("model", name, spec.ranking.models))
    course, moment = course_of(spec), read_moment(connection)
    ranker = spec.ranking.models[name]
    manner, teacher = Manner(), ranker.learns_from()
    if teacher is not None:
        taught = learned_before(connection, course, [teacher], moment, lambda step, share: None)
        manner = Manner(teacher=taught[0].scorer)
    encoding = fit_before(connection, course, moment)
    lesson = read_lesson(connection, course, name, encoding, moment, manner)
    return Subject(ranker.model_dump(mode="json"), lesson)
