"""Ann liked dresses and Bob a cup; what they do later is known, so what is found is, too."""

import os
import signal
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.building import apply_spec
from api.commands.evaluating import leaving
from api.commands.main import app
from api.evaluation.choosing import Options, choose
from api.evaluation.holdout import hold_out
from api.evaluation.released import measure_release
from api.spec import Spec
from recall.evaluation.figures import Figure
from recall.evaluation.reading import Later
from recall.evaluation.storing import Evaluation, read_figures, save_evaluation
from tests.checksums import checksums
from tests.tiny import NOON, at, load, open_tiny
from tests.weft.test_aside import asides
from weft.aside import database_aside
from weft.errors import NotFound
from weft.running import Quiet

OPTIONS = Options(tops=(1, 5))
LATER = [
    ("click", "ann", "blue-cup", "home", 1),  # popular has it second, she has seen the dresses
    ("click", "cat", "red-dress", "home", 1),  # popular has it first
    ("click", "cat", "old-dress", "home", 2),  # is gone: nobody could find it
    ("click", "ann", "red-dress", "home", 2),  # she has seen it: nobody is to find it
    ("expose", "bob", "new-cup", "home", 2),  # no sign of interest
    ("click", "bob", "new-cup", None, 3),  # no scene: counts for the first, which is home
]


@pytest.fixture
def tiny(engine: Engine, tmp_path: Path) -> Spec:
    return open_tiny(engine, tmp_path)


@pytest.fixture
def released(engine: Engine, tiny: Spec) -> Spec:
    """The tiny shop, built before what came later."""
    apply_spec(engine, tiny, Quiet())
    add(engine, tiny, LATER)
    return tiny


def add(engine: Engine, spec: Spec, events: list[tuple[str, str, str, str | None, float]]) -> None:
    with engine.begin() as connection:
        rows = [
            {"kind": kind, "person": person, "item": item, "scene": scene, "time": at(hours)}
            for kind, person, item, scene, hours in events
        ]
        load(connection, spec, "event", rows)


def figures(made: Evaluation, scene: str = "all") -> Mapping[tuple[str, str, str], Figure]:
    whole = [f for f in made.figures if (f.scene, f.who) == (scene, "all")]
    return {(f.kind, f.source, f.measure): f for f in whole}


def first(engine: Engine) -> str:
    """Give what is most popular with anybody."""
    statement = text("""
        SELECT item FROM live.ranked
        WHERE step = 'recall.popular' AND rank = 1 AND context = '{NULL,NULL,NULL}'
    """)
    with engine.connect() as connection:
        return str(connection.execute(statement).scalar_one())


def told(*_: object) -> None:
    """Nobody looks."""


@pytest.fixture
def measured(engine: Engine, released: Spec) -> Evaluation:
    return measure_release(engine, None, OPTIONS, told)


def test_a_release_is_measured_on_what_came_after_its_build(measured: Evaluation) -> None:
    assert measured.release == 1
    assert measured.split == NOON - timedelta(hours=1)
    found = figures(measured)
    assert found["channel", "popular", "recall@5"].questions == 3
    assert found["channel", "popular", "recall@5"].value == pytest.approx(2 / 3)
    assert found["channel", "fresh", "recall@5"].value == pytest.approx(1 / 3)  # the new cup
    assert found["fused", "fused", "recall@5"].value == 1
    assert found["channel", "popular", "alone@5"].value == pytest.approx(2 / 3)


def test_floors_stand_beside(measured: Evaluation) -> None:
    found = figures(measured)
    assert ("floor", "popular", "recall@5") in found
    assert ("floor", "itemcf", "recall@5") in found


def test_what_nobody_could_find_is_told_and_not_counted(measured: Evaluation) -> None:
    whole = " ".join(measured.notes)
    assert "1 thing done later with what was not on offer" in whole
    assert "1 thing done again" in whole


def test_young_items_are_those_that_began_in_the_last_hours(measured: Evaluation) -> None:
    assert figures(measured)["fused", "fused", "young@5"].value == 1
    assert figures(measured)["channel", "popular", "young@5"].value == 0


def test_holdout_finds_what_the_release_would_have_found(
    engine: Engine, released: Spec, measured: Evaluation
) -> None:
    aside = hold_out(engine, released, timedelta(hours=4), OPTIONS, Quiet(), told)
    assert aside.split == measured.split
    assert aside.figures == measured.figures
    assert aside.release is None


def test_holdout_leaves_the_shop_as_it_was(engine: Engine, released: Spec) -> None:
    before = checksums(engine)
    hold_out(engine, released, timedelta(hours=4), OPTIONS, Quiet(), told)
    assert checksums(engine) == before
    assert asides(engine) == []


@pytest.mark.parametrize("way", ["release", "holdout"])
def test_what_came_later_teaches_nothing(engine: Engine, tiny: Spec, way: str) -> None:
    apply_spec(engine, tiny, Quiet())
    add(engine, tiny, LATER[:2])

    def measure() -> dict[tuple[str, str, str], float]:
        if way == "release":
            made = measure_release(engine, 1, OPTIONS, told)
        else:
            made = hold_out(engine, tiny, timedelta(hours=2), OPTIONS, Quiet(), told)
        return {measure: figure.value for measure, figure in figures(made, "home").items()}

    before, favourite = measure(), first(engine)
    strangers = [f"stranger{n}" for n in range(9)]
    add(engine, tiny, [("purchase", name, "blue-dress", "liked", 0.5) for name in strangers])
    assert measure() == before
    apply_spec(engine, tiny, Quiet())
    assert (favourite, first(engine)) == ("blue-cup", "blue-dress")  # had it been known


def test_nothing_after_the_build_says_what_would_help(engine: Engine, tiny: Spec) -> None:
    apply_spec(engine, tiny, Quiet())
    with pytest.raises(NotFound, match="--holdout 1d"):
        measure_release(engine, None, OPTIONS, told)


def test_nothing_released_says_what_would_help(engine: Engine) -> None:
    with pytest.raises(NotFound, match="weft apply"):
        measure_release(engine, None, OPTIONS, told)


def test_figures_can_be_read_in_sql(engine: Engine, measured: Evaluation) -> None:
    with engine.begin() as connection:
        number = save_evaluation(connection, measured, "ann@shop")
        assert set(read_figures(connection, number)) == set(measured.figures)
        statement = text("""
            SELECT value FROM live.recall
            WHERE source = 'fused' AND scene = 'all' AND who = 'all' AND measure = 'recall@5'
        """)
        assert connection.execute(statement).scalar() == 1


def test_persons_are_drawn_by_seed() -> None:
    later = [Later(person, 1, "home") for person in range(100)]
    offered = {"home": [False, True]}
    options = [Options(persons=10, seed=seed) for seed in (1, 1, 2)]
    one, same, other = (choose(later, offered, ["home"], option).wanted for option in options)
    assert len(one) == 10
    assert one == same != other


def test_being_told_to_end_drops_what_is_aside(engine: Engine) -> None:
    def told_to_end() -> None:
        with leaving(), database_aside(engine):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        told_to_end()
    assert asides(engine) == []
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.fixture
def shell(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WEFT_DATABASE_URL", database_url)
    return CliRunner()


def test_the_command_prints_tables_and_writes_json(
    engine: Engine, released: Spec, shell: CliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "figures.json"
    done = shell.invoke(app, ["eval", "recall", "--k", "5", "--json", str(file)])
    assert done.exit_code == 0, done.output
    for told in ("release 1", "found @5", "(itemcf)", "by history", "column finds"):
        assert told in done.output
    assert b'"recall@5"' in file.read_bytes()
