"""Which way is fast and finds everything: costs in microseconds, as measured (decision 0014)."""

from dataclasses import dataclass, replace

from recall.planning.store import Strategy

MEASURED = 12.0  # a row that the database finds by a filter, joins and measures
WALKED = 8.0  # a row that the index gives in order, joined and tested
FEW = 4_000  # rows that the database measures where the index would miss some
MANY = 5_000  # rows that are worth looking through by cells
COMMON = 0.3  # share from which on memory needs not know which rows match
SPARE = 6
LARGEST = 1000  # that pgvector takes for ef
INDEXED = 0.9  # recall of the index under a filter that has nothing to do with it


@dataclass(frozen=True)
class Plan:
    """How a search is done, and what is expected of it."""

    strategy: Strategy
    estimated: int  # rows that match
    share: float
    recall: float
    top: int = 0  # candidates that memory gives to the database, for each search
    ef: int = 0  # of the index
    guessed: bool = False  # memory does not know which rows match
    table: str | None = None  # whose index is walked: that of one value of an attribute


def choose(total: int, matching: int, k: int, remembered: bool, in_memory: bool) -> Plan:
    """Choose a strategy for `matching` of `total` rows."""
    share = min(1.0, matching / max(total, 1))
    if not in_memory:
        return _by_index(matching, share, k)
    top = k + max(SPARE, k // 10)
    if not remembered and share >= COMMON:
        top = int(top / share * 1.2)
        return Plan(Strategy.CELLS, matching, share, 0.99, top, guessed=True)
    if matching <= MANY:
        return Plan(Strategy.SHORTLIST, matching, share, 1.0, top)
    return Plan(Strategy.CELLS, matching, share, 0.99, top)


def forced(plan: Plan, how: Strategy) -> Plan:
    """Go another way than the one that was chosen."""
    ef = plan.ef or 200
    return replace(plan, strategy=how, ef=ef, guessed=plan.guessed and how is Strategy.CELLS)


def within(plan: Plan, inside: int, table: str, k: int) -> Plan:
    """Walk the index of a category of `inside` rows instead of that of all."""
    share, ef = min(1.0, plan.estimated / max(inside, 1)), LARGEST
    return replace(plan, strategy=Strategy.CATEGORY, share=share, ef=ef, table=table)


def _by_index(matching: int, share: float, k: int) -> Plan:
    """Weigh measuring every matching row against walking the index until enough match."""
    if matching <= FEW or matching * MEASURED <= 2 * WALKED * k / max(share, 1e-9):
        return Plan(Strategy.EXACT, matching, share, 1.0)
    return Plan(Strategy.HNSW, matching, share, INDEXED, ef=_ef(k, share))


def _ef(k: int, share: float) -> int:
    """Let the index look at more where fewer match."""
    return int(min(LARGEST, max(100, 4 * k, 2 * k / max(share, 0.01))))
