"""Recall on the demo world: every channel, fused, beside ItemCF, measured on its last day.

A world is made and imported as a shop would; `weft eval recall --holdout` builds the shop as it
was a day before, and looks at what of the last day it finds.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from api.commands.figures import name_of, shown, sources_of
from api.evaluation.choosing import Options
from api.evaluation.examining import examine
from api.evaluation.holdout import Past, built_aside
from api.spec import Spec
from bench.demo_shop import fill
from bench.recall_interests import Truth, purity_of
from bench.recall_shop import FUSIONS, SCENE, shop
from bench.results import publish, table
from recall.evaluation.figures import ALL, Figure
from weft.database import open_database
from weft.running import Quiet
from weft.settings import Settings
from world import World

TOP = 200
MEASURES = ("recall@20", "ndcg@20", "recall@200", "lift.recall@200", "young@200", "alone@200")
GROUPS = ("cold", "light", "heavy")
GOALS = {"lift": "lift.recall@200", "recall@200": "recall@200", "young@200": "young@200"}


def main() -> None:
    """Measure the demo shop with every channel."""
    options = _options()
    last = timedelta(hours=options.hours)
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        spec = shop(home, towers=options.towers)
        with open_database(Settings(home=home)) as engine:
            fill(engine, spec, home / "world", World(options.items, options.users))
            with built_aside(engine, spec, last, Quiet(), lambda *_: None) as past:
                pages, figures = _measured(past, spec, options.persons, Truth(home / "world"))
    command = f"make bench-recall ITEMS={options.items} USERS={options.users}"
    publish(command, "\n\n".join(pages), figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--hours", type=float, default=24, help="held back")
    parser.add_argument("--persons", type=int, default=2_000)
    parser.add_argument("--towers", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def _measured(
    past: Past, spec: Spec, persons: int, truth: Truth
) -> tuple[list[str], dict[str, float]]:
    """Lay out all tables, and pick the figures of the goals."""
    options = Options((20, TOP), persons)
    found = examine(past.engine, past.scenes, past.later, past.split, options, lambda *_: None)
    cells = {((f.kind, f.source), f.who, f.measure): f for f in found.figures if f.scene == ALL}
    sources = sources_of(found.figures)
    pages = [
        *found.notes,
        table(["source", *MEASURES], _rows(sources, cells, [(ALL, m) for m in MEASURES])),
        table(["recall@200", *GROUPS], _rows(sources, cells, [(g, "recall@200") for g in GROUPS])),
        _fusions(past, replace(options, scene=SCENE)),
    ]
    fused = {name: cells[("fused", "fused"), ALL, m].value for name, m in GOALS.items()}
    itemcf = cells[("floor", "itemcf"), ALL, "recall@200"].value
    purity = purity_of(past, spec, truth)
    return [*pages, *purity.lines()], {**fused, "itemcf.recall@200": itemcf, **purity.figures()}


def _rows(
    sources: Sequence[tuple[str, str]],
    cells: Mapping[tuple[tuple[str, str], str, str], Figure],
    columns: Sequence[tuple[str, str]],
) -> list[list[str]]:
    return [
        [name_of(source), *(shown(cells.get((source, *column))) for column in columns)]
        for source in sources
    ]


def _fusions(past: Past, options: Options) -> str:
    """Fuse the same channels in several ways."""
    rows = []
    for name, fusion in FUSIONS.items():
        own = past.scenes.scenes[SCENE].model_copy(update={"fusion": fusion})
        scenes = replace(past.scenes, scenes={**past.scenes.scenes, SCENE: own})
        found = examine(past.engine, scenes, past.later, past.split, options, lambda *_: None)
        whole = [f for f in found.figures if (f.kind, f.who, f.scene) == ("fused", ALL, ALL)]
        fused = {f.measure: f for f in whole}
        rows.append([name, *(shown(fused.get(m)) for m in MEASURES if not m.startswith("alone"))])
    return table(["fusion", *MEASURES[:-1]], rows)


if __name__ == "__main__":
    main()
