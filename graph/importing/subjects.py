"""What can be imported. A new subject is a file beside this and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.formats.chunks import Chunk
from graph.importing.batches import Batch, read_batch
from graph.importing.declared import Declared, Outcome
from graph.importing.doubles import forget_keys
from graph.importing.events import begin_events, check_events, store_events
from graph.importing.expected import (
    Expected,
    expected_events,
    expected_item_tags,
    expected_items,
    expected_persons,
    expected_tags,
)
from graph.importing.item_tags import check_item_tags, store_item_tags
from graph.importing.loads import Load
from graph.importing.tags import begin_tags, finish_tags, store_tags
from graph.importing.things import store_items, store_persons
from weft.errors import BadRequest
from weft.spec import unknown


def _nothing(_: Load) -> Outcome:
    return Outcome()


def _good(batch: Batch, _: Declared) -> Batch:
    return batch


def _no_start(_: Load) -> None:
    return


@dataclass(frozen=True)
class Subject:
    """One kind of rows: what is expected, how a batch is stored, and what frames a file."""

    expected: Callable[[Declared], Expected]
    store: Callable[[Load, Batch], Outcome]
    begin: Callable[[Load], None] = _no_start
    finish: Callable[[Load], Outcome] = _nothing
    check: Callable[[Batch, Declared], Batch] = _good


SUBJECTS: Mapping[str, Subject] = {
    "item": Subject(expected_items, store_items, forget_keys),
    "person": Subject(expected_persons, store_persons, forget_keys),
    "event": Subject(expected_events, store_events, begin_events, check=check_events),
    "tag": Subject(expected_tags, store_tags, begin_tags, finish_tags),
    "item_tag": Subject(expected_item_tags, store_item_tags, forget_keys, check=check_item_tags),
}


def read_subject(subject: Subject, chunk: Chunk, declared: Declared) -> Batch:
    """Type and check a chunk; this needs no database."""
    batch = read_batch(chunk, subject.expected(declared), declared.timezone)
    return subject.check(batch, declared)


def subject_of(name: str) -> Subject:
    """Give a subject by its name."""
    if name not in SUBJECTS:
        raise BadRequest(unknown("subject", name, SUBJECTS))
    return SUBJECTS[name]
