"""Editing the taxonomy: checked, safe from each other, remembered; the caller commits."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from graph.locks import lock, soon
from graph.taxonomy import queries, verbs
from graph.taxonomy.beliefs import USUAL, Precedence
from graph.taxonomy.edits import Author, Based, Create, Edit, Merge, Relate, Unrelate
from graph.taxonomy.history import Entry, remember
from graph.taxonomy.placing import check_in_use
from graph.taxonomy.tags import Tag, find_tag, read_tag
from graph.taxonomy.words import check_key, check_reason
from nlp.normal import normal
from weft.errors import BadRequest, Conflict
from weft.marks import add_mark
from weft.notices import post


@dataclass(frozen=True)
class Change:
    """An edit that was made: the tag before and after, and the labels whose meaning it touched."""

    id: int
    verb: str
    before: Tag | None
    after: Tag
    labels: frozenset[str]


def edit(
    connection: Connection, what: Edit, author: Author, precedence: Precedence = USUAL
) -> Change:
    """Make one edit; somebody else's edit in between is answered with both sides."""
    check_reason(author.reason)
    check_key(what.key)
    with soon(connection):
        lock(connection, "item", "tag")
    before = _before(connection, what)
    beside = _beside(connection, what)
    if isinstance(what, Create):
        verbs.create(connection, what)
    else:
        assert before is not None
        verbs.change(connection, before, what, precedence)
    after = read_tag(connection, what.key)
    _check_different(before, after)
    number = remember(connection, _entry(connection, what, before, after, beside), author)
    add_mark(connection, "tag", 1)
    post(connection, "taxonomy", number)
    return Change(number, what.verb, before, after, _touched(before, after))


def _before(connection: Connection, what: Edit) -> Tag | None:
    """Read the tag that an edit is about, and refuse what was based on an older one."""
    tag = find_tag(connection, what.key)
    if isinstance(what, Create):
        if tag is not None:
            raise _conflict(connection, what, tag, 0, f"there is a tag '{what.key}' already")
        return None
    tag = tag or read_tag(connection, what.key)
    if tag.revision != what.based_on:
        wrong = f"{what.key} is at revision {tag.revision}, this is based on {what.based_on}"
        raise _conflict(connection, what, tag, what.based_on, wrong)
    check_in_use(tag)
    return tag


def _beside(connection: Connection, what: Edit) -> Tag | None:
    """Read the other tag of an edit that is about two."""
    match what:
        case Merge():
            return find_tag(connection, what.into)
        case Relate() | Unrelate():
            return find_tag(connection, what.other)
    return None


def _conflict(
    connection: Connection, what: Create | Based, tag: Tag, revision: int, wrong: str
) -> Conflict:
    since = {"tag": tag.id, "revision": revision}
    rows = connection.execute(queries.CHANGES_SINCE, since).mappings()
    changes = [{**row, "at": row["at"].isoformat()} for row in rows]
    mine = {"verb": what.verb, **asdict(what)}
    return Conflict(wrong, {"mine": mine, "theirs": {"now": tag.plain(), "changes": changes}})


def _check_different(before: Tag | None, after: Tag) -> None:
    if before is not None and {**before.plain(), "revision": after.revision} == after.plain():
        raise BadRequest(f"{after.key} is like that already")


def _entry(
    connection: Connection, what: Edit, before: Tag | None, after: Tag, beside: Tag | None
) -> Entry:
    """Write an edit down; one that is about two tags with both, before and after."""
    old, new = before.plain() if before else None, after.plain()
    other: dict[str, Any] = {}
    if beside is not None:
        assert old is not None
        name = "into" if isinstance(what, Merge) else "other"
        old[name] = beside.plain()
        new[name] = read_tag(connection, beside.key).plain()
        other = {"other": beside.id}
    return Entry(what.verb, after.id, after.revision, old, new, **other)


def _touched(before: Tag | None, after: Tag) -> frozenset[str]:
    """Give the compared forms of all labels that may be read otherwise now."""
    old, new = _named(before), _named(after)
    if before is None or _use(before) == _use(after):
        return frozenset(text for text, _ in old ^ new)
    return frozenset(text for text, _ in old | new)


def _named(tag: Tag | None) -> set[tuple[str, str]]:
    return {(normal(label.text), label.kind) for label in tag.labels} if tag else set()


def _use(tag: Tag) -> tuple[str | None, bool]:
    return tag.redirect, tag.retired
