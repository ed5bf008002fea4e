"""The figures of an evaluation as tables for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from recall.evaluation.exam import CHANNEL, FLOOR, FUSED
from recall.evaluation.figures import ALL, Figure
from recall.evaluation.storing import Evaluation

Source = tuple[str, str]
Cells = Mapping[tuple[Source, str, str, str], Figure]
ORDER = (FUSED, CHANNEL, FLOOR)
FINDING = ("recall", "hit", "ndcg", "lift.recall")
BEING = ("position", "coverage", "gini", "novelty", "young", "alone")


def tables_of(made: Evaluation) -> Iterator[Table]:
    """Lay out: what is found at each k, how it is spread, by scene, by group, and overlaps."""
    cells = {((f.kind, f.source), f.scene, f.who, f.measure): f for f in made.figures}
    sources = sources_of(made.figures)
    for top in made.tops:
        more = ("auc",) if top == made.tops[-1] else ()
        yield _whole(f"found @{top}", cells, sources, [*(f"{m}@{top}" for m in FINDING), *more])
        yield _whole(f"what is found is like @{top}", cells, sources, [f"{m}@{top}" for m in BEING])
    last = f"recall@{made.tops[-1]}"
    scenes = list(dict.fromkeys(f.scene for f in made.figures if f.scene != ALL))
    yield _parts(f"{last} by scene", cells, sources, last, [(scene, ALL) for scene in scenes])
    groups = [
        name for name in ("cold", "light", "heavy") if any(f.who == name for f in made.figures)
    ]
    yield _parts(f"{last} by history", cells, sources, last, [(ALL, group) for group in groups])
    yield _overlaps(cells, sources, made.tops[-1])


def sources_of(figures: Sequence[Figure]) -> list[Source]:
    """List the sources: fused, then channels, then what they stand beside."""
    found = {(f.kind, f.source) for f in figures}
    return sorted(found, key=lambda source: (ORDER.index(source[0]), source[1]))


def name_of(source: Source) -> str:
    """Call a source; a floor is set apart from a channel of the same name."""
    kind, name = source
    return f"({name})" if kind == FLOOR else name


def shown(figure: Figure | None) -> str:
    """Write a value, with half the width of its interval if it has one."""
    if figure is None:
        return "-"
    wide = (figure.high - figure.low) / 2
    digits = 1 if abs(figure.value) >= 10 else 3
    return _short(figure.value, digits) + (f" ±{_short(wide, digits)}" if wide > 0 else "")


def _short(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _whole(title: str, cells: Cells, sources: Sequence[Source], measures: Sequence[str]) -> Table:
    there = [m for m in measures if any((s, ALL, ALL, m) in cells for s in sources)]
    table = table_with(title, [m.partition("@")[0] for m in there])
    for source in sources:
        row = [shown(cells.get((source, ALL, ALL, m))) for m in there]
        table.add_row(name_of(source), *row)
    return table


def _parts(
    title: str,
    cells: Cells,
    sources: Sequence[Source],
    measure: str,
    parts: Sequence[tuple[str, str]],
) -> Table:
    names = [scene if who == ALL else who for scene, who in parts]
    table = table_with(title, names)
    for source in sources:
        row = [shown(cells.get((source, *part, measure))) for part in parts]
        table.add_row(name_of(source), *row)
    return table


def _overlaps(cells: Cells, sources: Sequence[Source], top: int) -> Table:
    """Say what share of a row's items the column finds, too."""
    table = table_with(f"share that the column finds, too @{top}", [name_of(s) for s in sources])
    for row in sources:
        found = [
            cells.get((row, ALL, ALL, f"overlap.{kind}.{name}@{top}")) for kind, name in sources
        ]
        table.add_row(name_of(row), *("-" if f is None else f"{f.value:.2f}" for f in found))
    return table


def table_with(title: str, heads: Sequence[str]) -> Table:
    """Begin a table with a title and heads of columns."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.add_column("", no_wrap=True)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table
