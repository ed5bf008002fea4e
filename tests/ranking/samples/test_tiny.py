"""A few events, for which every right row is obvious."""

from datetime import timedelta

import pytest

from ranking.samples.reading import read_split
from ranking.samples.spec import ShownSamples
from tests.ranking.samples.joining import EVENTS, FAR, LONG_AGO, Shop, after, did, page
from weft.errors import BuildError

RED, BLUE, OLD, CUP, NEW = "red-dress", "blue-dress", "old-dress", "blue-cup", "new-cup"
ALL = [RED, BLUE, OLD, CUP, NEW]
HISTORY = {"history": "2000d"}
PLAIN = ShownSamples.model_validate(HISTORY)
WHOLE = ShownSamples.model_validate({**HISTORY, "negatives": "all"})
BOTH = ShownSamples.model_validate(
    {
        **HISTORY,
        "negatives": "all",
        "tasks": {
            "purchase": {"any": ["purchase"], "within": "3d"},
            "click": {"any": ["click"]},
        },
    }
)


def test_a_row_says_who_was_shown_what_when_and_where(shop: Shop) -> None:
    shop.come(*page([RED, CUP], 0), did("click", CUP, 30))
    shop.keep(WHOLE)
    found = shop.read(WHOLE)
    assert shop.told(found) == [("ann", RED, 0), ("ann", CUP, 1)]
    assert found.times.tolist() == [after(0).timestamp(), after(1).timestamp()]
    assert found.groups.tolist() == [0, 0]
    assert found.traces == ("t1",)
    assert (found.scene_names, found.scenes.tolist()) == (("home",), [0, 0])
    assert found.positions.tolist() == [0, 1]
    assert found.tasks == ("click",)


def test_unanswered_rows_below_the_last_click_are_left_out(shop: Shop) -> None:
    shop.come(*page(ALL, 0), did("click", BLUE, 30), did("click", CUP, 20))
    shop.keep(PLAIN)
    wanted = [("ann", RED, 0), ("ann", BLUE, 1), ("ann", OLD, 0), ("ann", CUP, 1)]
    assert shop.told(shop.read(PLAIN)) == wanted
    assert len(shop.read(WHOLE)) == len(ALL)


def test_what_becomes_of_a_request_without_any_click_is_declared(shop: Shop) -> None:
    shop.come(*page(ALL, 0), *page([RED], 60, "t2"), did("click", RED, 65, "t2"))
    shop.keep(PLAIN)
    assert len(shop.read(PLAIN)) == 6
    dropped = PLAIN.model_copy(update={"unclicked": "drop"})
    assert shop.told(shop.read(dropped)) == [("ann", RED, 1)]


def test_a_purchase_without_a_click_counts_wherever_it_stood(shop: Shop) -> None:
    above = BOTH.model_copy(update={"negatives": "above_last_click"})
    shop.come(*page(ALL, 0), did("click", RED, 5), did("purchase", CUP, 999))
    shop.keep(above)
    assert shop.told(shop.read(above)) == [("ann", RED, 0, 1), ("ann", CUP, 1, 0)]


def test_each_task_has_a_time_of_its_own(shop: Shop) -> None:
    hour, days = 3600, 3 * 86_400
    shop.come(
        *page([RED, BLUE, OLD, CUP], 0),
        did("click", RED, hour), did("click", BLUE, hour + 2),
        did("purchase", OLD, days), did("purchase", CUP, days + 4),
    )  # fmt: skip
    shop.keep(BOTH)
    assert shop.told(shop.read(BOTH)) == [
        ("ann", RED, 0, 1), ("ann", BLUE, 0, 0), ("ann", OLD, 1, 0), ("ann", CUP, 0, 0),
    ]  # fmt: skip


def test_an_answer_belongs_to_its_trace(shop: Shop) -> None:
    shop.come(*page([RED], 0, "t1"), *page([RED], 60, "t2"), did("click", RED, 90, "t1"))
    shop.keep(WHOLE)
    found = shop.read(WHOLE)
    assert (found.labels[:, 0].tolist(), found.traces) == ([1, 0], ("t1", "t2"))


@pytest.mark.parametrize(("credit", "labels"), [("last", [0, 1, 0]), ("every", [1, 1, 0])])
def test_an_answer_without_trace_answers_what_was_shown_last(
    shop: Shop, credit: str, labels: list[int]
) -> None:
    samples = WHOLE.model_copy(update={"credit": credit})
    shop.come(*page([RED], 0, "t1"), *page([RED], 300, None), *page([RED], 900, "t3"))
    shop.come(did("click", RED, 600, None))
    shop.keep(samples)
    assert shop.read(samples).labels[:, 0].tolist() == labels


def test_exposures_without_trace_are_a_request_until_a_pause(shop: Shop) -> None:
    shop.come(*page([RED, BLUE], 0, None), *page([RED, CUP], 300, None))
    shop.come(*page([OLD], 301, None, scene="cheap"), *page([OLD], 301, None, person="bob"))
    shop.come(did("click", RED, 310, None))
    shop.keep(PLAIN)
    found = shop.read(PLAIN)
    assert shop.told(found) == [
        ("ann", RED, 0), ("ann", BLUE, 0), ("ann", RED, 1), ("ann", OLD, 0), ("bob", OLD, 0),
    ]  # fmt: skip
    assert found.groups.tolist() == [0, 0, 1, 2, 3]
    assert found.traces == (None,) * 4


def test_an_item_twice_in_a_request_is_one_row(shop: Shop) -> None:
    shop.come(*page([RED, BLUE, RED], 0), did("click", RED, 9))
    shop.keep(WHOLE)
    assert shop.told(shop.read(WHOLE)) == [("ann", RED, 1), ("ann", BLUE, 0)]


def test_places_follow_positions_and_not_the_order_of_arrival(shop: Shop) -> None:
    low = {"kind": "expose", "item": CUP, "at": 0, "trace": "t1", "position": 7}
    shop.come(low, *page([RED, BLUE], 5), did("click", BLUE, 30))
    shop.keep(PLAIN)
    assert shop.told(shop.read(PLAIN)) == [("ann", RED, 0), ("ann", BLUE, 1)]


@pytest.mark.parametrize(("skew", "label"), [("1m", 1), (None, 0)])
def test_clocks_may_differ_within_a_trace(shop: Shop, skew: str | None, label: int) -> None:
    samples = ShownSamples.model_validate({**HISTORY, "skew": skew})
    shop.come(*page([RED], 100), did("click", RED, 70))
    shop.keep(samples)
    assert shop.read(samples).labels[:, 0].tolist() == [label]


def test_what_was_never_shown_is_no_row_and_is_counted(shop: Shop) -> None:
    shop.come(*page([RED], 0), did("click", CUP, 5), did("click", RED, 6), did("cart", RED, 7))
    made = shop.keep(WHOLE)
    assert shop.told(shop.read(WHOLE)) == [("ann", RED, 1)]
    assert (made.metrics["deeds"], made.metrics["stray"]) == (2, 1)


def test_what_comes_later_is_not_seen_before(shop: Shop) -> None:
    shop.come(*page([RED, BLUE], 0), did("click", BLUE, 3500), did("purchase", RED, 86_400))
    shop.keep(BOTH)
    assert shop.told(shop.read(BOTH, after(86_399))) == [("ann", RED, 0, 0), ("ann", BLUE, 0, 1)]
    assert shop.told(shop.read(BOTH, after(86_400))) == [("ann", RED, 1, 0), ("ann", BLUE, 0, 1)]
    young = shop.read(BOTH, after(3600))
    assert shop.told(young) == [("ann", RED, 0, 0)]  # what is younger than an hour may be clicked
    soon = BOTH.model_copy(update={"settled_after": timedelta(minutes=1)})
    assert shop.told(shop.read(soon, after(61))) == [("ann", RED, 0, 0), ("ann", BLUE, 0, 0)]


def test_how_far_somebody_looked_follows_from_what_was_known(shop: Shop) -> None:
    eager = PLAIN.model_copy(update={"settled_after": timedelta(seconds=10)})
    shop.come(*page(ALL, 0), did("click", BLUE, 30), did("click", CUP, 300))
    shop.keep(eager)
    assert [item for _, item, _ in shop.told(shop.read(eager, after(60)))] == [RED, BLUE]
    assert [item for _, item, _ in shop.told(shop.read(eager, after(300)))] == [RED, BLUE, OLD, CUP]


def test_a_late_conversion_updates_its_row(shop: Shop) -> None:
    shop.come(*page([RED, BLUE], 0), did("click", RED, 9))
    shop.keep(BOTH)
    assert shop.told(shop.read(BOTH)) == [("ann", RED, 0, 1), ("ann", BLUE, 0, 0)]
    shop.come(did("purchase", RED, 2 * 86_400))
    made = shop.keep(BOTH)
    assert made.metrics["renewed"] == 2
    assert shop.told(shop.read(BOTH)) == [("ann", RED, 1, 1), ("ann", BLUE, 0, 0)]


def test_only_days_whose_events_changed_are_made_anew(shop: Shop) -> None:
    day = 86_400
    for place in range(10):
        shop.come(*page([RED], place * day, f"t{place}"))
    assert shop.keep(BOTH).metrics["renewed"] == 10
    assert shop.keep(BOTH).metrics["renewed"] == 0
    shop.come(did("purchase", RED, 7 * day, "t6"))
    assert (
        shop.keep(BOTH).metrics["renewed"] == 7
    )  # a purchase counts for three days, clocks differ
    assert shop.read(BOTH).labels[:, 0].tolist() == [0] * 6 + [1] + [0] * 3


def test_days_that_are_too_old_are_dropped_and_come_back(shop: Shop) -> None:
    shop.come(*page([RED], 0), *page([BLUE], 10 * 86_400, "t2"))
    short = BOTH.model_copy(update={"history": timedelta(days=5)})
    shop.keep(BOTH, after(11 * 86_400))
    shop.keep(short, after(11 * 86_400))
    assert [row[1] for row in shop.told(shop.read(short))] == [BLUE]
    shop.keep(BOTH, after(11 * 86_400))
    assert [row[1] for row in shop.told(shop.read(BOTH))] == [RED, BLUE]


def test_rows_joined_in_another_way_are_refused(shop: Shop) -> None:
    with pytest.raises(BuildError, match="never joined"):
        shop.read(PLAIN)
    shop.come(*page([RED], 0))
    shop.keep(PLAIN)
    with pytest.raises(BuildError, match="not as the spec says"):
        shop.read(BOTH)
    assert len(shop.read(WHOLE)) == 1  # which rows count is decided by who reads


def test_the_earlier_part_knows_nothing_of_later_answers(shop: Shop) -> None:
    day = 86_400
    shop.come(*page([RED], 0, "t1"), *page([RED], 2 * day, "t2"))
    shop.come(did("purchase", RED, 2 * day - 1, "t1"), did("purchase", RED, 2 * day + 9, "t2"))
    shop.keep(BOTH)
    with shop.engine.connect() as connection:
        moments = (LONG_AGO, after(day), FAR)
        earlier, later = read_split(connection, BOTH, EVENTS, moments)
    assert (shop.told(earlier), shop.told(later)) == ([("ann", RED, 0, 0)], [("ann", RED, 1, 0)])


def test_analysts_see_what_counts_and_why(shop: Shop) -> None:
    shop.come(*page(ALL[:3], 0), did("click", BLUE, 30), did("purchase", BLUE, 90))
    shop.keep(BOTH.model_copy(update={"negatives": "above_last_click"}), after(7200))
    found = shop.ask("SELECT item, use, answers FROM live.labelled ORDER BY place")
    assert [(shop.items[i], use, sorted(answers)) for i, use, answers in found] == [
        (RED, "sample", []), (BLUE, "sample", ["click", "purchase"]), (OLD, "below", []),
    ]  # fmt: skip
