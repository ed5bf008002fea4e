"""Rows of features: one way to make them, for training and for serving."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ranking.examples import Columns, Examples, Inputs
from ranking.features.asked import Asked, asked_of
from ranking.features.encoding import Encoding
from ranking.features.facts import Askers, Facts, read_facts
from ranking.features.known import Known
from ranking.features.sides import Place, place_of
from ranking.features.values import bag_of, codes_of, scaled, steps_of
from ranking.labelled import Labelled


def encode(
    connection: Connection, encoding: Encoding, asked: Asked, known: Known | None = None
) -> Inputs:
    """Give what a ranker reads of requests: of one that is served, or of all there ever were."""
    return inputs_of(encoding, read(connection, encoding, asked, known))


def read(
    connection: Connection,
    encoding: Encoding,
    asked: Asked,
    known: Known | None = None,
    askers: Askers | None = None,
) -> Facts:
    """Read what requests need of the database."""
    return read_facts(connection, encoding.features, encoding.zone, asked, known, askers)


def inputs_of(encoding: Encoding, facts: Facts) -> Inputs:
    """Work out the features of what was read."""
    asked = facts.asked
    return Inputs(
        _columns(encoding, facts, "asks", len(asked.persons)),
        _columns(encoding, facts, "items", len(facts.subjects.rows)),
        _columns(encoding, facts, "pairs", len(asked)),
        asked.ask,
        facts.subjects.item,
        _bias(encoding, facts),
    )


def examples_of(connection: Connection, encoding: Encoding, labelled: Labelled) -> Examples:
    """Give samples with their features."""
    return Examples(
        encode(connection, encoding, asked_of(labelled)),
        labelled.labels,
        np.ones(len(labelled), np.float32),
        labelled.persons,
        labelled.groups,
        labelled.times,
        labelled.scenes,
        labelled.scene_names,
    )


def _columns(encoding: Encoding, facts: Facts, side: Place, rows: int) -> Columns:
    ones = [codes_of(encoding, facts, name) for name in encoding.ones(side)]
    numbers = [scaled(encoding, facts, name) for name in encoding.numbers(side)]
    return Columns(
        _beside(ones, rows, np.int32),
        tuple(bag_of(encoding, facts, name) for name in encoding.bags(side)),
        _beside(numbers, rows, np.float32),
        tuple(steps_of(encoding, facts, name) for name in encoding.pasts(side)),
    )


def _bias(encoding: Encoding, facts: Facts) -> NDArray[np.int32]:
    """Give what tells how pairs were shown; nothing where they are not shown yet."""
    names = encoding.named("bias") if facts.asked.positions is not None else []
    places = [place_of(name, encoding.features) for name in names]
    codes = [codes_of(encoding, facts, name) for name in names]
    found = [facts.moved(c, at, "pairs") for c, at in zip(codes, places, strict=True)]
    return _beside(found, len(facts.asked), np.int32)


def _beside(columns: Sequence[NDArray[Any]], rows: int, kind: Any) -> NDArray[Any]:
    if not columns:
        return np.zeros((rows, 0), kind)
    return np.stack(columns, 1).astype(kind)
