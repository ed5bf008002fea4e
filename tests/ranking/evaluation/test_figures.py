from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ranking.evaluation.exam import Exam
from ranking.evaluation.figures import figures_of
from ranking.evaluation.plots import draw_plots
from recall.evaluation.figures import Figure

ROWS, PERSONS = 3_000, 60


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    draws = np.random.default_rng(5)
    persons = draws.integers(0, PERSONS, ROWS)
    truth = draws.random(ROWS)
    labels = (draws.random(ROWS) < truth).astype(np.float32)[:, None]
    chances = {
        "knows": truth.astype(np.float32)[:, None],
        "guesses": draws.random((ROWS, 1)).astype(np.float32),
    }
    exam = Exam(
        persons.astype(np.int64),
        np.arange(ROWS) // 10,
        (persons % 2).astype(np.int32),
        ("home", "sale"),
        (persons % 3).astype(np.int32),
        ("cold", "light", "heavy"),
        labels,
        ("click",),
        chances,
    )
    return figures_of(exam)


def one(figures: list[Figure], **wanted: str) -> Figure:
    usual = {"scene": "all", "who": "all"} | wanted
    return next(f for f in figures if all(getattr(f, k) == v for k, v in usual.items()))


def test_who_knows_is_told_from_who_guesses(figures: list[Figure]) -> None:
    knows = one(figures, source="knows", measure="click.gauc")
    guesses = one(figures, source="guesses", measure="click.gauc")
    assert knows.low > 0.75
    assert guesses.low < 0.5 < guesses.high


def test_two_rankers_are_compared_on_the_same_draws(figures: list[Figure]) -> None:
    apart = one(figures, kind="pair", source="knows", measure="click.auc - guesses")
    back = one(figures, kind="pair", source="guesses", measure="click.auc - knows")
    assert apart.low > 0.2
    assert (back.value, back.high) == pytest.approx((-apart.value, -apart.low))


def test_every_scene_and_group_has_its_figures(figures: list[Figure]) -> None:
    measured = {(f.scene, f.who) for f in figures if f.measure == "click.ndcg@5"}
    assert measured == {
        ("all", "all"),
        ("home", "all"),
        ("sale", "all"),
        ("all", "cold"),
        ("all", "light"),
        ("all", "heavy"),
    }


def test_who_knows_is_calibrated(figures: list[Figure]) -> None:
    measure = "click.calibration error"
    assert one(figures, source="knows", measure=measure).value < 0.04
    assert one(figures, source="guesses", measure=measure).value > 0.1


def test_plots_are_pictures(figures: list[Figure], tmp_path: Path) -> None:
    files = draw_plots(tmp_path / "plots", figures)
    assert [file.name for file in files] == ["click-calibration.svg", "click-gauc.svg"]
    for file in files:
        text = "".join(ElementTree.fromstring(file.read_text()).itertext())
        assert "knows" in text
