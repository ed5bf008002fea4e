"""Where a shop sends clicks alone."""

from datetime import timedelta

import numpy as np

from ranking.samples.drawing import SECONDS, Offers, draw
from ranking.samples.spec import Drawn, ShownSamples
from tests.ranking.samples.joining import Shop, did
from tests.ranking.samples.rows import labelled_of

RED, BLUE, CUP = "red-dress", "blue-dress", "blue-cup"
CLICKS = ShownSamples.model_validate(
    {
        "source": "clicks",
        "history": "2000d",
        "tasks": {"click": {"any": ["click"]}, "purchase": {"any": ["purchase"], "within": "3d"}},
        "drawn": {"count": 3},
    }
)


def test_a_click_is_a_row_and_its_negatives_stand_beside_it(shop: Shop) -> None:
    shop.come(
        did("click", RED, 0, None), did("click", RED, 20, None), did("purchase", RED, 900, None),
        did("click", CUP, 400, "t9", person="bob"), did("click", BLUE, 2, None, person="cat"),
    )  # fmt: skip
    shop.keep(CLICKS)
    found = shop.read(CLICKS)
    rows = shop.told(found)
    clicked = [row for row in rows if row[2]]
    assert clicked == [("ann", RED, 1, 1), ("cat", BLUE, 1, 0), ("bob", CUP, 1, 0)]
    assert set(found.positions.tolist()) == {-1}
    assert found.traces == (None, None, "t9")
    assert np.bincount(found.groups).max() <= 4
    drawn = [row for row in rows if not row[2]]
    assert drawn
    assert all(not row[3] for row in drawn)
    liked = {row[:2] for row in clicked}
    assert not liked & {row[:2] for row in drawn}
    assert bool((np.diff(found.times) >= 0).all())


def test_the_same_is_drawn_again(shop: Shop) -> None:
    shop.come(*(did("click", RED, 100 * n, None, person="bob") for n in range(9)))
    shop.come(*(did("click", item, 500, None, person="cat") for item in (BLUE, CUP)))
    shop.keep(CLICKS)
    assert shop.told(shop.read(CLICKS)) == shop.told(shop.read(CLICKS))


def test_a_purchase_without_a_click_is_counted_as_lost(shop: Shop) -> None:
    shop.come(did("click", RED, 0, None), did("purchase", CUP, 60, None))
    made = shop.keep(CLICKS)
    assert (made.metrics["rows"], made.metrics["stray"]) == (1, 1)


def test_draws_follow_clicks_of_the_days_before() -> None:
    clicks = labelled_of([(1, 0, 10.5 * SECONDS)] * 20_000)
    offers = Offers(
        np.arange(4),
        np.zeros(4),
        np.full(4, np.inf),
        np.array([9, 9, 10, 2]),
        np.array([1, 2, 2, 2]),
        np.array([16.0, 81.0, 1e9, 1e9]),
    )
    drawn = Drawn(count=1, power=0.75, over=timedelta(days=7))
    of, items = draw(clicks, offers, drawn)
    shares = np.bincount(items, minlength=4) / len(items)
    assert len(of) == len(clicks)
    assert np.abs(shares - np.array([0, 8, 27, 1]) / 36).max() < 0.015


def test_only_what_is_on_offer_at_the_moment_is_drawn() -> None:
    noon = 10.5 * SECONDS
    clicks = labelled_of([(1, 0, noon)] * 100)
    begins = np.array([0, noon - 1, noon + 1, 0, noon])
    ends = np.array([np.inf, np.inf, np.inf, noon, noon + 1])
    none = np.zeros(0, np.int64)
    offers = Offers(np.arange(5), begins, ends, none, none, np.zeros(0))
    _, items = draw(clicks, offers, Drawn(count=8))
    assert set(items.tolist()) == {1, 4}


def test_where_nothing_else_is_on_offer_nothing_is_drawn() -> None:
    clicks = labelled_of([(1, 0, 5.0)])
    none = np.zeros(0, np.int64)
    offers = Offers(np.zeros(1, np.int64), np.zeros(1), np.ones(1) * 9, none, none, np.zeros(0))
    of, items = draw(clicks, offers, Drawn())
    assert (len(of), len(items)) == (0, 0)
