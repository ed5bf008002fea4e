"""Pages when the database does not answer: what is kept in memory, and said to be so."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from api.graphql.context import Info
from api.graphql.errors import is_away
from api.kept import Kept
from ranking.page import Page
from recall.gathering import Dropped

GONE = Dropped("database", "failed")
TRACE = "degraded"  # no trace is kept of such a page
T = TypeVar("T")


async def or_kept(
    info: Info,
    kept: Kept | None,
    work: Coroutine[Any, Any, T],
    instead: Callable[[Kept], T],
    good: Callable[[T], bool],
) -> T:
    """Do work; give something else where it does no good, or the database does not answer.

    Nobody waits for a database that is gone for longer than a second.
    """
    if kept is None:
        return await work
    pulse = info.context.databases.pulse
    if pulse.gone.is_set():
        work.close()
    else:
        try:
            found = await pulse.unless_gone(work)
            if good(found):
                return found
        except Exception as error:
            if not (is_away(error) or pulse.gone.is_set()):
                raise
    info.context.told.degraded = True
    kept.prime(info.context.loaders)
    return instead(kept)


def named(page: Page) -> Page:
    """Say of a page what it had to do without."""
    return replace(page, dropped=(GONE,))


def is_good(page: Page) -> bool:
    """Tell whether there is something on a page, or nothing to be had."""
    return bool(page.items) or not page.dropped
