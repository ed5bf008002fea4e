"""A suggestion with its evidence, and how suggestions are kept without doubling."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import orjson
from sqlalchemy import Connection

from graph.suggestions import queries

Kind = Literal["synonym", "misspelling", "entity", "ambiguous", "idle"]
EXAMPLES = 5
HAN = range(0x3400, 0xA000)


@dataclass(frozen=True)
class Suggestion:
    """One thing to decide: a text, the tag that it is about if there is one, and why."""

    kind: Kind
    text: str
    score: float
    evidence: Mapping[str, Any]
    tag: int | None = None


def evidence(
    numbers: Mapping[str, float],
    items: Iterable[str] = (),
    asked: Iterable[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """Put together the numbers behind a score and a few examples."""
    rounded = {name: round(float(value), 4) for name, value in numbers.items()}
    examples = {"items": list(islice(items, EXAMPLES)), "queries": list(islice(asked, EXAMPLES))}
    return {"numbers": rounded, **examples, **more}


def language_of(text: str) -> str:
    """Tell Chinese by its characters, English by its letters, and else nothing."""
    if any(ord(letter) in HAN for letter in text):
        return "zh"
    return "en" if any(letter.isalpha() for letter in text) else "und"


def store(connection: Connection, found: Sequence[Suggestion], moment: datetime) -> None:
    """Keep suggestions: new ones are added, open ones renewed, decided ones left alone."""
    unlike = {(one.kind, one.tag, one.text): one for one in found}
    values = {"rows": orjson.dumps([_row(one) for one in unlike.values()]).decode()}
    connection.execute(queries.RENEW, {**values, "moment": moment})
    connection.execute(queries.ADD, {**values, "moment": moment})


def forget(connection: Connection, moment: datetime) -> None:
    """Drop open suggestions that the taxonomy has answered since."""
    connection.execute(queries.FORGET_LABELLED)
    connection.execute(queries.FORGET_SETTLED, {"moment": moment})


def _row(one: Suggestion) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "tag": one.tag,
        "language": language_of(one.text),
        "text": one.text,
        "score": round(float(one.score), 4),
        "evidence": one.evidence,
    }
