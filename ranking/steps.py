"""The steps of the section `ranking`: rows, their encoding, and a model each."""

from datetime import timedelta
from typing import Any

from graph.catalog import Catalog
from ranking.lessons import Course, Manner, fit_before, read_lesson
from ranking.rankers.lesson import Curved, Progress, Scorer
from ranking.ready import ENCODING, FEATURES, RANKER, load_ready, read_encoding
from ranking.samples.steps import samples_step
from ranking.spec import Ranking
from ranking.training.curves import drawn, metrics_of
from ranking.training.keeping import DatabaseCheckpoints
from ranking.verdicts import verdicts
from weft.errors import NotFound, NothingToLearn
from weft.events import Events
from weft.files import save_file
from weft.steps import Made, Step, Work

DAILY = timedelta(days=1)


def steps(ranking: Ranking, catalog: Catalog, events: Events, zone: str) -> tuple[Step, ...]:
    """Give the step of the rows, that of their encoding, and one for each model."""
    if not ranking.models:
        return ()
    rows, course = samples_step(ranking.samples, events), Course(ranking, catalog, events, zone)
    learning = (_model_step(name, course, rows.name) for name in ranking.models)
    return (rows, _features_step(course, rows.name), *learning)


def _features_step(course: Course, rows: str) -> Step:
    """Give the step that learns how features are encoded: which words there are, which buckets."""

    def run(work: Work) -> Made:
        try:
            encoding = fit_before(work.connection, course, work.moment)
        except NothingToLearn as error:
            work.say(f"empty: {error}")
            return Made()
        save_file(work.connection, work.artifact, ENCODING, encoding.save())
        sizes = {f"{name}.size": float(t.size) for name, t in encoding.layout.tables().items()}
        return Made(metrics=sizes)

    return Step(FEATURES, _section(course), run, after=(rows,), every=DAILY)


def _model_step(name: str, course: Course, rows: str) -> Step:
    """Give the step in which a model learns."""
    ranker = course.ranking.models[name]
    teacher = ranker.learns_from()

    def run(work: Work) -> Made:
        try:
            return _learn(work, course, name)
        except NothingToLearn as error:
            work.say(f"empty: {error}")
            return Made(metrics={"rows": 0.0})

    section = {**_section(course), "model": _model(course, name)}
    needs = (FEATURES,) if teacher is None else (FEATURES, RANKER + teacher)
    step = RANKER + name
    return Step(step, section, run, needs=needs, after=(rows,), every=ranker.every, alone=True)


def _learn(work: Work, course: Course, name: str) -> Made:
    """Learn, keep what was learned, and say how well it foretells the last rows."""
    ranker, encoding = course.ranking.models[name], read_encoding(work.connection, work.inputs)
    manner = Manner(
        teacher=_teacher(work, course, ranker.learns_from()),
        checkpoints=DatabaseCheckpoints(work.connection.engine, work.artifact),
        progress=work.progress,
        tell=lambda progress: work.say(told(progress)),
    )
    lesson = read_lesson(work.connection, course, name, encoding, work.moment, manner)
    scorer = ranker.fit(lesson)
    for file, content in scorer.save().items():
        save_file(work.connection, work.artifact, file, content)
    found = {"rows": float(len(lesson.learn))}
    if isinstance(scorer, Curved):
        work.say(drawn(scorer.curve))
        found |= metrics_of(scorer.curve)
    if lesson.check is not None:
        found |= verdicts(scorer, lesson.check, lesson.layout.tasks)
    return Made(metrics=found)


def told(progress: Progress) -> str:
    """Say how a training goes."""
    reached = "" if progress.reached is None else f", reached {progress.reached:.4f}"
    return f"epoch {progress.epoch}: loss {progress.loss:.4f}{reached} in {progress.seconds:.1f} s"


def _teacher(work: Work, course: Course, name: str | None) -> Scorer | None:
    if name is None:
        return None
    try:
        return load_ready(work.connection, course.ranking, name, work.inputs).scorer
    except NotFound as error:
        raise NothingToLearn(f"there is no teacher: {error}") from None


def _section(course: Course) -> dict[str, Any]:
    """Give all that decides what rows and features are."""
    ranking = course.ranking
    return {
        "samples": ranking.samples.model_dump(mode="json"),
        "features": {n: f.model_dump(mode="json") for n, f in ranking.features.items()},
        "events": course.events.model_dump(mode="json"),
        "catalog": course.catalog.model_dump(mode="json"),
        "zone": course.zone,
    }


def _model(course: Course, name: str) -> dict[str, Any]:
    """Give a model's own options, and those of whoever teaches it."""
    ranker = course.ranking.models[name]
    own = ranker.model_dump(mode="json", exclude={"every"})
    teacher = ranker.learns_from()
    return own if teacher is None else {**own, "taught": _model(course, teacher)}
