"""Items for what is typed, judged by people's ratings: the keyword channel beside BM25.

`python -m bench.keyword --data FOLDER` loads a catalogue into a database of its own, builds it as
a shop would, and asks the channel each judged query. Nothing learns from queries or ratings.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import Spec, open_spec
from bench.keyword_data import DETAILS, Judged, read
from bench.results import publish, table
from bench.searching import Ranked, answers, plain
from graph.columns import sync_columns
from graph.importing.declared import Declared
from graph.importing.rows import load_rows
from nlp.terms import terms
from weft.database import open_database
from weft.running import Quiet
from weft.settings import Settings

FIRST, FAR = 10, 100  # places that are judged
GOOD = 2  # what is rated so is to be found
WAYS: Mapping[str, Mapping[str, float]] = {
    "lexical": {"tags": 0, "intent": 0},
    "lexical and tags": {"intent": 0},
    "intent": {"lexical": 0, "tags": 0, "intent": 1},
    "blended": {},
}


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    data = read(chosen.data)
    queries = [query for query, rated in data.ratings.items() if max(rated.values()) > 0]
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        spec = spec_of(data, home)
        with open_database(Settings(home=home)) as engine:
            fill(engine, spec, data)
            found = {n: answers(engine, spec, queries, way, FAR) for n, way in WAYS.items()}
    keys, texts = [product["id"] for product in data.products], data.texts()
    rows = {"BM25, all text": judged(plain(keys, texts).answers(queries, FAR), data)}
    rows["BM25, our terms"] = judged(plain(keys, texts, terms).answers(queries, FAR), data)
    rows |= {name: judged(some, data) for name, some in found.items()}
    told = table(
        ["way", "nDCG@10", "Recall@100", "rated of 10"],
        [[name, *(f"{value:.4f}" for value in some)] for name, some in rows.items()],
    )
    best, floor = rows["blended"], rows["BM25, all text"]
    figures = {"ndcg@10": best[0], "recall@100": best[1]}
    figures |= {"bm25_ndcg@10": floor[0], "bm25_recall@100": floor[1]}
    publish(
        f"make bench-keyword DATA={chosen.data.name}",
        f"{len(queries)} queries that something is relevant to\n\n{told}",
        {name: round(value, 4) for name, value in figures.items()},
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    return parser.parse_args()


def spec_of(data: Judged, home: Path) -> Spec:
    """Declare the catalogue and the channel."""
    shop: dict[str, Any] = {
        "name": "searched",
        "catalog": {"item": data.catalog()},
        "graph": {
            "edges": {"tagged": {"type": "tags"}, "has": {"type": "attributes", "of": [DETAILS]}}
        },
        "recall": {"channels": {"keyword": {"type": "keyword"}}},
        "scenes": {"search": {"recall": ["keyword"]}},
    }
    path = home / "weft.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="rt", pure=True).dump(shop, file)
    return open_spec(path)


def fill(engine: Engine, spec: Spec, data: Judged) -> None:
    """Load everything and build."""
    declared = Declared(spec.catalog, spec.events, spec.zone())
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        for subject, rows in (("tag", data.tags()), ("item", data.items())):
            outcome = load_rows(connection, subject, rows, declared)
            assert not outcome.rejects, outcome.rejects[:3]
    apply_spec(engine, spec, Quiet())


def judged(found: Ranked, data: Judged) -> tuple[float, float, float]:
    """Give nDCG over the first, recall over the far, and the share of the first that are rated."""
    gains, recalls, rated = [], [], []
    for query, keys in found.items():
        ratings = data.ratings[query]
        gains.append(gain([ratings.get(key, 0) for key in keys]) / gain(_ideal(ratings)))
        good = {key for key, rating in ratings.items() if rating >= GOOD}
        recalls += [len(good & set(keys[:FAR])) / len(good)] if good else []
        rated.append(np.mean([float(key in ratings) for key in keys[:FIRST]] or [0.0]))
    return float(np.mean(gains)), float(np.mean(recalls)), float(np.mean(rated))


def gain(ratings: Sequence[int]) -> float:
    """Give what the first places are worth: 2^rating - 1, the later the less."""
    first = np.array(ratings[:FIRST])
    return float(((2.0**first - 1) / np.log2(np.arange(2, len(first) + 2))).sum())


def _ideal(ratings: Mapping[str, int]) -> list[int]:
    return sorted(ratings.values(), reverse=True)


if __name__ == "__main__":
    main()
