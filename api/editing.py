"""Edits of the taxonomy on their way into the graph, each in one transaction.

The titles that an edit touches are read again before it commits: the next request sees it whole.
"""

from sqlalchemy import Engine

from api.reading import Texts, precedence_of
from api.spec import Spec
from graph.taxonomy.assigning import assign, unassign
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Edit
from graph.taxonomy.history import Remembered, read_change


def keep_edit(pool: Engine, texts: Texts, spec: Spec, what: Edit, author: Author) -> Remembered:
    """Make an edit and tell it as the history does."""
    with pool.begin() as connection:
        if spec.text is not None:
            texts.reader(connection, spec)
        change = edit(connection, what, author, precedence_of(spec))
        texts.follow(connection, spec)
        return read_change(connection, change.id)


def keep_assignment(
    pool: Engine, spec: Spec, item: str, tag: str, author: Author, denied: bool = False
) -> Remembered:
    """Say by hand that an item has a tag, or has it not."""
    say = unassign if denied else assign
    with pool.begin() as connection:
        return read_change(connection, say(connection, item, tag, author, precedence_of(spec)))
