"""Every space on the demo world: what it finds of the last day, beside popular and ItemCF.

A world is made, imported and built in a database of its own, as a shop would; the figures are the
metrics that the build itself wrote.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import Spec
from bench.demo_shop import fill, with_spaces, write_shop
from bench.results import publish, table
from weft.database import open_database
from weft.queries import METRICS
from weft.releases import read_live
from weft.running import Quiet
from weft.settings import Settings
from world import World

MEASURES = ("recall@20", "ndcg@20", "popular.recall@20", "itemcf.recall@20", "new.lift")
ALL: dict[str, dict[str, object]] = {
    "linear": {"over": ["liked"]},
    "lightgcn": {"over": ["liked"]},
    "item2vec": {},
    "deepwalk": {"over": ["liked"]},
    "node2vec": {"over": ["liked", "tagged"]},
    "metapath2vec": {"over": ["liked", "tagged"]},
    "graphsage": {"over": ["liked", "tagged", "together"], "features": ["tagged"]},
}


def main() -> None:
    """Measure the spaces that are asked for."""
    options = _options()
    models = options.models.split(",") if options.models else list(ALL)
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        spec = spec_of(home, models)
        with open_database(Settings(home=home)) as engine:
            fill(engine, spec, home / "world", World(options.items, options.users))
            apply_spec(engine, spec, Quiet())
            found = _metrics(engine)
    command = f"make bench-spaces ITEMS={options.items} USERS={options.users}"
    rows = [[name, *(_shown(found[name], m) for m in MEASURES)] for name in models]
    figures = {f"{name}.{m}": v for name in models for m, v in _beside(found[name]).items()}
    publish(command, table(["space", *MEASURES], rows), figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--users", type=int, default=4_000)
    parser.add_argument("--models", default="")
    return parser.parse_args()


def spec_of(home: Path, models: list[str]) -> Spec:
    """Give the demo shop these spaces and no others."""
    return write_shop(home, with_spaces({name: {"type": name, **ALL[name]} for name in models}))


def _metrics(engine: Engine) -> dict[str, dict[str, float]]:
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
        found: dict[str, dict[str, float]] = {}
        values = {"artifacts": list(live.artifacts.values())}
        for row in connection.execute(METRICS, values):
            found.setdefault(row.step.removeprefix("space."), {})[row.name] = row.value
    return found


def _beside(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: metrics[name] for name in MEASURES if name in metrics}


def _shown(metrics: Mapping[str, float], name: str) -> str:
    return f"{metrics[name]:.4f}" if name in metrics else "-"


if __name__ == "__main__":
    main()
