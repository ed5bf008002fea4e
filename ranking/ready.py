"""Models of a release, ready to score."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from ranking.features.encoding import Encoding, load_encoding
from ranking.lessons import encoding_of
from ranking.rankers.lesson import Scorer
from ranking.spec import Ranking
from weft.errors import NotFound, NothingToLearn
from weft.files import load_files

FEATURES, RANKER, ENCODING = "ranking.features", "ranker.", "encoding"


@dataclass(frozen=True)
class Ready:
    """A model, and how what it reads is encoded."""

    name: str
    encoding: Encoding
    scorer: Scorer
    artifact: int = 0
    mark: str = ""  # tells the encoding from every other one


def load_ready(
    connection: Connection, ranking: Ranking, name: str, artifacts: Mapping[str, int]
) -> Ready:
    """Load a model of a release."""
    step = RANKER + name
    if step not in artifacts or FEATURES not in artifacts:
        raise NotFound(f"model '{name}' is not built yet; run `weft apply`")
    files = load_files(connection, artifacts[step])
    if not files:
        raise NotFound(f"model '{name}' has learned nothing yet; `weft status` says why")
    content = _encoding(connection, artifacts)
    own = encoding_of(ranking, name, load_encoding(content))
    scorer = ranking.models[name].load(own.layout, files)
    return Ready(name, own, scorer, artifacts[step], mark_of(content, own))


def mark_of(content: bytes, own: Encoding) -> str:
    """Name an encoding by all that it is made of: the same name, the same codes."""
    made = hashlib.sha256(content)
    made.update("\0".join(own.features).encode())
    return made.hexdigest()[:24]


def read_encoding(connection: Connection, artifacts: Mapping[str, int]) -> Encoding:
    """Load the encoding that all models of a release share."""
    return load_encoding(_encoding(connection, artifacts))


def _encoding(connection: Connection, artifacts: Mapping[str, int]) -> bytes:
    files = load_files(connection, artifacts[FEATURES])
    if ENCODING not in files:
        raise NothingToLearn("nothing was shown yet that features could be encoded by")
    return files[ENCODING]
