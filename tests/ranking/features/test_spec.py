from pathlib import Path

import pytest

from graph.catalog import Catalog
from ranking.features.sides import check_features, side_of
from ranking.features.spec import Features
from tests.ranking.features.shop import FEATURES, SHOP, features_of
from weft.errors import SpecError
from weft.spec import Section, read_spec

CATALOG = Catalog.model_validate(
    {
        "item": {
            "category": {"type": "tag", "facet": "category"},
            "colours": {"type": "keyword", "many": True},
            "price": {"type": "number"},
            "priced_at": {"type": "time"},
        },
        "user": {"city": {"type": "keyword"}},
    }
)


class Ranking(Section):
    features: Features = {}


class Root(Section):
    name: str
    catalog: Catalog = Catalog()
    events: dict[str, object] = {}
    recall: dict[str, object] = {}
    scenes: dict[str, object] = {}
    ranking: Ranking = Ranking()


@pytest.mark.parametrize(
    ("feature", "told"),
    [
        (
            "{type: word, of: item.categry}",
            "no word called 'item.categry'; there are",
        ),
        ("{type: word, of: item.colours}", "no word called 'item.colours'"),
        ("{type: number, of: item.city}", "no number called 'item.city'; there are item.price"),
        ("{type: number, of: item.price, dated: yesterday}", "no item time called"),
        ("{type: age, of: item.price}", "no time called 'item.price'; there are item."),
        ("{type: cross, of: [one, other]}", "no feature called 'other'; there are one"),
        ("{type: statistic, of: [item.key], events: [clik]}", "no kind of event called 'clik'"),
        ("{type: number, of: item.price, scale: even}", "input should be 'quantile', 'log'"),
        ("{type: wrod}", "no type called 'wrod'; there are word"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(
    tmp_path: Path, feature: str, told: str
) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(f"{SHOP}ranking:\n  features:\n    one: {feature}\n")
    with pytest.raises(SpecError) as problem:
        read_spec(path, Root)
    assert told in str(problem.value)
    assert "weft.yaml:26:" in str(problem.value)


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("a: {type: word, of: item.brand}", "a: no word called 'item.brand'"),
        ("a: {type: word, of: scene, dated: changed_at}", "a: 'scene' is known when it is asked"),
        (
            "a: {type: word, of: scene, table: b}\nb: {type: position}",
            "a: no other word",
        ),
        (
            "a: {type: cross, of: [b, c]}\nb: {type: word, of: scene}\n"
            "c: {type: number, of: item.price, scale: normal}",
            "a: no word, number in buckets or position called 'c'; there are b",
        ),
        (
            "a: {type: past, by: [b]}\nb: {type: word, of: person.city}",
            "a: no item words are declared",
        ),
        (
            "a: {type: statistic, of: [scene], events: [click], window: 36h, every: 1d}",
            "a: `window` has to be a multiple of `every`",
        ),
    ],
)
def test_features_have_to_fit_each_other(yaml: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^a: ") as problem:
        check_features(features_of(yaml), CATALOG)
    assert told in str(problem.value)


def test_sides_follow_from_what_features_are_of() -> None:
    features = features_of(FEATURES)
    sides = {name: side_of(name, features) for name in features}
    assert {n for n, side in sides.items() if side == "asks"} == {
        "person", "city", "scene", "hour", "past", "active",
    }  # fmt: skip
    assert {n for n, side in sides.items() if side == "pairs"} == {"own", "here", "fits"}
    assert {n for n, side in sides.items() if side == "bias"} == {"position", "shelf"}
