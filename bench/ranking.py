"""Rankers on the demo world: fine, coarse, GBDT and rule; what distillation and each option give.

`python -m bench.ranking --items 3000 --users 1200`. A world is imported, what was shown is joined
with what came of it, all models learn from everything but the last day, and foretell that. The
position's curve is compared with the one that the world was made with; models with and without a
tower for it are compared on the requests whose order was drawn by lot.
"""

import argparse
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine

from api.building import apply_spec
from api.evaluation.sorting import course_of
from api.spec import Spec
from bench.demo_shop import fill
from bench.ranking_curves import curve_table, on_lots
from bench.ranking_shop import CHEAP, GROUPS, shop
from bench.results import publish, table
from ranking.evaluation.exam import ALL
from ranking.evaluation.figures import PAIR, RANKER, figures_of
from ranking.evaluation.later import examine
from ranking.evaluation.learning import learned_before
from ranking.evaluation.pools import Pool, agreements
from ranking.labelled import Labelled
from ranking.ready import Ready
from ranking.samples.reading import read_labelled
from recall.evaluation.figures import Figure
from weft.database import open_database
from weft.marks import read_moment
from weft.running import Quiet
from weft.settings import Settings
from world import World

LAST = timedelta(days=1)
POOL = Pool(asks=150, items=1_000, top=20, cut=200)
SEED = 7


@dataclass(frozen=True)
class Group:
    """Models that were learned and measured together."""

    name: str
    base: str  # what others are compared with
    figures: tuple[Figure, ...]
    models: tuple[Ready, ...]


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=3_000)
    parser.add_argument("--users", type=int, default=1_200)
    parser.add_argument("--groups", default="")
    chosen = parser.parse_args()
    names = [name for name in chosen.groups.split(",") if name] or list(GROUPS)
    with TemporaryDirectory() as folder, open_database(Settings(Path(folder), None)) as engine:
        files = Path(folder) / "files"
        world = World(items=chosen.items, users=chosen.users)
        fill(engine, shop(Path(folder), {}), files, world)
        parts = [measured(engine, Path(folder), files, name) for name in names]
    text = "\n\n".join(text for text, _ in parts)
    figures = {key: value for _, found in parts for key, value in found.items()}
    command = f"make bench-ranking ITEMS={chosen.items} USERS={chosen.users}"
    if chosen.groups:
        command += f" GROUPS={chosen.groups}"
    publish(command, text, figures)


def measured(engine: Engine, folder: Path, files: Path, name: str) -> tuple[str, dict[str, float]]:
    """Learn and measure the models of a group; give its tables and its figures."""
    plan = GROUPS[name]
    apply_spec(engine, shop(folder, CHEAP, samples=plan.samples), Quiet(), release=False)
    spec = shop(folder, plan.models, samples=plan.samples)
    with engine.begin() as connection:
        group, later = learned(connection, spec, name, plan.base)
        text = "\n\n".join([f"### {name}", *tables(group)])
        found = {f"{name}.{f.source}.{f.measure}": round(f.value, 4) for f in told(group)}
        if plan.curves:
            curves, more = curve_table(connection, group.models, later, files)
            lots, most = on_lots(connection, course_of(spec), later, group.models, files)
            text, found = "\n\n".join([text, curves, lots]), found | more | most
    return text, found


def learned(connection: Connection, spec: Spec, name: str, base: str) -> tuple[Group, Labelled]:
    """Learn from all but the last day, and foretell that."""
    until, course, names = read_moment(connection), course_of(spec), list(spec.ranking.models)
    split = until - LAST
    models = learned_before(connection, course, names, split, lambda step, share: None)
    later = read_labelled(connection, spec.ranking.samples, spec.events, split, until)
    figures = figures_of(examine(connection, course, later, models), SEED)
    agreed = agreements(connection, later, models, POOL, SEED)
    return Group(name, base, (*figures, *agreed), tuple(models)), later


def told(group: Group) -> list[Figure]:
    """Give the figures that are written down for machines."""
    measures = ("gauc", "auc", "logloss")
    return [
        figure
        for figure in group.figures
        if figure.kind == RANKER
        and figure.scene == figure.who == ALL
        and figure.measure.partition(".")[2] in measures
    ]


def tables(group: Group) -> list[str]:
    """Lay out how true each model is, and how far it is from the base, in thousandths."""
    tasks = dict.fromkeys(f.measure.partition(".")[0] for f in told(group))
    return [_table(group, task) for task in tasks]


def _table(group: Group, task: str) -> str:
    own = {(f.source, f.measure): f for f in told(group)}
    pairs = {(f.source, f.measure): f for f in group.figures if f.kind == PAIR and f.scene == ALL}
    rows = []
    for model in group.models:
        gauc, area, loss = (own[model.name, f"{task}.{m}"] for m in ("gauc", "auc", "logloss"))
        apart = pairs.get((model.name, f"{task}.gauc - {group.base}"))
        agreed = pairs.get((model.name, f"agreement@{POOL.top}/{POOL.cut} - {group.base}"))
        rows.append(
            (
                model.name,
                _doubtful(gauc),
                f"{area.value:.4f}",
                f"{loss.value:.4f}",
                "" if apart is None else f"{1000 * apart.value:+.1f} ±{_half(apart) * 1000:.1f}",
                "" if agreed is None else f"{agreed.value:.3f}",
            )
        )
    heads = (task, "GAUC", "AUC", "logloss", f"GAUC less {group.base}, ‰", "keeps its best")
    return table(heads, rows)


def _doubtful(figure: Figure) -> str:
    return f"{figure.value:.4f} ±{_half(figure):.4f}"


def _half(figure: Figure) -> float:
    return (figure.high - figure.low) / 2


if __name__ == "__main__":
    main()
