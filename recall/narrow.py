"""A question's filter over what a process knows: the database decides on what changed since."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.graph import Numbers
from graph.meaning import Meaning, tags_in
from graph.where import Where, both
from recall.candidates import Question
from recall.offers import queries
from recall.offers.columns import Flags
from recall.offers.offer import Offer, is_among, offering
from recall.planning.meanings import meaning_of
from recall.planning.memory import Memory, memory_of
from recall.quickly import rows_quickly


@dataclass(frozen=True)
class Narrow:
    """What may be found: `lets` tells it of any items, and of some the database has decided."""

    offer: Offer
    where: Where
    meaning: Meaning
    left_out: Numbers  # rising
    unsure: Numbers  # rising; what changed since the offer was looked at
    passing: Numbers  # rising; what of it may be found
    listed: int  # how often lists have taken items in that had come before

    def lets(self, ids: Numbers) -> Flags:
        """Tell which items may be found."""
        found = self.offer.holding(ids, self.where, self.meaning)
        if len(self.unsure):
            found &= ~is_among(ids, self.unsure)
            found |= is_among(ids, self.passing)
        return found & ~is_among(ids, self.left_out) if len(self.left_out) else found


async def narrow_by_memory(
    connection: AsyncConnection, catalog: Catalog, question: Question
) -> Narrow | None:
    """Say what may be found, where all items are known; nothing where that is not so."""
    memory = memory_of(connection)
    offer = await memory.offers_of(catalog).current(connection)
    where = both(question.where, offering(catalog.lifetime, question.moment))
    if offer is None or not offer.since.usual or not offer.base.knows(where):
        return None
    values = {"since": offer.since.changed, "moment": question.moment}
    statement = queries.unsure(catalog, question.where)
    ((unsure, passing, edits, listed),) = await rows_quickly(connection, statement, values)
    some = _ids(unsure)
    if len(some) > queries.MOST_NEW:
        return None
    meaning = await _meaning(connection, memory, catalog, question.where, edits)
    left_out = np.unique(np.array(question.leave_out, np.int32))
    return Narrow(offer, where, meaning, left_out, some, _ids(passing), listed)


async def _meaning(
    connection: AsyncConnection, memory: Memory, catalog: Catalog, where: Where, edits: int
) -> Meaning:
    """Give what a filter's tags mean as of the last edit, or of a later one."""
    keys = tags_in(where, catalog)
    meaning = await meaning_of(connection, memory, keys)
    if meaning.version is not None and meaning.version < edits:
        memory.meanings.drop(keys)
        meaning = await meaning_of(connection, memory, keys)
    return meaning


def _ids(packed: bytes | None) -> Numbers:
    return np.sort(np.frombuffer(packed or b"", ">i4").astype(np.int32))
