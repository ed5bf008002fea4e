"""Edits of the taxonomy: each is based on a revision, has a reason, and is remembered."""

import asyncio
from collections.abc import Callable
from typing import Any

import strawberry

from api.editing import keep_assignment, keep_edit
from api.graphql.access import entry
from api.graphql.annotate import opened_texts
from api.graphql.context import Info
from api.graphql.history import TaxonomyChange, change_of
from api.graphql.tag import Tag, tag_of
from graph.taxonomy.edits import (
    AddLabel,
    Author,
    Create,
    DropLabel,
    Edit,
    Merge,
    Move,
    NewLabel,
    Relate,
    Rename,
    Retire,
    Unrelate,
)
from graph.taxonomy.history import Remembered
from weft.errors import NotFound

ROLE = "analyst"
Key = strawberry.ID


@strawberry.input
class LabelInput:
    """One way of naming a tag."""

    language: str
    text: str
    kind: str = strawberry.field(default="preferred", description="preferred, synonym or hidden")


@strawberry.type
class TagEdit:
    """What became of an edit: the tag as it stands now, and the change as it is remembered."""

    tag: Tag
    change: TaxonomyChange


def _described(what: str) -> dict[str, Any]:
    return {"extensions": entry(ROLE), "description": f"{what} Needs the role `{ROLE}`."}


@strawberry.mutation(**_described("Make a tag."))
async def create_tag(
    info: Info,
    key: Key,
    facet: str,
    reason: str,
    labels: list[LabelInput] | None = None,
    parents: list[Key] | None = None,
) -> TagEdit:
    """Make a tag."""
    named = tuple(map(_label, labels or ()))
    return await _edit(info, Create(key, facet, named, tuple(parents or ())), reason)


@strawberry.mutation(**_described("Give a tag another preferred label in one language."))
async def rename_tag(
    info: Info, key: Key, based_on: int, language: str, text: str, reason: str
) -> TagEdit:
    """Rename a tag."""
    return await _edit(info, Rename(key, based_on, language, text), reason)


@strawberry.mutation(**_described("Give a tag one more label."))
async def add_label(info: Info, key: Key, based_on: int, label: LabelInput, reason: str) -> TagEdit:
    """Add a label."""
    return await _edit(info, AddLabel(key, based_on, _label(label)), reason)


@strawberry.mutation(**_described("Take a label from a tag."))
async def drop_label(
    info: Info, key: Key, based_on: int, label: LabelInput, reason: str
) -> TagEdit:
    """Drop a label."""
    return await _edit(info, DropLabel(key, based_on, _label(label)), reason)


@strawberry.mutation(**_described("Put a tag under other parents, or under none."))
async def move_tag(info: Info, key: Key, based_on: int, parents: list[Key], reason: str) -> TagEdit:
    """Move a tag."""
    return await _edit(info, Move(key, based_on, tuple(parents)), reason)


@strawberry.mutation(
    **_described("Let a tag become part of another, which is returned; the old key means it.")
)
async def merge_tag(info: Info, key: Key, based_on: int, into: Key, reason: str) -> TagEdit:
    """Merge a tag into another."""
    return await _edit(info, Merge(key, based_on, into), reason)


@strawberry.mutation(**_described("Take a tag out of use; no tag in use may be below it."))
async def retire_tag(info: Info, key: Key, based_on: int, reason: str) -> TagEdit:
    """Retire a tag."""
    return await _edit(info, Retire(key, based_on), reason)


@strawberry.mutation(**_described("Say that two tags have to do with each other."))
async def relate_tags(info: Info, key: Key, based_on: int, other: Key, reason: str) -> TagEdit:
    """Relate two tags."""
    return await _edit(info, Relate(key, based_on, other), reason)


@strawberry.mutation(**_described("Say that two tags have nothing to do with each other any more."))
async def unrelate_tags(info: Info, key: Key, based_on: int, other: Key, reason: str) -> TagEdit:
    """Take a relation of two tags back."""
    return await _edit(info, Unrelate(key, based_on, other), reason)


@strawberry.mutation(**_described("Say that an item has a tag, whatever others say."))
async def assign_tag(info: Info, item: Key, tag: Key, reason: str) -> TagEdit:
    """Say that an item has a tag."""
    return await _say(info, item, tag, reason, denied=False)


@strawberry.mutation(**_described("Say that an item has a tag not, whatever others say."))
async def unassign_tag(info: Info, item: Key, tag: Key, reason: str) -> TagEdit:
    """Say that an item has a tag not."""
    return await _say(info, item, tag, reason, denied=True)


MUTATIONS = (
    create_tag,
    rename_tag,
    add_label,
    drop_label,
    move_tag,
    merge_tag,
    retire_tag,
    relate_tags,
    unrelate_tags,
    assign_tag,
    unassign_tag,
)


def _label(given: LabelInput) -> NewLabel:
    return NewLabel(given.language, given.text, given.kind)


async def _edit(info: Info, what: Edit, reason: str) -> TagEdit:
    context, author = info.context, _author(info, reason)
    pool = context.databases.loading
    await opened_texts(info)
    return await _done(info, lambda: keep_edit(pool, context.texts, context.spec, what, author))


async def _say(info: Info, item: str, tag: str, reason: str, denied: bool) -> TagEdit:
    context, author = info.context, _author(info, reason)
    pool, spec = context.databases.loading, context.spec
    return await _done(info, lambda: keep_assignment(pool, spec, item, tag, author, denied))


def _author(info: Info, reason: str) -> Author:
    return Author(info.context.key.name, reason)


async def _done(info: Info, work: Callable[[], Remembered]) -> TagEdit:
    """Make the edit in a thread, then read the tag as it is now."""
    made = await asyncio.to_thread(work)
    tags = info.context.loaders.tags
    tags.clear_all()
    row = await tags.load(made.tag)
    if row is None:
        raise NotFound(f"no tag '{made.tag}'")
    return TagEdit(tag=tag_of(row), change=change_of(made))
