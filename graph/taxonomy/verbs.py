"""What each edit does to the tables; `graph.taxonomy.editing` has checked who may, and when."""

from dataclasses import asdict

from sqlalchemy import Connection

from graph.taxonomy import queries
from graph.taxonomy.beliefs import Precedence, refresh_items
from graph.taxonomy.edits import (
    AddLabel,
    Based,
    Create,
    DropLabel,
    Merge,
    Move,
    NewLabel,
    Relate,
    Rename,
    Retire,
    Unrelate,
)
from graph.taxonomy.placing import check_in_use, put_under, refuse_circle
from graph.taxonomy.tags import Tag, read_tag
from graph.taxonomy.words import check_facet, check_key, check_label, check_language
from nlp.normal import normal
from weft.errors import BadRequest
from weft.marks import add_mark


def create(connection: Connection, what: Create) -> None:
    """Make a tag."""
    check_key(what.key)
    check_facet(what.facet)
    connection.execute(queries.ADD_TAG, {"key": what.key, "facet": what.facet})
    for label in what.labels:
        _label(connection, read_tag(connection, what.key), label)
    put_under(connection, read_tag(connection, what.key), what.parents)


def change(connection: Connection, tag: Tag, what: Based, precedence: Precedence) -> None:
    """Change a tag that there is."""
    match what:
        case Rename():
            _rename(connection, tag, what)
        case AddLabel():
            _label(connection, tag, what.label)
        case DropLabel():
            _unlabel(connection, tag, what)
        case Move():
            _move(connection, tag, what, precedence)
        case Merge():
            _merge(connection, tag, what, precedence)
        case Retire():
            _retire(connection, tag, precedence)
        case Relate() | Unrelate():
            _relate(connection, tag, what)
    connection.execute(queries.TOUCH, {"tag": tag.id})


def _rename(connection: Connection, tag: Tag, what: Rename) -> None:
    check_language(what.language)
    named = {"tag": tag.id, "language": what.language, "text": what.text}
    connection.execute(queries.FREE_NAME, named)
    _add_label(connection, tag.id, NewLabel(what.language, what.text))


def _label(connection: Connection, tag: Tag, label: NewLabel) -> None:
    for has in tag.labels:
        if has.language == label.language and has.text == label.text:
            raise BadRequest(f"{tag.key} has {has.text} ({has.language}) already, as {has.kind}")
        if has.language == label.language and has.kind == label.kind == "preferred":
            raise BadRequest(f"{tag.key} is called {has.text} in {has.language} already; rename it")
    _add_label(connection, tag.id, label)


def _unlabel(connection: Connection, tag: Tag, what: DropLabel) -> None:
    if what.label not in tag.labels:
        has = ", ".join(f"{label.text} ({label.language}, {label.kind})" for label in tag.labels)
        raise BadRequest(f"{tag.key} has no such label; it has {has or 'none'}")
    connection.execute(queries.DROP_LABEL, {"tag": tag.id, **asdict(what.label)})


def _move(connection: Connection, tag: Tag, what: Move, precedence: Precedence) -> None:
    connection.execute(queries.DROP_PARENTS, {"tag": tag.id})
    put_under(connection, tag, what.parents)
    _refresh(connection, _items_under(connection, tag), precedence)


def _merge(connection: Connection, tag: Tag, what: Merge, precedence: Precedence) -> None:
    into = read_tag(connection, what.into)
    _check_mergeable(connection, tag, into)
    pair = {"tag": tag.id, "into": into.id}
    items = _items_under(connection, tag)
    connection.execute(queries.RECONCILE, {**pair, "precedence": list(precedence.sources)})
    for statement in queries.MERGE:
        connection.execute(statement, pair)
    for statement in queries.LEAVE:
        connection.execute(statement, {"tag": tag.id})
    connection.execute(queries.TOUCH, {"tag": into.id})
    _refresh(connection, items, precedence)


def _check_mergeable(connection: Connection, tag: Tag, into: Tag) -> None:
    check_in_use(into)
    if into.id == tag.id:
        raise BadRequest(f"{tag.key} cannot be merged into itself")
    if into.facet != tag.facet:
        wrong = f"{tag.key} is a {tag.facet}, {into.key} a {into.facet}"
        raise BadRequest(f"{wrong}; only tags of one facet can be merged")
    children = connection.execute(queries.CHILDREN, {"tag": tag.id}).scalars()
    refuse_circle(connection, [child for child in children if child != into.key], into.key)


def _retire(connection: Connection, tag: Tag, precedence: Precedence) -> None:
    children = list(connection.execute(queries.CHILDREN_IN_USE, {"tag": tag.id}).scalars())
    if children:
        shown = ", ".join(children[:10]) + (" …" if len(children) > 10 else "")
        raise BadRequest(f"{tag.key} has tags below it; move or retire them first: {shown}")
    connection.execute(queries.RETIRE, {"tag": tag.id})
    _refresh(connection, _items_under(connection, tag), precedence)


def _relate(connection: Connection, tag: Tag, what: Relate | Unrelate) -> None:
    other = read_tag(connection, what.other)
    if other.id == tag.id:
        raise BadRequest(f"{tag.key} cannot be related to itself")
    pair = {"tag": tag.id, "other": other.id}
    if isinstance(what, Relate):
        check_in_use(other)
        connection.execute(queries.RELATE, pair)
    else:
        connection.execute(queries.UNRELATE, pair)
    connection.execute(queries.TOUCH, {"tag": other.id})


def _add_label(connection: Connection, tag: int, label: NewLabel) -> None:
    check_language(label.language)
    check_label(label.kind, label.text)
    compared = normal(label.text)
    if not compared:
        raise BadRequest(f"nothing is left of {label.text!r} where words are compared")
    connection.execute(queries.ADD_LABEL, {"tag": tag, **asdict(label), "normal": compared})


def _items_under(connection: Connection, tag: Tag) -> list[int]:
    return list(connection.execute(queries.ITEMS_UNDER, {"tags": [tag.id]}).scalars())


def _refresh(connection: Connection, items: list[int], precedence: Precedence) -> None:
    add_mark(connection, "item", refresh_items(connection, items, precedence))
