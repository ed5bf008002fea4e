"""The way of reading: a hash of everything but the taxonomy that shapes what is read."""

import hashlib

import orjson

from nlp.spec import Text

CODE = 1  # raise it when the same section would read titles otherwise


def way_of(text: Text) -> str:
    """Hash the section and the version of this code."""
    return hashlib.sha256(
        orjson.dumps([CODE, text.model_dump(mode="json", exclude={"suggestions"})])
    ).hexdigest()
