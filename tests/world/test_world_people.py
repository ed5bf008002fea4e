from datetime import timedelta

import polars as pl

from tests.world.living_shop import shop


def test_users_have_flat_columns() -> None:
    users = shop().users
    assert users.columns == ["key", "city", "device", "joined_at"]
    assert users["key"].is_unique().all()
    assert users["city"].n_unique() > 15
    assert users["device"].n_unique() == 4


def test_some_users_are_brand_new_with_little_history() -> None:
    end = shop().events["time"].max()
    fresh = shop().users.filter(pl.col("joined_at") > end - timedelta(days=3))
    clicks = shop().events.filter(kind="click").group_by("person").len()
    held = fresh.join(clicks, left_on="key", right_on="person", how="left")["len"].fill_null(0)
    assert 0.03 < len(fresh) / len(shop().users) < 0.15
    assert (held == 0).sum() > 5
    assert held.mean() < clicks["len"].mean() / 2


def test_nobody_acts_before_joining() -> None:
    events = shop().events.join(shop().users, left_on="person", right_on="key")
    assert (events["time"] >= events["joined_at"]).all()


def test_users_hold_one_to_four_interests() -> None:
    held = [len(user["interests"]) for user in shop().true_users]
    assert set(held) == {1, 2, 3, 4}
    weights = [i["weight"] for user in shop().true_users for i in user["interests"]]
    assert 0 < min(weights) <= max(weights) <= 1


def test_interests_name_real_tags() -> None:
    keys = {tag["key"] for tag in shop().tags} | {None}
    interests = [i for user in shop().true_users for i in user["interests"]]
    assert {
        i[facet] for i in interests for facet in ("category", "theme", "brand", "style")
    } <= keys


def test_some_interests_begin_or_end_on_the_way() -> None:
    interests = [i for user in shop().true_users for i in user["interests"]]
    assert sum(i["since"] > 0 for i in interests) > 20
    assert sum(i["until"] < shop().summary["days"] for i in interests) > 20


def test_people_click_what_they_like() -> None:
    likes = {u["key"]: {i["category"] for i in u["interests"]} for u in shop().true_users}
    category = dict(shop().items.select("key", "category").iter_rows())
    shares = {
        kind: [category[item] in likes[person] for person, item in rows.iter_rows()]
        for kind in ("expose", "click")
        for rows in [shop().events.filter(kind=kind).select("person", "item")]
    }
    shown, clicked = (sum(hits) / len(hits) for hits in shares.values())
    assert clicked > 1.4 * shown
