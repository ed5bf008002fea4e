from collections import Counter
from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from tests.world.living_shop import answered, shop

ORDER = ["expose", "click", "cart", "coupon", "purchase"]
COLUMNS = ["id", "time", "kind", "person", "item", "scene", "position", "keyword", "trace"]


def share(part: str, whole: str) -> float:
    counts = Counter(shop().events["kind"])
    return counts[part] / counts[whole]


def test_events_have_flat_columns_whose_keys_resolve() -> None:
    events = shop().events
    assert events.columns == COLUMNS
    assert events["id"].is_unique().all()
    assert set(events["person"]) <= set(shop().users["key"])
    assert set(events["item"].drop_nulls()) <= set(shop().items["key"])
    assert set(events["kind"]) == {*ORDER, "collect", "search"}
    assert set(events["scene"]) == {"home", "search", "category", "luxury", "brands"}


def test_events_stand_in_order_of_time() -> None:
    assert shop().events["time"].is_sorted()
    assert shop().events["id"].is_sorted()


def test_nothing_happens_after_the_end() -> None:
    end = shop().summary["end"]
    assert shop().events["time"].dt.epoch("s").max() < end
    assert shop().items["published_at"].dt.epoch("s").max() < end
    live = shop().items.filter(business="auction")["expires_at"].dt.epoch("s")
    assert (live > end).sum() > 3


def test_only_live_items_are_shown() -> None:
    shown = shop().events.filter(kind="expose").join(shop().items, left_on="item", right_on="key")
    assert (shown["time"] >= shown["published_at"]).all()
    assert (shown["time"] < shown["expires_at"]).all()


def test_a_request_shows_ten_to_twenty_items_once() -> None:
    shown = shop().events.filter(kind="expose")
    sizes = shown.group_by("trace").len()["len"]
    assert 10 <= sizes.mean() <= 16
    assert sizes.max() <= 20
    assert not shown.select("trace", "item").is_duplicated().any()
    assert not shown.select("trace", "position").is_duplicated().any()


def test_what_follows_shares_the_trace() -> None:
    people = shop().events.group_by("trace").agg(pl.col("person", "scene").n_unique())
    assert (people["person"] == 1).all()
    assert (people["scene"] == 1).all()


@pytest.mark.parametrize(("first", "then"), list(pairwise(ORDER)))
def test_the_funnel_narrows(first: str, then: str) -> None:
    assert 0.02 < share(then, first) < 0.75


def test_each_step_follows_the_one_before() -> None:
    events = shop().events.select("trace", "item", "kind", "time")
    clicks = events.filter(kind="click")
    for kind in ("click", "collect", "cart", "purchase"):
        before = events.filter(kind="expose") if kind == "click" else clicks
        pairs = events.filter(kind=kind).join(before, on=["trace", "item"], how="left")
        assert (pairs["time"] > pairs["time_right"]).all(), kind


def test_rates_are_those_of_a_shop() -> None:
    assert 0.05 < share("click", "expose") < 0.10
    assert 0.03 < share("purchase", "click") < 0.08


def test_the_position_curve_is_found_in_the_randomised_slice() -> None:
    seen = answered("click").filter(scene="home")
    chance = seen.join(shop().randomised, on="trace", how="semi")
    assert 0.03 < len(chance) / len(seen) < 0.07
    assert steepness(chance) == pytest.approx(steepness_of_truth(), rel=0.3)


def test_the_log_alone_makes_position_look_stronger() -> None:
    ranked = answered("click").filter(scene="home").join(shop().randomised, on="trace", how="anti")
    assert steepness(ranked) < 0.75 * steepness_of_truth()


def steepness(seen: pl.DataFrame) -> float:
    """Click rate of places 6–11 against places 0–2."""
    top = seen.filter(pl.col("position") < 3)["done"].mean()
    return seen.filter(pl.col("position").is_between(6, 11))["done"].mean() / top


def steepness_of_truth() -> float:
    curve = shop().scenes["home"]
    return float(np.mean(curve[6:12]) / np.mean(curve[:3]))


def test_scenes_have_curves_of_their_own() -> None:
    curves = list(shop().scenes.values())
    assert all(curve[0] == 1 and curve == sorted(curve, reverse=True) for curve in curves)
    assert len({curve[5] for curve in curves}) == len(curves)


def test_buying_has_other_reasons_than_clicking() -> None:
    bait = {row["key"]: row["bait"] for row in shop().true_items}
    usual = {
        kind: np.mean([bait[item] for item in shop().events.filter(kind=kind)["item"]])
        for kind in ("expose", "click", "purchase")
    }
    assert usual["click"] > usual["expose"] + 0.05
    assert usual["purchase"] < usual["click"] - 0.15


def test_exposures_lean_towards_what_is_popular() -> None:
    pull = {row["key"]: row["pull"] for row in shop().true_items}
    shown = np.mean([pull[item] for item in shop().events.filter(kind="expose")["item"]])
    assert shown > 1.3 * np.mean(list(pull.values()))


def test_luxury_shows_dear_things_only() -> None:
    shown = shop().events.filter(scene="luxury").join(shop().items, left_on="item", right_on="key")
    assert shown["price"].min() >= 2000


def test_searches_use_words_the_shop_knows_and_others() -> None:
    searches = shop().events.filter(kind="search")
    assert searches["keyword"].null_count() == searches["item"].len() - searches["keyword"].len()
    assert searches["item"].null_count() == len(searches)
    assert shop().events.filter(pl.col("kind") != "search")["keyword"].null_count() > 0
    words = Counter(word for text in searches["keyword"] for word in {text, *text.split()})
    hidden = {w for tag in shop().tags for w in (*tag["zh_hidden"], *tag["en_hidden"])}
    withheld = {row["word"] for row in shop().words["withheld"]}
    known = {label for tag in shop().tags for label in (tag["zh"], tag["en"]) if label}
    assert sum(words[w] for w in known) > 0.5 * len(searches)
    assert sum(words[w] for w in hidden) > 0.02 * len(searches)
    assert sum(words[w] for w in withheld) > 5


def test_searches_are_answered() -> None:
    searches = shop().events.filter(kind="search").select("trace")
    shown = shop().events.filter(kind="expose").select("trace").unique()
    assert len(searches.join(shown, on="trace", how="semi")) > 0.98 * len(searches)


def test_themes_come_and_go() -> None:
    theme = {row["key"]: row["tags"].get("theme") for row in shop().true_items}
    rising = [key for key, curve in shop().drift["themes"].items() if max(curve) > 1.8 * min(curve)]
    assert len(rising) > 3
    shown = (
        shop()
        .events.filter(kind="expose")
        .with_columns(day=pl.col("time").dt.offset_by("8h").dt.date())
    )
    days = sorted(shown["day"].unique())
    daily = [Counter(theme[i] for i in shown.filter(day=day)["item"]) for day in days]
    matched = [
        np.corrcoef([d[key] / d.total() for d in daily], shop().drift["themes"][key])[0, 1]
        for key in rising
    ]
    assert np.median(matched) > 0.4


def test_days_and_hours_are_uneven() -> None:
    hours = Counter(shop().events["time"].dt.offset_by("8h").dt.hour())
    assert hours[21] > 4 * hours[4]


def test_itemcf_beats_popular_and_taste_beats_itemcf() -> None:
    clicks = shop().events.filter(kind="click").select("person", "item", "time")
    cut = clicks["time"].max() - timedelta(days=3)
    known = matrix(clicks.filter(pl.col("time") < cut))
    asked = matrix(clicks.filter(pl.col("time") >= cut)) * (known == 0)
    popular = np.broadcast_to(known.sum(axis=0), known.shape)
    rates = [hit_rate(scores, known, asked) for scores in (popular, itemcf(known), true_taste())]
    assert rates[1] > 1.5 * rates[0]
    assert rates[2] > 1.1 * rates[1]


def matrix(clicks: pl.DataFrame) -> np.ndarray:
    rows, columns = ([int(key[1:], 36) for key in clicks[name]] for name in ("person", "item"))
    filled = np.zeros((len(shop().users), len(shop().items)), np.float32)
    filled[rows, columns] = 1
    return filled


def itemcf(known: np.ndarray) -> np.ndarray:
    """Cosine over clicks, active people counting less."""
    weighted = known / np.log(2 + known.sum(axis=1, keepdims=True))
    norm = 1 / np.sqrt(1 + known.sum(axis=0))
    together = (weighted.T @ known) * norm * norm[:, None]
    np.fill_diagonal(together, 0)
    return known @ together


def true_taste() -> np.ndarray:
    """How many facets of an interest an item meets, within its category."""
    facets = ("category", "theme", "brand", "style")
    items = {f: np.array([row["tags"].get(f) or "" for row in shop().true_items]) for f in facets}
    rows = []
    for user in shop().true_users:
        best = np.zeros(len(shop().items))
        for interest in user["interests"]:
            met = sum((items[f] == (interest[f] or "-")) for f in facets[1:])
            best = np.maximum(
                best, interest["weight"] * (items["category"] == interest["category"]) * (1 + met)
            )
        rows.append(best)
    return np.array(rows)


def hit_rate(scores: np.ndarray, known: np.ndarray, asked: np.ndarray, top: int = 30) -> float:
    """The share of people one of whose later clicks is among the first."""
    fresh = np.where(known > 0, -np.inf, scores + 1e-6 * known.sum(axis=0))
    best = np.argpartition(-fresh, top, axis=1)[:, :top]
    people = (known.sum(axis=1) > 0) & (asked.sum(axis=1) > 0)
    return float((np.take_along_axis(asked, best, axis=1).sum(axis=1) > 0)[people].mean())
