"""What people decide of tags makes confidences honest."""

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.reading import Texts
from api.spec import Spec
from graph.taxonomy.assigning import assign, unassign
from graph.texts.calibrating import ENOUGH
from tests.graph.test_texts import ANN, shop
from tests.tiny import load
from weft.running import Quiet

__all__ = ["shop"]
ITEMS = ENOUGH + 40


@pytest.fixture
def judged(engine: Engine, shop: Spec) -> Spec:
    """A shop of blue things, where people said of two in three that they are not blue."""
    with engine.begin() as connection:
        items = [
            {"key": f"n{n}", "title": f"blue thing {n:03}", "category": "cup"} for n in range(ITEMS)
        ]
        load(connection, shop, "item", items)
    apply_spec(engine, shop, Quiet())
    judge(engine, range(ITEMS))
    return shop


def judge(engine: Engine, numbers: range) -> None:
    with engine.begin() as connection:
        for n in numbers:
            say = assign if n % 3 == 0 else unassign
            say(connection, f"n{n}", "blue", ANN)


def sureness(engine: Engine, item: str) -> float:
    with engine.connect() as connection:
        return float(
            connection.execute(
                text("SELECT confidence FROM item_tag JOIN tag ON tag.id = tag "
                     "JOIN item ON item.id = item "
                     "WHERE item.key = :item AND tag.key = 'blue' AND source = 'lexicon'"),
                {"item": item},
            ).scalar_one()
        )  # fmt: skip


def measures(engine: Engine) -> dict[str, float]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, value FROM weft.metric WHERE artifact = "
                 "(SELECT max(id) FROM weft.artifact WHERE step = 'text.company')")
        )  # fmt: skip
        return {row.name: row.value for row in rows}


def test_confidences_move_toward_what_people_decide(engine: Engine, judged: Spec) -> None:
    assert sureness(engine, "n0") > 0.9
    done = apply_spec(engine, judged, Quiet())
    assert "text.company" in done.ran
    assert 1 / 3 - 0.05 < sureness(engine, "n0") < 1 / 3 + 0.1
    assert sureness(engine, "blue-cup") == pytest.approx(sureness(engine, "n0"), abs=0.1)
    found = measures(engine)
    assert found["judged"] == ITEMS
    assert found["brier"] < found["brier.raw"] - 0.1
    assert found["calibration_error"] < 0.15 < 0.5 < found["calibration_error.raw"]


def test_a_text_is_read_as_surely_as_a_title(engine: Engine, judged: Spec) -> None:
    apply_spec(engine, judged, Quiet())
    with engine.begin() as connection:
        (read,) = Texts().reader(connection, judged).read(["blue thing 999"], [()])
    assert read.spans[0].confidence == pytest.approx(sureness(engine, "n0"), abs=0.1)


def test_a_judgement_wakes_the_step_once(engine: Engine, judged: Spec) -> None:
    assert "text.company" in apply_spec(engine, judged, Quiet()).ran
    assert apply_spec(engine, judged, Quiet()).ran == ()
    judge(engine, range(1, 2))
    assert "text.company" in apply_spec(engine, judged, Quiet()).ran
    assert apply_spec(engine, judged, Quiet()).ran == ()


def test_a_few_judgements_change_nothing_but_are_measured(engine: Engine, shop: Spec) -> None:
    apply_spec(engine, shop, Quiet())
    before = sureness(engine, "blue-cup")
    assert measures(engine)["judged"] == 0
    with engine.begin() as connection:
        unassign(connection, "blue-cup", "blue", ANN)
    apply_spec(engine, shop, Quiet())
    found = measures(engine)
    assert sureness(engine, "blue-cup") == before
    assert (found["judged"], "brier.raw" in found) == (2, False)  # of blue, and of cup
    assert 0.3 < found["brier"] < 0.6
