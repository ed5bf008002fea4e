"""Edits of the taxonomy on their way from a request into the graph, each in one transaction."""

from sqlalchemy import Engine

from graph.taxonomy.assigning import assign, unassign
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Edit
from graph.taxonomy.history import Remembered, read_change


def keep_edit(pool: Engine, what: Edit, author: Author) -> Remembered:
    """Make an edit and tell it as the history does."""
    with pool.begin() as connection:
        change = edit(connection, what, author)
        return read_change(connection, change.id)


def keep_assignment(
    pool: Engine, item: str, tag: str, author: Author, denied: bool = False
) -> Remembered:
    """Say by hand that an item has a tag, or has it not."""
    say = unassign if denied else assign
    with pool.begin() as connection:
        return read_change(connection, say(connection, item, tag, author))
