"""Files into the database: chunk by chunk, or all or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from graph.formats.chunks import Chunk, Reject, Source
from graph.formats.kinds import FORMATS, TAXONOMIES, format_of
from graph.formats.lines import check_encoding
from graph.importing.ahead import ahead
from graph.importing.declared import Declared, Outcome, total
from graph.importing.expected import Expected
from graph.importing.loads import Load
from graph.importing.rejects import Places
from graph.importing.subjects import Subject, read_subject, subject_of
from graph.queries import analyze
from weft.errors import ImportFailed
from weft.spec import unknown

MANY = 10_000
GROWING = {
    "item": ("item", "item_tag"),
    "person": ("person",),
    "tag": ("tag", "tag_label", "tag_relation"),
    "event": (),
    "item_tag": ("item_tag",),
}
Turn = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Options:
    """How files are to be loaded."""

    format: str | None = None
    encoding: str = "utf-8"
    strict: bool = False
    rejects: Path | None = None
    facet: str | None = None


@dataclass(frozen=True)
class Reading:
    """What is read as one: a file, or the files of a foreign taxonomy, called by the first."""

    path: Path
    names: tuple[str, ...]
    read: Callable[[], Iterator[Chunk]]


@dataclass(frozen=True)
class Summary:
    """What became of a load, where its rejects are, and whether anything was kept."""

    outcome: Outcome
    rejected: int
    rejects: tuple[Path, ...]
    kept: bool


def load_files(
    engine: Engine,
    subject: str,
    files: Sequence[Path],
    declared: Declared,
    options: Options,
    tell: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Load files in their order; `tell` hears of every few bytes that were read."""
    what = subject_of(subject)
    expected = what.expected(declared)
    readings = _readings(subject, files, expected, options, tell)
    places, outcome = Places(options.rejects), Outcome()
    with _told(places), engine.connect() as connection:
        load = Load(connection, declared, several=True, whole=options.strict)
        with _whole(load, places) if options.strict else nullcontext():
            turn: Turn = nullcontext if options.strict else lambda: _part(load)
            for reading in readings:
                for part in _outcomes(what, reading, load, options, turn):
                    places.of(reading.path).write(reading.path, part.rejects)
                    outcome = total(outcome, replace(part, rejects=()))
        _analyze(load, subject, outcome)
    return Summary(
        outcome, places.rows(), places.written(), not (options.strict and places.written())
    )


def _analyze(load: Load, subject: str, outcome: Outcome) -> None:
    """Tell the planner after a large load; events are left to autovacuum, day by day."""
    if outcome.added + outcome.changed >= MANY:
        with load.connection.begin():
            for table in GROWING[subject]:
                load.connection.execute(text(analyze(table)))


def _readings(
    subject: str,
    files: Sequence[Path],
    expected: Expected,
    options: Options,
    tell: Callable[[int], None],
) -> list[Reading]:
    if options.format is None or options.format not in TAXONOMIES:
        if options.facet is not None:
            raise ImportFailed(f"--facet goes with --format {' or '.join(TAXONOMIES)}")
        return [_reading(_source(file, expected, options, tell), options) for file in files]
    if subject != "tag" or options.facet is None:
        wrong = f"--format {options.format} is for tags and needs --facet, such as category"
        raise ImportFailed(wrong)
    read, facet = TAXONOMIES[options.format], options.facet
    sources = [_source(file, expected, options, tell) for file in files]
    return [Reading(files[0], tuple(file.name for file in files), lambda: read(sources, facet))]


def _reading(source: Source, options: Options) -> Reading:
    read = FORMATS[format_of(source.path, options.format)]
    return Reading(source.path, (source.path.name,), lambda: read(source))


def _source(
    file: Path, expected: Expected, options: Options, tell: Callable[[int], None]
) -> Source:
    check_encoding(options.encoding)
    if not file.is_file():
        raise ImportFailed(f"{file}: no such file")
    return Source(
        file,
        lambda name: expected.find(name) is not None,
        expected.needed(),
        options.encoding,
        tell,
    )


@contextmanager
def _told(places: Places) -> Iterator[None]:
    """Close the rejects whatever happens, and tell a failure of the database in one line."""
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise ImportFailed(f"the database gave up: {cause}; run the same import again") from error
    finally:
        places.close()


@contextmanager
def _whole(load: Load, places: Places) -> Iterator[None]:
    """Keep everything or, where a row was rejected, nothing."""
    with load.connection.begin() as transaction:
        yield
        if places.written():
            transaction.rollback()
        else:
            load.settle()


@contextmanager
def _part(load: Load) -> Iterator[None]:
    with load.connection.begin():
        yield
        load.settle()


def _outcomes(
    what: Subject, reading: Reading, load: Load, options: Options, turn: Turn
) -> Iterator[Outcome]:
    expected = what.expected(load.declared)
    batches = (read_subject(what, chunk, load.declared) for chunk in reading.read())
    told: set[str] = set()
    load.origin, load.notes = ", ".join(reading.names), []
    with turn():
        what.begin(load)
    for batch in ahead(batches):
        with turn():
            outcome = what.store(load, batch)
        yield _strictly(outcome, expected, told) if options.strict else outcome
    with turn():
        outcome = what.finish(load)
    yield outcome


def _strictly(outcome: Outcome, expected: Expected, told: set[str]) -> Outcome:
    """Make every unknown column a reject, once a file."""
    new = set(outcome.unknown) - told
    told |= new
    rejects = [
        Reject(1, name, unknown("column", name, expected.columns), rows=0) for name in sorted(new)
    ]
    return replace(outcome, rejects=(*outcome.rejects, *rejects))
