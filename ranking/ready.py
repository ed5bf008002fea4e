"""Models of a release, ready to score."""

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
    own = encoding_of(ranking, name, read_encoding(connection, artifacts))
    return Ready(name, own, ranking.models[name].load(own.layout, files), artifacts[step])


def read_encoding(connection: Connection, artifacts: Mapping[str, int]) -> Encoding:
    """Load the encoding that all models of a release share."""
    files = load_files(connection, artifacts[FEATURES])
    if ENCODING not in files:
        raise NothingToLearn("nothing was shown yet that features could be encoded by")
    return load_encoding(files[ENCODING])
