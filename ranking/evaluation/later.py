"""What was shown later, as each model would have seen it."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from ranking.evaluation import queries
from ranking.evaluation.exam import Exam, exam_of
from ranking.examples import Codes, Longs
from ranking.features.rows import examples_of
from ranking.labelled import Labelled
from ranking.lessons import Course
from ranking.ready import Ready
from recall.evaluation.groups import COLD, HEAVY, LIGHT, group_of

GROUPS = (COLD, LIGHT, HEAVY)


def examine(
    connection: Connection, course: Course, later: Labelled, models: Sequence[Ready]
) -> Exam:
    """Let each model foretell what was shown, before it was known where."""
    found, last, chances = None, None, {}
    for model in models:
        if found is None or last != [*model.encoding.features]:  # what is the same is read once
            found, last = examples_of(connection, model.encoding, later), [*model.encoding.features]
        chances[model.name] = model.scorer.score(found.inputs.without_bias())
    assert found is not None
    who = groups_of(connection, course, later)
    return exam_of(found, later.tasks, (who, GROUPS), chances)


def groups_of(connection: Connection, course: Course, later: Labelled) -> Codes:
    """Give the group of each row's person, by how much they had done before."""
    persons = np.unique(later.persons)
    values = {
        "persons": persons.tolist(),
        "kinds": list(course.events.positive),
        "until": float(later.times.min(initial=0.0)),
    }
    rows = connection.execute(queries.DEEDS, values)
    deeds = {row.person: row.deeds for row in rows}
    groups: Longs = np.array([GROUPS.index(group_of(deeds.get(p, 0))) for p in persons.tolist()])
    return groups[np.searchsorted(persons, later.persons)].astype(np.int32)
