"""Items for what is typed: the keyword channel beside BM25.

`python -m bench.keyword --data FOLDER` loads a catalogue into a database of its own, builds it as
a shop would, and asks the channel each query that people have rated answers of. Nothing learns
from queries or ratings. Without a folder it searches a demo world, whose truth is known.
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
from bench import keyword_world as demo
from bench.keyword_data import DETAILS, NOTES, Judged, read
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
UNREAD = "unread"  # a facet without tags: titles give keywords and no tags
EDGES = {
    "tagged": {"type": "tags"},
    "has": {"type": "attributes", "of": [DETAILS]},
    "worded": {"type": "words"},
}
UNITS = ["tagged", "has", "worded"]
SPACES = {
    "intent": {
        "type": "keyword-dssm",
        "units": UNITS,
        "fits": ["worded", "tagged"],
        "holdout": None,
    },
}
CHANNEL = {"type": "keyword", "space": "intent", "fields": {NOTES: 0.5}}


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with open_database(Settings(home=home)) as engine:
            if chosen.data:
                judged_catalogue(engine, home, chosen.data)
            else:
                demo_world(engine, home, chosen.items, chosen.users)


def judged_catalogue(engine: Engine, home: Path, folder: Path) -> None:
    """Search a catalogue whose answers people have rated."""
    data = read(folder)
    queries = [query for query, rated in data.ratings.items() if max(rated.values()) > 0]
    spec = spec_of(data, home)
    fill(engine, spec, data)
    keys, texts = [product["id"] for product in data.products], data.texts()
    rows = {
        "BM25, all text": judged(plain(keys, texts).answers(queries, FAR), data),
        "BM25, our terms": judged(plain(keys, texts, terms).answers(queries, FAR), data),
    }
    for name, way in WAYS.items():
        rows[name] = judged(answers(engine, spec, queries, way, FAR), data)
    best, floor = rows["blended"], rows["BM25, all text"]
    figures = {"ndcg@10": best[0], "recall@100": best[1]}
    figures |= {"bm25_ndcg@10": floor[0], "bm25_recall@100": floor[1]}
    heads = ["way", "nDCG@10", "Recall@100", "rated of 10"]
    told = table(heads, [[name, *map(_shown, some)] for name, some in rows.items()])
    publish(
        f"make bench-keyword DATA={folder.name}",
        f"{len(queries)} queries that something is relevant to\n\n{told}",
        {name: round(value, 4) for name, value in figures.items()},
    )


def demo_world(engine: Engine, home: Path, items: int, users: int) -> None:
    """Search a demo world by words that the shop knows, and by such as it does not."""
    spec, files = demo.spec_of(home), home / "world"
    demo.build(engine, spec, files, items, users)
    world = demo.searched(engine, files)
    floor = plain(list(world.titles), list(world.titles.values()), terms)
    rows, figures = [], dict[str, float]()
    for name, wanted in world.lists.items():
        found = {n: answers(engine, spec, wanted, way, FAR) for n, way in WAYS.items()}
        found = {"BM25, our terms": floor.answers(wanted, FAR), **found}
        shares = {way: demo.recall(some, wanted, FAR) for way, some in found.items()}
        rows += [[name, len(wanted), way, _shown(share)] for way, share in shares.items()]
        figures[f"{name}.recall@100"] = round(shares["blended"], 4)
        figures[f"{name}.bm25_recall@100"] = round(shares["BM25, our terms"], 4)
    told = table(["words", "how many", "way", "Recall@100"], rows)
    publish(f"make bench-keyword ITEMS={items} USERS={users}", told, figures)


def _shown(value: float) -> str:
    return f"{value:.4f}"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="none: a demo world")
    parser.add_argument("--items", type=int, default=6_000)
    parser.add_argument("--users", type=int, default=1_500)
    return parser.parse_args()


def spec_of(data: Judged, home: Path) -> Spec:
    """Declare the catalogue and the channel."""
    shop: dict[str, Any] = {
        "name": "searched",
        "catalog": {"item": data.catalog()},
        "text": {"languages": ["en"], "facets": [UNREAD], "keywords": {"at_least": 3}},
        "graph": {"edges": EDGES},
        "spaces": SPACES,
        "recall": {"channels": {"keyword": CHANNEL}},
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
