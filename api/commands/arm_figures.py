"""The figures of an experiment as a table for the terminal."""

from collections.abc import Iterator

from rich.table import Table

from ranking.experiments.report import ArmFigures, Report
from ranking.experiments.statistics import Difference, Rate
from weft.words import print_percent

COUNTS = ("persons", "pages", "shown", "clicks", "conversions")


def figures_table(made: Report) -> Table:
    """Lay out what each arm came to: rates with intervals of 95 %, and against control."""
    table = Table("arm", "share", box=None)
    for head in (*COUNTS, "CTR", "against control", "p", "CVR", "against control", "p"):
        table.add_column(head, justify="right", no_wrap=True)
    for arm in made.arms:
        table.add_row(*_row(arm))
    return table


def balance_told(made: Report) -> Iterator[str]:
    """Say whether arms have the persons that they should have; loudly if they have not."""
    if made.balance is None or made.settled is None:
        yield "it is not live: whether arms have the persons that they should have is not known"
        return
    pairs = zip(made.balanced.items(), made.balance.expected, strict=True)
    told = ", ".join(f"{arm} {seen:,} of {wanted:,.0f}" for (arm, seen), wanted in pairs)
    how = f"chi-squared {made.balance.chi_squared:.2f}, p {_chance(made.balance.p)}"
    yield f"persons since shares are as they are ({made.settled:%Y-%m-%d %H:%M}): {told}; {how}"
    if made.alarm:
        yield (
            "[bold red]WARNING: ARMS DO NOT HAVE THE PERSONS THAT THEY SHOULD HAVE.[/] "
            "Something other than chance decides whose pages are counted: believe no difference "
            "above before it is found."
        )


def _row(arm: ArmFigures) -> list[str]:
    share = "-" if arm.share is None else print_percent(arm.share)
    counts = [f"{getattr(arm, name):,}" for name in COUNTS]
    ctr, cvr = _against(arm.ctr_difference), _against(arm.cvr_difference)
    return [arm.arm, share, *counts, _rate(arm.ctr), *ctr, _rate(arm.cvr), *cvr]


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "-"
    return f"{100 * rate.value:.2f}% ±{100 * (rate.high - rate.value):.2f}"


def _against(found: Difference | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    lift = "" if found.lift is None else f" ({100 * found.lift:+.1f}%)"
    span = f"{100 * found.value:+.2f} [{100 * found.low:+.2f}, {100 * found.high:+.2f}]"
    return span.replace("[", "\\[") + lift, _chance(found.p)


def _chance(p: float) -> str:
    return "<.0001" if p < 1e-4 else f"{p:.4f}".removeprefix("0")
