"""The steps of the section `text`: learn which tags keep company, read titles, find keywords."""

from typing import Any

from sqlalchemy import Connection

from graph.suggestions import steps as suggesting
from graph.texts import queries
from graph.texts.calibrating import learn_calibration
from graph.texts.company import learn_company
from graph.texts.entities import load_entities, save_entities
from graph.texts.experience import Experience, load_experience, reading_of, save_experience
from graph.texts.keywords import make_keywords
from graph.texts.lexicons import Known, open_lexicon
from graph.texts.tagging import Reader, read_items
from graph.texts.touching import touched, unread
from graph.texts.ways import CODE, reads, way_of
from nlp.confidence import as_it_is
from nlp.spec import Keywords, Ner, Text
from weft.steps import Made, Step, Work

COMPANY, NER, TAGS, KEYWORDS = "text.company", "text.ner", "text.tags", "text.keywords"


def steps(text: Text) -> tuple[Step, ...]:
    """Give the steps of reading."""
    section = reads(text)

    def learn(work: Work) -> Made:
        return _learn(work, text)

    def read(work: Work) -> Made:
        return _read(work, text)

    lessons: dict[str, Any] = {name: section[name] for name in ("languages", "facets", "least")}
    first = Step(COMPANY, lessons, learn, reads=("tag", "judgement"), code=CODE)
    names = (_ner_step(text, text.ner),) if text.ner else ()
    needs = (COMPANY, *(step.name for step in names))
    last = Step(TAGS, reads(text), read, reads=("item", "tag"), needs=needs, code=CODE)
    words = (_keywords(text, text.keywords),) if text.keywords else ()
    return (first, *names, last, *words, *suggesting.steps(text))


def _learn(work: Work, text: Text) -> Made:
    known = _known(work.connection, text)
    company = learn_company(work.connection, known)
    raw = Reader(text, known.lexicon, reading_of(text, Experience(company, as_it_is())))
    calibration, measures = learn_calibration(work.connection, raw)
    save_experience(work.connection, work.artifact, Experience(company, calibration))
    return Made(metrics={"pairs": len(company.pair), "titles": company.titles, **measures})


def _ner_step(text: Text, ner: Ner) -> Step:
    """Give the step that trains; new data alone is no reason, `weft train-ner` is one."""

    def run(work: Work) -> Made:
        from graph.texts.learning import learn_entities  # noqa: PLC0415 - torch takes seconds

        known = _known(work.connection, text)
        model, report = learn_entities(work.connection, known, reading_of(text), ner)
        save_entities(work.connection, work.artifact, model)
        labels = {f"f1.{label}": quality.f1 for label, quality in report.labels.items()}
        work.say(f"F1 {report.overall.f1:.3f} on titles that were kept back")
        return Made(metrics={"f1": report.overall.f1, **labels})

    return Step(NER, ner.model_dump(mode="json"), run, code=CODE, alone=True)


def _keywords(text: Text, asked: Keywords) -> Step:
    def make(work: Work) -> Made:
        known = _known(work.connection, text)
        experience = load_experience(work.connection, work.inputs[COMPANY])
        return make_keywords(work, asked, known.lexicon, reading_of(text, experience))

    section = {**reads(text), "keywords": asked.model_dump(mode="json")}
    data = ("item", "tag", "event") if asked.queries else ("item", "tag")
    return Step(KEYWORDS, section, make, reads=data, needs=(COMPANY,), code=CODE)


def _read(work: Work, text: Text) -> Made:
    """Read what is unread or can be touched; everything, if the way of reading is another."""
    connection = work.connection
    known = _known(connection, text)
    experience = load_experience(connection, work.inputs[COMPANY])
    way = way_of(text, experience.calibration)
    items = _due(connection, way, known)
    ner = load_entities(connection, work.inputs.get(NER))
    reader = Reader(text, known.lexicon, reading_of(text, experience), ner)
    changed = read_items(connection, reader, items, work.progress)
    connection.execute(queries.SET_READING, {"way": way, "change": known.change})
    work.say(f"{len(items):,} titles read, {changed:,} items have other tags now")
    return Made(metrics={"read": len(items), "changed": changed})


def _due(connection: Connection, way: str, known: Known) -> list[int]:
    before = connection.execute(queries.READING).one_or_none()
    again: list[int] | None = None
    if before is not None and before.way == way:
        again = touched(connection, before.change, known.change)
    if again is None:
        connection.execute(queries.FORGET_TEXTS)
        again = []
    return sorted({*again, *unread(connection)})


def _known(connection: Connection, text: Text) -> Known:
    return open_lexicon(connection, frozenset(text.languages))
