"""The steps of the section `text`: learn which tags keep company, then read titles."""

from typing import Any

from sqlalchemy import Connection

from graph.suggestions import steps as suggesting
from graph.texts import queries
from graph.texts.company import learn_company, load_company, reading_of, save_company
from graph.texts.lexicons import Known, open_lexicon
from graph.texts.tagging import Reader, read_items
from graph.texts.touching import touched, unread
from graph.texts.ways import CODE, way_of
from nlp.spec import Text
from weft.steps import Made, Step, Work

COMPANY, TAGS = "text.company", "text.tags"


def steps(text: Text) -> tuple[Step, ...]:
    """Give the steps of reading."""
    section = text.model_dump(mode="json", exclude={"suggestions"})
    way = way_of(text)

    def learn(work: Work) -> Made:
        company = learn_company(work.connection, _known(work.connection, text))
        save_company(work.connection, work.artifact, company)
        return Made(metrics={"pairs": len(company.pair), "titles": company.titles})

    def read(work: Work) -> Made:
        return _read(work, text, way)

    languages: dict[str, Any] = {"languages": section["languages"]}
    return (
        Step(COMPANY, languages, learn, reads=("tag",), code=CODE),
        Step(TAGS, section, read, reads=("item", "tag"), needs=(COMPANY,), code=CODE),
        *suggesting.steps(text),
    )


def _read(work: Work, text: Text, way: str) -> Made:
    """Read what is unread or can be touched; everything, if the way of reading is another."""
    connection = work.connection
    known = _known(connection, text)
    company = load_company(connection, work.inputs[COMPANY])
    items = _due(connection, way, known)
    reader = Reader(text, known.lexicon, reading_of(text, company))
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
