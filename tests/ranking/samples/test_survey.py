"""What is told of samples."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from api.commands.shown import told_shown
from ranking.samples.spec import ShownSamples
from ranking.samples.survey import Survey, survey
from tests.ranking.samples.joining import EVENTS, FAR, LONG_AGO, Shop, after, did, page
from weft.events import Events

DAY = 86_400
SAMPLES = ShownSamples.model_validate(
    {
        "history": "2000d",
        "tasks": {"click": {"any": ["click"]}, "purchase": {"any": ["purchase"], "within": "3d"}},
    }
)
RED, BLUE, OLD, CUP = "red-dress", "blue-dress", "old-dress", "blue-cup"


def ask(shop: Shop, samples: ShownSamples) -> Survey:
    with shop.engine.connect() as connection:
        return survey(connection, samples, EVENTS, LONG_AGO, FAR)


def test_figures_say_what_counts_and_what_does_not(shop: Shop) -> None:
    shop.come(*page([RED, BLUE, RED, CUP], 0), did("click", BLUE, 30), did("purchase", RED, DAY))
    shop.come(*page([OLD], 99, None), did("click", CUP, 5, "t7"))
    shop.come(*page([RED, BLUE], 2 * DAY, "t2"))
    shop.keep(SAMPLES, after(2 * DAY + 9))
    found = ask(shop, SAMPLES)
    counts = {use: (count.rows, count.requests) for use, count in found.uses.items()}
    assert counts == {"sample": (3, 2), "below": (1, 1), "open": (2, 1)}
    one = found.sampled()
    assert (one.answered, one.late) == ({"click": 1, "purchase": 1}, {"click": 0, "purchase": 1})
    assert one.untraced == 1
    assert (found.repeated, found.deeds, found.stray) == (1, 3, 1)
    assert found.metrics()["positive.click"] == pytest.approx(1 / 3)
    assert "without trace" in found.lost[0]
    assert any("1 of 3 answers" in line for line in told_shown(found) if isinstance(line, str))


def test_what_clicks_alone_cannot_say_is_said(shop: Shop) -> None:
    clicks = SAMPLES.model_copy(update={"source": "clicks"})
    shop.come(did("click", RED, 0, None))
    shop.keep(clicks)
    lines = [line for line in told_shown(ask(shop, clicks)) if isinstance(line, str)]
    assert any("positions" in line for line in lines)
    assert sum(line.startswith("lost: ") for line in lines) == 5


def test_the_spec_says_what_would_be_right() -> None:
    with pytest.raises(ValidationError, match="no task called 'click'; there are buy"):
        ShownSamples.model_validate({"tasks": {"buy": {"any": ["purchase"]}}})
    with pytest.raises(ValidationError, match="no answer"):
        ShownSamples.model_validate({"tasks": {"click": {"any": ["expose"]}}})


def test_times_that_are_not_said_are_those_of_events() -> None:
    events = Events(passed_after=timedelta(minutes=30))
    assert ShownSamples().within("click", events) == timedelta(minutes=30)
    assert SAMPLES.settled(events) == timedelta(minutes=30)
    assert SAMPLES.reach(events) == 4
