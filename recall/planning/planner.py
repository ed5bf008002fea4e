"""The planner: what is known of a filter decides how it is searched."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.meaning import Meaning, tags_in
from graph.where import Test, Where, fixed
from recall.estimating.estimates import estimate
from recall.planning import queries
from recall.planning.asked import Asked, Rows
from recall.planning.choosing import Plan, choose, forced, within
from recall.planning.codes import Codes
from recall.planning.deciding.decisions import Stale, by_memory, read_news
from recall.planning.deciding.proposing import Part
from recall.planning.loading import codes_of
from recall.planning.matching import Matching, matching_in, read_matching
from recall.planning.meanings import meaning_of
from recall.planning.memory import Memory
from recall.planning.searching import by_database
from recall.planning.store import Strategy
from weft.logs import log

ALONE = (Strategy.EXACT, Strategy.HNSW, Strategy.CATEGORY)  # without memory


@dataclass(frozen=True)
class Planner:
    """One search, and everything that its plan depends on."""

    connection: AsyncConnection
    memory: Memory
    asked: Asked
    total: int  # about how many vectors there are
    how: Strategy | None = None  # the way that has to be taken

    async def search(self) -> tuple[Rows, Mapping[str, Any]]:
        """Search out of memory if that is possible and worth it, or by the database alone."""
        codes = await self._codes()
        for remember in (False, True):
            if codes is None:
                break
            filters = self.asked.parts()
            parts: Sequence[Part] = [await self._part(w, codes, remember) for w in filters]
            if any(part.plan.strategy in ALONE for part in parts):
                break
            meaning = await meaning_of(self.connection, self.memory, self._tags())
            rows, parts = await self._by_memory(codes, parts, meaning)
            if isinstance(rows, Rows):
                return rows, told(*(part.plan for part in parts))
            codes = await self._renewed(rows, codes, parts)
        return await self._by_database()

    async def _by_memory(
        self, codes: Codes, parts: Sequence[Part], meaning: Meaning
    ) -> tuple[Rows | Stale, Sequence[Part]]:
        """Let the database decide on what has changed; on everything, where that is too much."""
        search = (self.connection, self.asked, codes)
        news = await read_news(self.connection, self.asked, parts)
        if news is not None and not news.too_much(parts, meaning):
            rows = await by_memory(*search, parts, meaning, news)
            if isinstance(rows, Rows):
                return rows, parts
        if news is not None:
            parts = [self._forgotten(part, codes) for part in parts]
        return await by_memory(*search, parts, meaning), parts

    async def _by_database(self) -> tuple[Rows, Mapping[str, Any]]:
        asked = self.asked
        estimated = await self._estimate(asked.where)
        plan = choose(self.total, estimated, asked.each, False, False)
        if self.how in ALONE:
            plan = forced(plan, self.how)
        if plan.strategy is not Strategy.EXACT:
            plan = await self._in_category(plan)
        return await by_database(self.connection, asked, plan), told(plan)

    async def _in_category(self, plan: Plan) -> Plan:
        """Walk the index of one value, where the filter asks for one that has an index."""
        store, where = self.asked.store, self.asked.where
        value = fixed(where, store.by) if store.by else None
        if value is None or self.asked.per or self.how is Strategy.HNSW:
            return plan
        inside = await self._estimate(Test(store.by or "", "eq", value))
        name = await self._table(value)
        return within(plan, inside, name, self.asked.k) if name else plan

    async def _table(self, value: str) -> str | None:
        async def ask() -> tuple[str | None]:
            found = await self.connection.execute(queries.table_by_value(self.asked.store, value))
            return (found.scalar(),)

        key = ("by", self.asked.store.artifact, value)
        name: tuple[str | None] = await self.memory.models.find(key, ask)
        return name[0]

    async def _codes(self) -> Codes | None:
        if self.how in ALONE:
            return None
        wait = self.how is not None
        return await codes_of(self.connection, self.memory, self.asked.store, wait)

    def _tags(self) -> tuple[str, ...]:
        store = self.asked.store
        return tags_in(self.asked.where, store.catalog) if store.kind == "item" else ()

    async def _part(self, where: Where, codes: Codes, remember: bool) -> Part:
        """Plan one filter; find out which rows match where that is worth it."""
        known = self._known(where, codes)
        if known is None and not remember:
            known = await self._offered(where, codes)
        if known is None and not remember and self.asked.per is None:
            plan = self._chosen(await self._estimate(where), False)
            if plan.guessed:
                self._remember(where, codes)
                return Part(where, plan)
        matching = known or await self._read(where, codes)
        if not matching.since.usual:
            self.memory.matching.drop(self._key(where, codes))
            return Part(where, forced(self._chosen(matching.count, True), Strategy.EXACT))
        return Part(where, self._chosen(matching.count, True), matching)

    async def _offered(self, where: Where, codes: Codes) -> Matching | None:
        """Find out which rows match by what is known of all items, if that is so."""
        store, memory = self.asked.store, self.memory
        if store.kind != "item":
            return None
        offer = await memory.offers_of(store.catalog).current(self.connection)
        if offer is None or not offer.since.usual or not offer.base.knows(where):
            return None
        meaning = await meaning_of(self.connection, memory, tags_in(where, store.catalog))
        rows = memory.crossings.get((codes.serial, offer.serial))
        if rows is None:
            rows = offer.base.rows_of(codes.ids)
            memory.crossings.keep((codes.serial, offer.serial), rows, rows.nbytes)
        found = matching_in(offer, codes, rows, where, meaning, self.asked.moment)
        memory.matching.keep(self._key(where, codes), found, found.size)
        return found

    def _forgotten(self, part: Part, codes: Codes) -> Part:
        """Guess again where that is possible: memory is filled beside, and nobody waits for it."""
        guess = self._chosen(part.plan.estimated, False)
        if not guess.guessed:
            return part
        self.memory.matching.drop(self._key(part.where, codes))
        return Part(part.where, guess)

    def _remember(self, where: Where, codes: Codes) -> None:
        """Find out beside all searches what a filter lets through that is asked for again."""
        key, asked = self._key(where, codes), self.asked
        again = self.memory.common.get(key)
        self.memory.common.keep(key, True)
        if again is None or self.how is not None or key in self.memory.reading:
            return
        engine = self.connection.engine

        async def read() -> None:
            try:
                async with engine.connect() as own:
                    now = datetime.now(UTC)
                    found = await read_matching(own, asked.store, where, codes, now)
                self.memory.matching.keep(key, found, found.size)
            except SQLAlchemyError as error:
                log("recall").warning("a filter is not remembered", exc_info=error)
            finally:
                self.memory.reading.pop(key, None)

        self.memory.reading[key] = asyncio.create_task(read())

    def _chosen(self, matching: int, remembered: bool) -> Plan:
        plan = choose(self.total, matching, self.asked.each, remembered, True)
        return plan if self.how is None else forced(plan, self.how)

    def _known(self, where: Where, codes: Codes) -> Matching | None:
        found = self.memory.matching.get(self._key(where, codes))
        early = found is not None and self.asked.moment < found.since.begun
        return None if early else found

    async def _read(self, where: Where, codes: Codes) -> Matching:
        async def read() -> Matching:
            asked = self.asked
            return await read_matching(self.connection, asked.store, where, codes, asked.moment)

        key = self._key(where, codes)
        return await self.memory.matching.find(key, read, lambda found: found.size)

    def _key(self, where: Where, codes: Codes) -> tuple[Any, ...]:
        return codes.serial, self.asked.store.catalog.lifetime, where

    async def _estimate(self, where: Where) -> int:
        if self.asked.store.kind != "item":
            return self.total
        store, moment = self.asked.store, self.asked.moment
        return min(self.total, await estimate(self.connection, self.memory, store, where, moment))

    async def _renewed(self, stale: Stale, codes: Codes, parts: Sequence[Part]) -> Codes | None:
        """Forget what is out of date."""
        self.memory.meanings.drop(self._tags())
        for part in parts:
            self.memory.matching.drop(self._key(part.where, codes))
        if stale is Stale.MATCHING:
            return codes
        self.memory.codes.drop((self.asked.store.artifact, self.asked.store.kind))
        return await self._codes()


def told(*plans: Plan) -> Mapping[str, Any]:
    """Say what was done and what was expected of it."""
    ways = sorted({str(plan.strategy) for plan in plans})
    return {
        "strategy": "+".join(ways),
        "estimated": sum(plan.estimated for plan in plans),
        "recall": min((plan.recall for plan in plans), default=1.0),
    }
