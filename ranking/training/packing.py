"""Arrays and a few words as bytes, without pickle."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
WORDS = "words"  # the name of the words among the arrays


def pack(arrays: Mapping[str, NDArray[Any]], words: Mapping[str, Any]) -> bytes:
    """Give arrays and what JSON can say as one file."""
    said = np.frombuffer(json.dumps(words).encode(), np.uint8)
    file = BytesIO()
    np.savez(file, allow_pickle=False, **{WORDS: said, **arrays})
    return file.getvalue()


def unpack(content: bytes) -> tuple[Arrays, dict[str, Any]]:
    """Read what was packed."""
    with np.load(BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if name != WORDS}
        return arrays, json.loads(file[WORDS].tobytes())
