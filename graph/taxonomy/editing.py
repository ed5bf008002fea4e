"""Editing the taxonomy: checked, conflict-safe, remembered; the caller commits."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import networkx as nx
from sqlalchemy import Connection

from graph.importing.queries import REFRESH_ITEMS
from graph.taxonomy import queries
from graph.taxonomy.edits import (
    KINDS,
    AddLabel,
    Author,
    Create,
    DropLabel,
    Edit,
    Merge,
    Move,
    NewLabel,
    Rename,
    Retire,
)
from graph.taxonomy.tags import Tag, read_tag
from nlp.normal import normal
from weft.errors import BadRequest, Conflict
from weft.marks import add_mark
from weft.notices import post
from weft.queries import LOCK_TRANSACTION

LONGEST = 200


@dataclass(frozen=True)
class Change:
    """An edit that was made: the tag before and after, and the labels that came or went."""

    id: int
    verb: str
    before: Tag | None
    after: Tag
    labels: frozenset[str]


def edit(connection: Connection, what: Edit, author: Author) -> Change:
    """Make one edit; somebody else's edit in between is answered with both sides."""
    connection.execute(LOCK_TRANSACTION, {"key": queries.TAXONOMY_LOCK})
    _check_author(author)
    if isinstance(what, Create):
        before = None
        number = _create(connection, what)
    else:
        before = _current(connection, what)
        number = before.id
        _VERBS[type(what)](connection, before, what)
        connection.execute(queries.TOUCH, {"tag": number})
    after = read_tag(connection, what.key)
    change = _remember(connection, what.verb, before, after, author)
    add_mark(connection, "tag", 1)
    post(connection, "taxonomy", change)
    return Change(change, what.verb, before, after, _touched(before, after))


def assign(
    connection: Connection, item: str, key: str, author: Author, denied: bool = False
) -> int:
    """Say by hand that an item has a tag, or has it not; returns the number of the change."""
    connection.execute(LOCK_TRANSACTION, {"key": queries.TAXONOMY_LOCK})
    _check_author(author)
    tag = read_tag(connection, key)
    _check_in_use(tag)
    found = connection.execute(queries.ITEM, {"key": item}).scalar()
    if found is None:
        raise BadRequest(f"no item '{item}'")
    pair = {"item": found, "tag": tag.id}
    before = _said(connection, pair)
    connection.execute(queries.SAY, {**pair, "denied": denied})
    values = {
        "author": author.name,
        "reason": author.reason,
        "verb": "unassign" if denied else "assign",
        "tag": tag.id,
        "item": found,
        "revision": tag.revision,
        "before": before,
        "after": _said(connection, pair),
    }
    number = int(connection.execute(queries.ADD_CHANGE, values).scalar_one())
    refresh_items(connection, [found])
    post(connection, "taxonomy", number)
    return number


def refresh_items(connection: Connection, items: list[int]) -> None:
    """Recompute what is believed of items."""
    if items:
        connection.execute(REFRESH_ITEMS, {"items": items})
        add_mark(connection, "item", len(items))


def _said(connection: Connection, pair: dict[str, int]) -> dict[str, Any]:
    rows = connection.execute(queries.SAID, pair)
    return {row.source: {"denied": row.denied, "confidence": row.confidence} for row in rows}


def _current(connection: Connection, what: Edit) -> Tag:
    """Read the tag that an edit is about, and refuse what was based on an older one."""
    assert not isinstance(what, Create)
    tag = read_tag(connection, what.key)
    if tag.revision != what.based_on:
        raise Conflict(
            f"{what.key} is at revision {tag.revision}, the edit was based on {what.based_on}",
            {"mine": {"verb": what.verb, **asdict(what)}, "theirs": _theirs(connection, what, tag)},
        )
    _check_in_use(tag)
    return tag


def _theirs(connection: Connection, what: Edit, tag: Tag) -> dict[str, Any]:
    assert not isinstance(what, Create)
    since = {"tag": tag.id, "revision": what.based_on}
    rows = connection.execute(queries.CHANGES_SINCE, since).mappings()
    changes = [{**row, "at": row["at"].isoformat()} for row in rows]
    return {"now": tag.plain(), "changes": changes}


def _create(connection: Connection, what: Create) -> int:
    if not what.key.strip() or len(what.key) > LONGEST:
        raise BadRequest(f"a key of 1 to {LONGEST} characters is needed")
    if connection.execute(queries.TAG, {"key": what.key}).one_or_none():
        raise BadRequest(f"there is a tag '{what.key}' already")
    values = {"key": what.key, "facet": what.facet}
    number = int(connection.execute(queries.ADD_TAG, values).scalar_one())
    for label in what.labels:
        _add_label(connection, number, label)
    _put_under(connection, number, what.key, what.facet, what.parents)
    return number


def _rename(connection: Connection, tag: Tag, what: Edit) -> None:
    assert isinstance(what, Rename)
    values = {"tag": tag.id, "language": what.language}
    connection.execute(queries.DROP_PREFERRED, values)
    _add_label(connection, tag.id, NewLabel(what.language, what.text))


def _label(connection: Connection, tag: Tag, what: Edit) -> None:
    assert isinstance(what, AddLabel)
    preferred = {label.language for label in tag.labels if label.kind == "preferred"}
    if what.label.kind == "preferred" and what.label.language in preferred:
        raise BadRequest(f"{tag.key} has a preferred label in {what.label.language}; rename it")
    _add_label(connection, tag.id, what.label)


def _unlabel(connection: Connection, tag: Tag, what: Edit) -> None:
    assert isinstance(what, DropLabel)
    if what.label not in tag.labels:
        has = ", ".join(f"{label.text} ({label.language}, {label.kind})" for label in tag.labels)
        raise BadRequest(f"{tag.key} has no such label; it has {has}")
    connection.execute(queries.DROP_LABEL, {"tag": tag.id, **asdict(what.label)})


def _move(connection: Connection, tag: Tag, what: Edit) -> None:
    assert isinstance(what, Move)
    connection.execute(queries.DROP_PARENTS, {"tag": tag.id})
    _put_under(connection, tag.id, tag.key, tag.facet, what.parents)
    items = connection.execute(queries.ITEMS_UNDER, {"tag": tag.id}).scalars()
    refresh_items(connection, list(items))


def _merge(connection: Connection, tag: Tag, what: Edit) -> None:
    assert isinstance(what, Merge)
    into = read_tag(connection, what.into)
    _check_in_use(into)
    if into.facet != tag.facet:
        raise BadRequest(
            f"{tag.key} is a {tag.facet}, {into.key} a {into.facet}; they cannot merge"
        )
    _check_circle(connection, into.key, tuple(into.parents), without=tag.key)
    pair = {"tag": tag.id, "into": into.id}
    items = list(connection.execute(queries.ITEMS_UNDER, {"tag": tag.id}).scalars())
    for statement in (queries.MERGE_LABELS, queries.MERGE_CHILDREN, queries.MERGE_ITEMS):
        connection.execute(statement, pair)
    for statement in (queries.LEAVE_ITEMS, queries.LEAVE_RELATIONS, queries.LEAVE_LABELS):
        connection.execute(statement, {"tag": tag.id})
    connection.execute(queries.REDIRECT, pair)
    connection.execute(queries.TOUCH, {"tag": into.id})
    refresh_items(connection, items)


def _retire(connection: Connection, tag: Tag, what: Edit) -> None:
    children = list(connection.execute(queries.CHILDREN, {"tag": tag.id}).scalars())
    if children:
        shown = ", ".join(children[:10])
        raise BadRequest(f"{tag.key} has tags below it; move or retire them first: {shown}")
    items = list(connection.execute(queries.ITEMS_UNDER, {"tag": tag.id}).scalars())
    connection.execute(queries.RETIRE, {"tag": tag.id})
    refresh_items(connection, items)


_VERBS: dict[type, Callable[[Connection, Tag, Edit], None]] = {
    Rename: _rename,
    AddLabel: _label,
    DropLabel: _unlabel,
    Move: _move,
    Merge: _merge,
    Retire: _retire,
}


def _add_label(connection: Connection, tag: int, label: NewLabel) -> None:
    compared = normal(label.text)
    if label.kind not in KINDS:
        raise BadRequest(f"no kind of label called '{label.kind}'; there are {', '.join(KINDS)}")
    if not compared or len(label.text) > LONGEST or "\0" in label.text:
        raise BadRequest(f"a label of 1 to {LONGEST} characters is needed, not {label.text[:40]!r}")
    connection.execute(queries.ADD_LABEL, {"tag": tag, **asdict(label), "normal": compared})


def _put_under(
    connection: Connection, number: int, key: str, facet: str, parents: tuple[str, ...]
) -> None:
    for parent in parents:
        above = read_tag(connection, parent)
        _check_in_use(above)
        if above.facet != facet:
            raise BadRequest(f"{parent} is a {above.facet}, {key} a {facet}: no parent for it")
        connection.execute(queries.ADD_PARENT, {"tag": number, "other": above.id})
    _check_circle(connection, key, parents)


def _check_circle(
    connection: Connection, key: str, parents: tuple[str, ...], without: str | None = None
) -> None:
    """Refuse a circle by name; `without` stands for a tag that becomes part of `key`."""
    rows = connection.execute(queries.RELATIONS_ABOVE, {"keys": [key, *parents, without]})
    renamed = {without: key} if without else {}
    above = nx.DiGraph((renamed.get(a, a), renamed.get(b, b)) for a, b in rows)
    above.add_edges_from((key, parent) for parent in parents)
    if without:
        above.remove_edges_from(nx.selfloop_edges(above))
    if key in above and (circle := _circle(above, key)):
        raise BadRequest(f"that would be a circle: {' → '.join(circle)}")


def _circle(above: "nx.DiGraph[str]", key: str) -> list[str]:
    try:
        edges = nx.find_cycle(above, key)
    except nx.NetworkXNoCycle:
        return []
    return [edge[0] for edge in edges] + [edges[0][0]]


def _check_in_use(tag: Tag) -> None:
    if tag.redirect is not None:
        raise BadRequest(f"{tag.key} was merged into {tag.redirect}")
    if tag.retired:
        raise BadRequest(f"{tag.key} is retired")


def _check_author(author: Author) -> None:
    if not author.reason.strip():
        raise BadRequest("a reason is needed, for those who come later")


def _remember(
    connection: Connection, verb: str, before: Tag | None, after: Tag, author: Author
) -> int:
    values = {
        "author": author.name,
        "reason": author.reason,
        "verb": verb,
        "tag": after.id,
        "item": None,
        "revision": after.revision,
        "before": before.plain() if before else None,
        "after": after.plain(),
    }
    return int(connection.execute(queries.ADD_CHANGE, values).scalar_one())


def _touched(before: Tag | None, after: Tag) -> frozenset[str]:
    """Give the normal forms of all labels whose meaning may be another now."""
    old = {(normal(label.text), label.kind) for label in before.labels} if before else set()
    new = {(normal(label.text), label.kind) for label in after.labels}
    same = before is not None and (before.redirect, before.retired) == (
        after.redirect,
        after.retired,
    )
    return frozenset(text for text, _ in (old ^ new if same else old | new))
