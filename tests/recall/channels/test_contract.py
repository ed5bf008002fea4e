"""What every channel promises, whatever it finds by: one table of channels, one row each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from sqlalchemy import Engine, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.building import apply_spec
from api.spec import Spec, channels_around, open_spec
from graph.columns import sync_columns
from graph.where import read_where
from recall.candidates import NOTHING, Candidates, Question
from recall.channels.kinds import AnyChannel
from recall.channels.spec import Ready
from recall.gathering import Call, find_in_time
from recall.histories import read_history
from recall.offers.standing import Standing
from tests.conftest import administer
from tests.recall.channels import worlds
from tests.tiny import NOON, load
from weft.database import connect, connect_async
from weft.releases import read_live
from weft.running import Quiet

WHOLE = 1_000


@dataclass(frozen=True)
class Kind:
    """A channel's section, and what it has to reach where the right answers are obvious."""

    section: Mapping[str, Any]
    beside: Mapping[str, Any] = field(default_factory=dict)  # what else the spec has to declare
    best: tuple[str, ...] = ("tea",)  # beginnings of the keys that answer somebody who likes tea
    share: float = 1.0  # of the first five, that begin so
    least: int = 5  # how many items it finds for them
    personal: bool = True  # finds nothing for somebody of whom nothing is known
    bounded: bool = False  # a filter may hide what it finds without one


PICKS = """
CREATE SCHEMA mine;
CREATE VIEW mine.picks AS
SELECT key AS item, 1.0 / id AS score, NULL::text AS person FROM item
UNION ALL
SELECT item.key, 2 + 1.0 / item.id, person.key FROM item, person
WHERE item.key LIKE 'tea%' AND person.key LIKE 'tea%';
CREATE FUNCTION mine.picks_for(who text, place text, at timestamptz)
RETURNS TABLE (item integer, score double precision) LANGUAGE sql STABLE AS
$$ SELECT id, CASE WHEN key LIKE 'tea%' AND who LIKE 'tea%' THEN 2.0 ELSE 1.0 END FROM item $$;
"""
NEAR = {"type": "linear", "over": ["liked"], "neighbours": 20, "holdout": None}
READS = {
    "type": "keyword-dssm", "units": ["tagged"], "fits": ["tagged"], "dim": 8, "steps": 60,
    "batch": 16, "negatives": 4, "buckets": 4096, "holdout": None,
}  # fmt: skip
KINDS = {
    "popular": Kind({"type": "popular", "by": ["scene", "item.category"]}, share=0, personal=False),
    "fresh": Kind({"type": "fresh", "window": "52w"}, share=0, personal=False),
    "itemcf": Kind({"type": "itemcf", "over": "liked"}),
    "swing": Kind({"type": "swing", "over": "liked"}),
    "walk": Kind({"type": "walk", "path": ["liked", "~liked", "liked"]}),
    "walk from items": Kind({"type": "walk", "path": ["tagged", "~tagged"]}, share=0.6),
    "ppr": Kind({"type": "walk", "method": "ppr", "over": ["liked"]}, bounded=True),
    "tags": Kind({"type": "tags", "over": "fond", "facets": ["category"]}),
    "tags of history": Kind({"type": "tags", "facets": ["category"]}),
    "again": Kind({"type": "again", "by": "category"}, least=3),
    "sql": Kind({"type": "sql", "view": "mine.picks"}, personal=False),
    "sql function": Kind({"type": "sql", "function": "mine.picks_for"}, personal=False),
    "nearest": Kind(
        {"type": "nearest", "space": "near"},
        {"spaces": {"near": NEAR}},
    ),
    "neighbours": Kind({"type": "neighbours", "space": "near"}),
    "nearest to items": Kind({"type": "nearest", "space": "near", "query": "max"}),
    "keyword": Kind({"type": "keyword"}, personal=False),
    "keyword that is read": Kind(
        {"type": "keyword", "space": "read"}, {"spaces": {"read": READS}}, personal=False
    ),
}
every_kind = pytest.mark.parametrize("name", KINDS)


@dataclass
class Shop:
    """The world, built and released once, and a way to ask its channels."""

    engine: Engine
    pool: AsyncEngine
    portal: BlockingPortal
    spec: Spec

    @cached_property
    def keys(self) -> dict[int, str]:
        """Keys of items by number."""
        with self.engine.connect() as connection:
            return dict(connection.execute(text("SELECT id, key FROM item")).all())

    @cached_property
    def persons(self) -> dict[str, int]:
        """Numbers of persons by key."""
        with self.engine.connect() as connection:
            return dict(connection.execute(text("SELECT key, id FROM person")).all())

    @cached_property
    def ready(self) -> Ready:
        """What the live release answers from."""
        with self.engine.connect() as connection:
            live = read_live(connection)
        assert live is not None
        return Ready(live.artifacts, channels_around(self.spec))

    def question(self, person: str | None, where: Mapping[str, Any] | None = None) -> Question:
        """Ask as somebody, with their history."""
        number = self.persons.get(person or "", None if person is None else 10**6)
        history = NOTHING
        if number is not None:
            history = self.portal.call(self._history, number)
        catalog = self.spec.catalog
        return Question("home", number, NOON, {"scene": "home"}, read_where(where, catalog),
                        history=history, keyword="tea")  # fmt: skip

    def find(self, name: str, question: Question, top: int = WHOLE) -> Candidates:
        """Ask one channel."""
        channel = self.spec.recall.channels[slug(name)]
        finder = channel.finder(slug(name), self.ready)
        call = Call(name, finder, question, top, channel.deadline)
        return self.portal.call(self._find, call)

    def found(self, name: str, question: Question, top: int = WHOLE) -> list[str]:
        """Ask one channel for keys."""
        return [self.keys[number] for number in self.find(name, question, top).items.tolist()]

    async def _find(self, call: Call) -> Candidates:
        async with self.pool.connect() as connection:
            return await find_in_time(connection, call)

    async def _history(self, person: int) -> Any:
        connection: AsyncConnection
        async with self.pool.connect() as connection:
            positive = self.spec.events.positive
            return await read_history(connection, person, positive, NOON)


def slug(name: str) -> str:
    return name.replace(" ", "-")


@pytest.fixture(scope="module")
def shop(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    name = f"weft_channels_{tmp_path_factory.getbasetemp().name.replace('-', '_')}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    spec = build(engine, tmp_path_factory.mktemp("shop") / "weft.yaml")
    with start_blocking_portal() as portal:
        pool = connect_async(url)
        yield Shop(engine, pool, portal, spec)
        portal.call(pool.dispose)
    engine.dispose()
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def build(engine: Engine, path: Path) -> Spec:
    spec = dict(worlds.SPEC)
    for kind in KINDS.values():
        for part, more in kind.beside.items():
            spec[part] = {**spec.get(part, {}), **more}
    slow = {"deadline": "30s"}
    spec["recall"] = {"channels": {slug(n): {**slow, **k.section} for n, k in KINDS.items()}}
    with path.open("w") as file:
        YAML(typ="safe", pure=True).dump(spec, file)
    opened = open_spec(path)
    with engine.begin() as connection:
        sync_columns(connection, opened.catalog)
        load(connection, opened, "tag", worlds.TAGS)
        load(connection, opened, "item", worlds.items())
        load(connection, opened, "event", list(worlds.events()))
        connection.execute(text("UPDATE item SET removed_at = now() WHERE key = 'tea-removed'"))
        connection.execute(text(PICKS))
    apply_spec(engine, opened, Quiet())
    return opened


def test_every_kind_of_channel_has_a_row() -> None:
    kinds = get_args(get_args(AnyChannel)[0])
    named = {word for kind in kinds for word in get_args(kind.model_fields["type"].annotation)}
    assert {kind.section["type"] for kind in KINDS.values()} == named


@every_kind
def test_the_obvious_is_found(shop: Shop, name: str) -> None:
    kind = KINDS[name]
    found = shop.found(name, shop.question("tea0"))
    assert len(found) >= kind.least
    right = [key for key in found[:5] if key.startswith(kind.best)]
    assert len(right) >= kind.share * min(5, len(found))


@every_kind
def test_what_is_gone_or_not_yet_there_never_comes(shop: Shop, name: str) -> None:
    for person in ("tea0", "wool3", None):
        assert not set(shop.found(name, shop.question(person))) & set(worlds.GONE)


@every_kind
def test_the_best_come_first_and_each_once(shop: Shop, name: str) -> None:
    found = shop.find(name, shop.question("tea0"))
    assert found.items.dtype == np.int32
    assert found.scores.dtype == np.float64
    assert len(set(found.items.tolist())) == len(found.items) == len(found.scores)
    assert np.isfinite(found.scores).all()
    assert (np.diff(found.scores) <= 0).all()


@every_kind
@pytest.mark.parametrize("top", [1, 2, 4])
def test_fewer_are_the_beginning_of_more(shop: Shop, name: str, top: int) -> None:
    question = shop.question("tea1")
    assert shop.found(name, question, top) == shop.found(name, question)[:top]


@every_kind
def test_what_is_left_out_stays_out_and_others_move_up(shop: Shop, name: str) -> None:
    question = shop.question("tea0")
    whole = shop.find(name, question).items.tolist()
    less = replace(question, leave_out=tuple(whole[::2]))
    assert set(whole[1::2]) <= set(shop.find(name, less).items.tolist())
    assert not set(whole[::2]) & set(shop.find(name, less).items.tolist())


@every_kind
@pytest.mark.parametrize("person", [None, "nobody"])
def test_a_stranger_is_no_error(shop: Shop, name: str, person: str | None) -> None:
    found = shop.found(name, shop.question(person))
    assert bool(found) != KINDS[name].personal


@every_kind
def test_a_channel_does_not_change_what_it_is_asked(shop: Shop, name: str) -> None:
    question = shop.question("tea0")
    before = (question.history.items.copy(), question.history.weights.copy())
    assert shop.found(name, question) == shop.found(name, question)
    assert np.array_equal(before[0], question.history.items)
    assert np.array_equal(before[1], question.history.weights)


@every_kind
@pytest.mark.parametrize("where", [{}, {"category": "tea"}, {"not": {"styles": "soft"}}], ids=str)
def test_the_database_alone_finds_the_same(
    shop: Shop, name: str, where: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [shop.question(person, where) for person in ("tea0", "wool3", None)]
    known = [shop.find(name, question) for question in questions]

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(Standing, "current", nothing)
    for with_memory, question in zip(known, questions, strict=True):
        alone = shop.find(name, question)
        one, other = (dict(zip(c.items.tolist(), c.scores.tolist(), strict=True))
                      for c in (with_memory, alone))  # fmt: skip
        assert one == pytest.approx(other)


def checks_of(name: str) -> st.SearchStrategy[Any]:
    words = {
        "category": st.sampled_from(["tea", "wool", "drink", "ghost"]),
        "styles": st.sampled_from(["soft", "loud", "ghost"]),
        "city": st.sampled_from(["Leiden", "上海", "'; --", "%"]),
        "price": st.sampled_from([-1.0, 0.0, 35.0, 70.0, 1e300]),
        "new": st.booleans(),
        "published_at": st.integers(-20, 0).map(worlds.day),
    }[name]
    exists = st.fixed_dictionaries({"exists": st.booleans()})
    one = st.fixed_dictionaries({"eq": words})
    if name == "new":
        return one | exists
    several = st.fixed_dictionaries({"in": st.lists(words, min_size=1, max_size=3)})
    if name in ("price", "published_at"):
        bounds = st.dictionaries(st.sampled_from(["gt", "gte", "lt", "lte"]), words, min_size=1)
        return one | several | exists | bounds
    under = st.fixed_dictionaries({"under": words})
    return one | several | exists | (under if name == "category" else one)


ATTRIBUTES = ("category", "styles", "city", "price", "new", "published_at")
PLAIN = st.sampled_from(ATTRIBUTES).flatmap(
    lambda name: st.fixed_dictionaries({name: checks_of(name)})
)
FILTERS = st.recursive(
    PLAIN,
    lambda inner: (
        st.fixed_dictionaries({"and": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"or": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=5,
)


@every_kind
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=FILTERS)
def test_filters_hold_for_all_that_is_found(
    shop: Shop, name: str, where: Mapping[str, Any]
) -> None:
    rows = {row["key"]: row for row in worlds.items()}
    found = shop.found(name, shop.question("tea0", where))
    assert [key for key in found if not worlds.passes(rows[key], where)] == []
    if not KINDS[name].bounded:
        whole = shop.found(name, shop.question("tea0"))
        assert {key for key in whole if worlds.passes(rows[key], where)} <= set(found)


def test_a_deed_of_a_moment_ago_counts(shop: Shop) -> None:
    for name in ("itemcf", "swing", "neighbours", "walk from items", "tags of history"):
        found = shop.found(name, shop.question("lately"))
        assert found, name
        assert found[0].startswith("tea"), name
