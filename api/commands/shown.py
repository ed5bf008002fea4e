"""What `weft samples` tells of the rows that rankers learn from."""

from collections.abc import Iterator

from rich.table import Table

from ranking.samples.survey import Survey
from weft.words import plural

FATES = {
    "sample": "counts",
    "below": "below the last click",
    "unclicked": "in a request without any click",
    "open": "may still be answered",
}


def told_shown(found: Survey) -> Iterator[Table | str]:
    """Lay out what was shown by what becomes of it, and what is lost."""
    tasks = list(found.sampled().answered)
    table = Table("shown", "rows", "requests", "without trace", *tasks, "late", box=None)
    for use, name in FATES.items():
        if use in found.uses:
            count = found.uses[use]
            answers = (f"{count.answered[task]:,}" for task in tasks)
            numbers = (f"{count.rows:,}", f"{count.requests:,}", f"{count.untraced:,}")
            table.add_row(name, *numbers, *answers, f"{sum(count.late.values()):,}")
    yield table
    yield (
        f"{plural(found.repeated, 'time')} an item was shown again in its request; "
        f"{found.stray:,} of {found.deeds:,} answers answer nothing that was shown"
    )
    for what in found.lost:
        yield f"lost: {what}"
