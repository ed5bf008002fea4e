"""The figures of models as tables for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from api.commands.figures import table_with
from ranking.evaluation.exam import ALL
from ranking.evaluation.figures import PAIR, RANKER
from recall.evaluation.figures import Figure
from recall.evaluation.storing import Evaluation

Cells = Mapping[tuple[str, str, str, str], Figure]


def tables_of_models(made: Evaluation) -> Iterator[Table]:
    """Lay out, task by task: how true, by scene, by group, and each model against each other."""
    own = [figure for figure in made.figures if figure.kind == RANKER]
    cells = {(f.source, f.scene, f.who, f.measure): f for f in own}
    names = list(dict.fromkeys(f.source for f in own))
    for task in dict.fromkeys(f.measure.partition(".")[0] for f in own):
        measures = [*("gauc", "auc", "logloss"), *(f"ndcg@{top}" for top in made.tops)]
        measures.append("calibration error")
        yield _whole(task, cells, names, measures)
        yield _parts(f"{task}: GAUC by scene and by history", cells, names, f"{task}.gauc")
        yield _pairs(task, made.figures, names)
    yield from _agreement(made.figures, names)


def _whole(task: str, cells: Cells, names: Sequence[str], measures: Sequence[str]) -> Table:
    table = table_with(task, measures)
    for name in names:
        found = (cells.get((name, ALL, ALL, f"{task}.{measure}")) for measure in measures)
        table.add_row(name, *map(_exact, found))
    return table


def _parts(title: str, cells: Cells, names: Sequence[str], measure: str) -> Table:
    parts = list(dict.fromkeys((scene, who) for _, scene, who, _ in cells if scene != who))
    table = table_with(title, [scene if who == ALL else who for scene, who in parts])
    for name in names:
        table.add_row(name, *(_exact(cells.get((name, *part, measure))) for part in parts))
    return table


def _pairs(task: str, figures: Sequence[Figure], names: Sequence[str]) -> Table:
    """Say how much better the row is than the column, in thousandths of GAUC."""
    found = {(f.source, f.measure): f for f in figures if f.kind == PAIR}
    table = table_with(f"{task}: GAUC of the row less that of the column, in ‰", names)
    for name in names:
        pairs = (found.get((name, f"{task}.gauc - {other}")) for other in names)
        table.add_row(name, *map(_thousandths, pairs))
    return table


def _agreement(figures: Sequence[Figure], names: Sequence[str]) -> Iterator[Table]:
    found = {
        (f.source, f.measure.partition(" - ")[2]): f
        for f in figures
        if f.kind == PAIR and f.measure.startswith("agreement")
    }
    if not found:
        return
    measure = next(iter(found.values())).measure.partition(" - ")[0]
    top, cut = measure.partition("@")[2].split("/")
    table = table_with(f"share of the column's best {top} among the row's first {cut}", names)
    for name in names:
        row = (found.get((name, other)) for other in names)
        table.add_row(name, *("-" if f is None else f"{f.value:.3f}" for f in row))
    yield table


def _exact(figure: Figure | None) -> str:
    """Write a value to four digits, with half the width of its interval."""
    if figure is None:
        return "-"
    wide = (figure.high - figure.low) / 2
    return f"{figure.value:.4f}" + (f" ±{wide:.4f}" if wide > 0 else "")


def _thousandths(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    wide = 500 * (figure.high - figure.low)
    return f"{1000 * figure.value:+.1f} ±{wide:.1f}"
