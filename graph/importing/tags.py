"""Tags with labels and parents: gathered chunk by chunk, put in place together at the end."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import polars as pl

from graph.formats.chunks import Reject
from graph.importing.batches import Batch
from graph.importing.circles import closing
from graph.importing.declared import Outcome
from graph.importing.doubles import forget_keys, remember_keys, without_doubles
from graph.importing.expected import LABELS
from graph.importing.loads import Load
from graph.importing.names import label_of, normals
from graph.importing.queries import (
    ADD_INCOMING_TAGS,
    ADD_LABELS,
    ADD_RELATED,
    ADD_RELATIONS,
    CLEAR_INCOMING_TAGS,
    CONCERNED_TAGS,
    COUNT_INCOMING_TAGS,
    DROP_INCOMING_TAGS,
    DROP_LABELS,
    DROP_RELATED,
    DROP_RELATIONS,
    FOREIGN_FACETS,
    FORGET_PARENTS,
    FORGET_RELATED,
    KNOW_INCOMING_TAGS,
    MAKE_INCOMING_TAGS,
    PROPOSED_RELATIONS,
    STANDING_RELATIONS,
    STANDING_TAGS,
    TAG_IDS,
    TOUCH_TAGS,
    UNKNOWN_PARENTS,
    UNKNOWN_RELATED,
    WANT_LABELS,
    WANT_MERGED_LABELS,
)
from graph.taxonomy.beliefs import refresh_items
from graph.taxonomy.history import keep_before, remember_imported
from graph.taxonomy.queries import ITEMS_UNDER
from graph.taxonomy.words import FACET, NO_LANGUAGE

UNKNOWN = {"parents": UNKNOWN_PARENTS, "related": UNKNOWN_RELATED}
REPLACING = (
    (DROP_LABELS, ADD_LABELS),
    (DROP_RELATED, ADD_RELATED),
    (DROP_RELATIONS, ADD_RELATIONS),
)


def begin_tags(load: Load) -> None:
    """Begin a file."""
    forget_keys(load)
    load.connection.execute(MAKE_INCOMING_TAGS)
    load.connection.execute(CLEAR_INCOMING_TAGS)


def store_tags(load: Load, batch: Batch) -> Outcome:
    """Gather a batch; what becomes of it is known at the end."""
    load.notes.extend(batch.notes)
    wrong = {**_bad_facets(batch.frame), **_of_themselves(batch.frame)}
    batch = without_doubles(load, _digested(batch.without(wrong)))
    parents = _listed(pl.col("parents").fill_null([])).alias("parents")
    related = _listed(pl.col("related")).alias("related")
    rows = batch.frame.select("line", "key", "digest", "facet", parents, related)
    if not rows.is_empty():
        load.copy("incoming_tag", rows)
        load.copy("incoming_label", _labels(batch.frame))
        remember_keys(load, "incoming_tag")
    refused = sum(reject.rows for reject in batch.rejects)
    doubled = batch.read - refused - rows.height
    return Outcome(batch.read, 0, 0, doubled, batch.rejects, batch.unknown)


def finish_tags(load: Load) -> Outcome:
    """Put everything that was gathered in its place."""
    execute = load.connection.execute
    load.lock("item")
    load.lock("tag")
    foreign = _foreign(load)
    new = set(execute(ADD_INCOMING_TAGS).scalars())
    execute(KNOW_INCOMING_TAGS)
    astray = _astray(load)
    named = set(execute(STANDING_TAGS).scalars())
    beside = set(execute(CONCERNED_TAGS).scalars())
    keep_before(load.connection, (named | beside) - new)
    touched, moved = _replace(load)
    changed = touched - new
    execute(TOUCH_TAGS, {"tags": list(changed)})
    remember_imported(load.connection, new | changed, load.reason())
    load.marks["tag"] += len(new) + len(changed)
    _move_items(load, moved)
    return _outcome(load, new, changed & named, foreign, astray)


def _digested(batch: Batch) -> Batch:
    said = [name for name in batch.frame.columns if name not in ("row", "line", "key")]
    parts = [_text(batch.frame, name) for name in said]
    digest = pl.struct(parts).hash().reinterpret(signed=True).alias("digest")
    return batch.with_frame(batch.frame.with_columns(digest))


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    many = isinstance(frame.schema[name], pl.List)
    return pl.col(name).list.join("|") if many else pl.col(name)


def _bad_facets(frame: pl.DataFrame) -> dict[int, tuple[str, str]]:
    names = {name for name in frame["facet"].unique() if not FACET.fullmatch(name)}
    why = "a facet is named by small letters, digits and _"
    return {
        row: ("facet", f"{why}: {name!r}")
        for row, name in frame.select("row", "facet").iter_rows()
        if name in names
    }


def _of_themselves(frame: pl.DataFrame) -> dict[int, tuple[str, str]]:
    own = frame.filter(pl.col("related").list.contains(pl.col("key")))
    return dict.fromkeys(own["row"], ("related", "a tag is not related to itself"))


def _listed(words: pl.Expr) -> pl.Expr:
    """Write lists as Postgres reads them."""
    word = pl.element().str.replace_all(r"([\\\"])", r"\$1")
    quoted = words.list.eval(pl.concat_str(pl.lit('"'), word, pl.lit('"')))
    return pl.concat_str(pl.lit("{"), quoted.list.join(","), pl.lit("}"))


def _labels(frame: pl.DataFrame) -> pl.DataFrame:
    """List the labels of all rows; a tag without any is called by the last part of its key."""
    parts = [_labels_in(frame, name) for name in frame.columns if LABELS.match(name)]
    empty = pl.DataFrame(schema=dict.fromkeys(("key", "language", "kind", "text"), pl.String))
    labels = pl.concat([empty, *parts]).drop_nulls("text")
    nameless = frame.select("key").join(labels, "key", how="anti")["key"].to_list()
    own = pl.DataFrame(
        {"key": nameless, "language": NO_LANGUAGE, "kind": "preferred",
         "text": [label_of(key) for key in nameless]},
        schema=empty.schema,
    )  # fmt: skip
    whole = pl.concat([labels, own])
    return whole.with_columns(pl.Series("normal", normals(whole["text"].to_list()), pl.String))


def _labels_in(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    match = LABELS.match(name)
    assert match is not None
    kind = {None: "preferred", "synonyms": "synonym", "hidden": "hidden"}[match[2]]
    part = frame.select(
        "key",
        pl.lit(match[1]).alias("language"),
        pl.lit(kind).alias("kind"),
        pl.col(name).alias("text"),
    )
    return part.explode("text") if match[2] else part


def _foreign(load: Load) -> list[Reject]:
    rows = load.connection.execute(FOREIGN_FACETS).all()
    load.connection.execute(DROP_INCOMING_TAGS, {"keys": [row[1] for row in rows]})
    return [
        Reject(line, "facet", f"the tag is of the facet {old} already", {"key": key, "facet": new})
        for line, key, new, old in rows
    ]


def _astray(load: Load) -> list[Reject]:
    """Take ties away that are unknown or would close a circle; the tags themselves stay."""
    execute = load.connection.execute
    rejects = _unknown(load, "parents")
    execute(FORGET_PARENTS, {"keys": _keys(rejects)})
    strangers = _unknown(load, "related")
    execute(FORGET_RELATED, {"keys": _keys(strangers)})
    while closers := _closers(load):
        rejects += closers
        execute(FORGET_PARENTS, {"keys": _keys(closers)})
    return rejects + _others(strangers, rejects)


def _unknown(load: Load, column: str) -> list[Reject]:
    rows = load.connection.execute(UNKNOWN[column])
    return [
        Reject(
            line,
            column,
            f"{_no_tags(unknown)}; its {column} were left alone",
            {"key": key, column: said},
        )
        for line, key, said, unknown in rows
    ]


def _others(rejects: list[Reject], told: list[Reject]) -> list[Reject]:
    """Count a row that is among the rejects already only once."""
    keys = set(_keys(told))
    return [replace(r, rows=0) if r.row["key"] in keys else r for r in rejects]


def _closers(load: Load) -> list[Reject]:
    standing = load.connection.execute(STANDING_RELATIONS)
    proposed = load.connection.execute(PROPOSED_RELATIONS)
    return [
        Reject(
            line, "parents", f"closes a circle: {circle}; its parents were left alone", {"key": key}
        )
        for key, (line, circle) in closing(standing, proposed).items()
    ]


def _no_tags(keys: list[str]) -> str:
    return f"no tag has the key {', '.join(repr(key) for key in keys)}"


def _keys(rejects: Iterable[Reject]) -> list[Any]:
    return [reject.row["key"] for reject in rejects]


def _replace(load: Load) -> tuple[set[int], set[int]]:
    """Replace labels and ties as sets: which tags were touched, which moved."""
    load.connection.execute(WANT_LABELS)
    load.connection.execute(WANT_MERGED_LABELS)
    relabelled, related, moved = (
        {tag for statement in pair for tag in load.connection.execute(statement).scalars()}
        for pair in REPLACING
    )
    return relabelled | related | moved, moved


def _move_items(load: Load, moved: set[int]) -> None:
    """Give the items under moved tags what is above them now."""
    items = (
        list(load.connection.execute(ITEMS_UNDER, {"tags": list(moved)}).scalars()) if moved else []
    )
    load.marks["item"] += refresh_items(load.connection, items, load.declared.precedence)


def _outcome(
    load: Load, new: set[int], changed: set[int], foreign: list[Reject], astray: list[Reject]
) -> Outcome:
    """Count rows; one that was loaded without its parents counts as rejected and not as added."""
    gathered = load.connection.execute(COUNT_INCOMING_TAGS).scalar_one()
    ids = load.connection.execute(TAG_IDS, {"keys": _keys(astray)}).scalars()
    bare = set(ids)
    added, altered = len(new - bare), len(changed - bare)
    unchanged = gathered - added - altered - len(bare)
    return Outcome(0, added, altered, unchanged, (*foreign, *astray), {}, len(new))
