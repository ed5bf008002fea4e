"""The way of reading: a hash of everything but the taxonomy that shapes what is read."""

import hashlib
from typing import Any

import numpy as np
import orjson

from nlp.confidence import Calibration, corrected
from nlp.spec import Text

CODE = 1  # raise it when the same section would read titles otherwise
POINTS = 20


def reads(text: Text) -> dict[str, Any]:
    """Give the options that shape what is read out of a title."""
    return text.model_dump(mode="json", exclude={"keywords", "suggestions"})


def way_of(text: Text, calibration: Calibration) -> str:
    """Hash the section, the version of this code, and how sure mentions are, to the tenth."""
    points = np.arange(POINTS + 1) / POINTS
    tenths = [round(10 * corrected(point, calibration)) for point in points]
    return hashlib.sha256(orjson.dumps([CODE, reads(text), tenths])).hexdigest()
