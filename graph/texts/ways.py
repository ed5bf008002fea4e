"""The way of reading: a hash of everything but the taxonomy that shapes what is read."""

import hashlib
from typing import Any

import orjson

from nlp.spec import Text

CODE = 1  # raise it when the same section would read titles otherwise


def reads(text: Text) -> dict[str, Any]:
    """Give the options that shape what is read out of a title."""
    return text.model_dump(mode="json", exclude={"keywords", "suggestions"})


def way_of(text: Text) -> str:
    """Hash the section and the version of this code."""
    return hashlib.sha256(orjson.dumps([CODE, reads(text)])).hexdigest()
