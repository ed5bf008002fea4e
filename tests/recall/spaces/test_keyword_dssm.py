import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from graph.graph import Floats
from recall.spaces.keyword_dssm import KeywordDSSM
from recall.spaces.trained import Deeds, Lesson, Samples
from recall.spelling.reading import TextReader
from recall.units.placing import Units
from tests.recall.spaces.test_item_unit import SIZE, lesson, nearest
from weft.errors import BuildError

OPTIONS = {"dim": 8, "steps": 80, "batch": 64, "negatives": 16, "buckets": 4096}


def read_lesson(pretrained: Floats | None = None) -> Lesson:
    titles = [["wool scarf 暖围巾"]] * SIZE + [["porcelain mug 马克杯"]] * SIZE
    labels = [["scarf", "围巾"], ["mug", "杯子"], ["thing"]]
    told = replace(lesson(), texts={"item": titles, "tag": labels})
    if pretrained is None:
        return told
    none = np.zeros(0, np.int32), np.zeros(0, np.float64), np.zeros(0, np.float32)
    deeds = Deeds(np.zeros(1, np.int64), none[0], none[1], none[2], none[0])
    shown = np.zeros(2 * SIZE, np.float32)
    return replace(told, samples=Samples(deeds, shown, pretrained=pretrained))


def space(**more: object) -> KeywordDSSM:
    options = {"units": ["tagged"], "fits": ["tagged"], **OPTIONS, **more}
    return KeywordDSSM.model_validate({"type": "keyword-dssm", **options})


@cache
def learned() -> Units:
    return space().fit(read_lesson())


@cache
def reader() -> TextReader:
    return space().reader(learned().save())


def finds(text: str) -> list[bool]:
    """Tell of the nearest items whether they are scarves."""
    found = nearest(reader().read(text), learned().vectors["item"])
    return [bool(item < SIZE) for item in found[0]]


@pytest.mark.parametrize("text", ["scarf", "Wool  SCARVES", "围巾", "woolen", "scarff"])
def test_words_find_what_they_are_about_even_if_never_seen(text: str) -> None:
    assert all(finds(text))


@pytest.mark.parametrize("text", ["mug", "马克", "porcelains", "杯子"])
def test_other_words_find_other_things(text: str) -> None:
    assert not any(finds(text))


def test_what_has_no_known_piece_is_nowhere() -> None:
    assert reader().read("✂").shape == (0, 8)
    assert reader().read("").shape == (0, 8)


def test_tags_are_in_the_same_space() -> None:
    vectors = learned().vectors
    assert vectors["tag"].shape == (3, 8)
    assert (nearest(vectors["tag"][:1], vectors["item"]) < SIZE).all()


def test_vectors_of_another_space_are_carried_over() -> None:
    start = np.zeros((2 * SIZE, 4), np.float32)
    start[:SIZE, 0], start[SIZE:, 1] = 1, 1
    made = space(units=[], ids=True, item="unit").fit(read_lesson(start))
    assert made.tower.other is not None
    found = space().reader(made.save()).read("scarf")
    assert (nearest(found, made.vectors["item"]) < SIZE).all()


def test_it_starts_from_the_space_that_it_names() -> None:
    assert (space().samples(), space().start_from()) == (False, None)
    assert (space(item="unit").samples(), space(item="unit").start_from()) == (True, "unit")


def test_reading_takes_no_torch() -> None:
    code = "import sys, recall.spelling.reading; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_keywords_and_tags_fit_items() -> None:
    with pytest.raises(BuildError, match="fits: 'liked' ties persons and items"):
        space(fits=["liked"]).fit(read_lesson())
