from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from api.traces import make_room
from ranking.dumps.dump import Dump, read_dump, write_dumps
from ranking.dumps.grounds import told_of
from ranking.dumps.packing import pack, unpack
from ranking.dumps.rebuilding import rebuilt
from ranking.examples import Columns, Inputs, Longs
from ranking.explaining.parts import parts_of, scored
from ranking.features.rows import examples_of
from ranking.labelled import Labelled
from ranking.material import Met
from ranking.page import Page
from ranking.seen import Seen
from tests.ranking.dumps.longing import Longing, open_graphed
from tests.tiny import NOON

PEOPLE = ("p0", "p1", "p2", "p3", "p7")
CLOSE = 1e-6  # of fewer rows at once, sums may be added up in another order


@pytest.fixture(scope="module")
def longing(tmp_path_factory: pytest.TempPathFactory, module_engine: Engine) -> Longing:
    made = open_graphed(module_engine, tmp_path_factory.mktemp("longing"))
    make_room(module_engine)
    make_room(module_engine, NOON.date())
    return made


@pytest.fixture(scope="module", params=["then", "now"])
def moment(request: pytest.FixtureRequest) -> datetime:
    """Of then, everything is read from the database; of now, most is held in memory."""
    return NOON + timedelta(hours=1) if request.param == "then" else datetime.now(UTC)


@pytest.fixture(scope="module")
def pages(longing: Longing, moment: datetime) -> dict[str, Page]:
    return {key: longing.page(key, moment) for key in PEOPLE}


def columns(columns: Columns, rows: Longs) -> list[np.ndarray]:
    part = columns.part(rows)
    numbers = [part.numbers] if part.numbers.size else []
    return [part.ones, *numbers, *part.bags, *part.pasts]


def rows(inputs: Inputs) -> list[np.ndarray]:
    """Give what a model reads of each pair, whatever pairs share."""
    return [
        *columns(inputs.asks, inputs.ask),
        *columns(inputs.items, inputs.item),
        *columns(inputs.pairs, np.arange(len(inputs))),
        inputs.bias,
    ]


def same(some: list[np.ndarray], others: list[np.ndarray]) -> bool:
    return len(some) == len(others) and all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for a, b in zip(some, others, strict=True)
    )


def labelled_of(longing: Longing, pages: dict[str, Page], moment: datetime) -> Labelled:
    """Say that each page was shown as soon as it was asked for, and some of it clicked."""
    shown = [(n, key, one.item) for n, (key, page) in enumerate(pages.items())
             for one in page.items]  # fmt: skip
    size = len(shown)
    draws = np.random.default_rng(1)
    return Labelled(
        np.array([longing.person(key) for _, key, _ in shown], np.int64),
        np.array([item for _, _, item in shown], np.int64),
        np.full(size, moment.timestamp()),
        np.array([n for n, _, _ in shown], np.int64),
        tuple(f"{key} {moment}" for key in pages),
        np.zeros(size, np.int32),
        ("home",),
        np.array([n % 6 for n in range(size)], np.int32),
        (draws.random((size, 1)) < 0.4).astype(np.float32),
        ("click",),
    )


def keep(longing: Longing, pages: dict[str, Page], moment: datetime) -> None:
    dumps = [Dump(f"{key} {moment}", moment, 1, page.ground) for key, page in pages.items()]
    with longing.engine.begin() as connection:
        write_dumps(connection, dumps)


def test_a_page_knows_what_its_models_read_of_its_items(pages: dict[str, Page]) -> None:
    for page in pages.values():
        coarse, fine = page.ground.seen
        assert (coarse.stage, fine.stage) == ("coarse", "fine")
        assert isinstance(coarse.material, Met)
        assert isinstance(fine.material, Inputs)
        assert fine.items.tolist() == [one.item for one in page.items]
        assert fine.scores.tolist() == [one.score for one in page.items]
        assert len(fine.material.asks) == 1


def test_what_is_packed_is_read_back_to_the_last_bit(pages: dict[str, Page]) -> None:
    for page in pages.values():
        for seen, back in zip(page.ground.seen, unpack(pack(page.ground.seen)), strict=True):
            assert (seen.stage, seen.model, seen.encoding) == (
                back.stage, back.model, back.encoding)  # fmt: skip
            assert same([seen.items, seen.chances, seen.scores],
                        [back.items, back.chances, back.scores])  # fmt: skip
            assert same(material(seen), material(back))


def material(seen: Seen) -> list[np.ndarray]:
    if isinstance(seen.material, Inputs):
        return rows(seen.material)
    met = seen.material
    return [met.side, met.rows, *columns(met.asks, np.arange(len(met.asks)))]


def test_a_score_is_found_again_from_what_was_kept(
    longing: Longing, pages: dict[str, Page], moment: datetime
) -> None:
    keep(longing, pages, moment)
    for key, page in pages.items():
        with longing.engine.connect() as connection:
            kept = read_dump(connection, f"{key} {moment}")
        assert kept is not None
        assert replace(kept.told, seen=()) == replace(told_of(page.ground), seen=())
        for seen in kept.told.seen:
            again = scored(longing.ready(seen.model), seen.objective, seen.material)
            answered = {one.item: dict(one.stages)[seen.stage] for one in page.items}
            assert seen.scores.tolist() == [answered[item] for item in seen.items.tolist()]
            np.testing.assert_allclose(again, seen.scores, rtol=CLOSE)


def test_rows_from_dumps_are_those_that_were_read_and_those_that_are_joined(
    longing: Longing, pages: dict[str, Page], moment: datetime
) -> None:
    with longing.engine.begin() as connection:
        connection.execute(text("DELETE FROM trace_dump"))
    keep(longing, pages, moment)
    labelled, ready = labelled_of(longing, pages, moment), longing.ready("fine")
    with longing.engine.connect() as connection:
        found = rebuilt(connection, ready, labelled)
        joined = examples_of(connection, ready.encoding, labelled)
    assert found is not None
    assert same(rows(found.inputs), rows(joined.inputs))
    for name in ("labels", "weights", "persons", "groups", "times", "scenes"):
        assert same([getattr(found, name)], [getattr(joined, name)])
    read = [rows(page.ground.seen[1].material)[:-1] for page in pages.values()]
    together = [np.concatenate(parts) for parts in zip(*read, strict=True)]
    assert same(rows(found.inputs)[:-1], together)


def test_rows_without_a_dump_of_the_same_encoding_are_left_out(
    longing: Longing, pages: dict[str, Page], moment: datetime
) -> None:
    labelled, ready = labelled_of(longing, pages, moment), longing.ready("fine")
    with longing.engine.begin() as connection:
        connection.execute(text("DELETE FROM trace_dump"))
        assert rebuilt(connection, ready, labelled) is None
    keep(longing, {"p1": pages["p1"]}, moment)
    with longing.engine.connect() as connection:
        found = rebuilt(connection, ready, labelled)
        assert rebuilt(connection, replace(ready, mark="another"), labelled) is None
    assert found is not None
    assert found.persons.tolist() == [longing.person("p1")] * len(pages["p1"].items)


def test_the_city_that_is_longed_for_counts_and_a_missing_feature_nothing(
    longing: Longing, pages: dict[str, Page]
) -> None:
    ready = longing.ready("fine")
    seen = pages["p1"].ground.seen[1]
    parts = {part.feature: part.worth for part in parts_of(ready, seen)}
    assert set(parts) == {"who", "thing", "city", "price", "taken", "rate", "own"}
    assert parts["city"][0] > 0
    blank = seen.material.items.ones.copy()
    blank[:, [field.name for field in ready.encoding.layout.items.ones].index("price")] = 0
    items = replace(seen.material.items, ones=blank)
    missing = replace(seen, material=replace(seen.material, items=items))
    again = {part.feature: part.worth for part in parts_of(ready, missing)}
    assert not again["price"].any()
