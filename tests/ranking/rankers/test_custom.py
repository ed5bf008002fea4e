import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from ranking.rankers.custom import Custom
from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson
from ranking.training.judging import auc
from tests.ranking.rankers.worlds import world
from weft.errors import SpecError

OWN = """
import torch
from torch import nn

from ranking.networks.features import Weighed


class Own(nn.Module):
    def __init__(self, layout, dim, scale=1.0):
        super().__init__()
        self.features, self.scale = Weighed(layout, dim), scale

    def forward(self, batch):
        vectors, weights = self.features(batch)
        return weights + self.scale * vectors.sum(1).square().sum(1, keepdim=True)


def wrong(layout, dim):
    return "network"
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution that has two entry points of rankers."""
    (tmp_path / "somebodys_ranker.py").write_text(OWN)
    info = tmp_path / "somebodys_ranker-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somebodys-ranker\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[weft.rankers]\nown = somebodys_ranker:Own\nwrong = somebodys_ranker:wrong\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "somebodys_ranker", raising=False)


def custom(**options: Any) -> Custom:
    found: Custom = TypeAdapter(AnyRanker).validate_python({"type": "custom", **options})
    return found


def test_a_module_of_somebodys_own_learns(installed: None) -> None:
    tiny = world()
    ranker = custom(module="own", options={"scale": 0.5}, dim=4, rate=0.01, batch=256, epochs=6)
    learned = ranker.fit(Lesson(tiny.layout, tiny.learn, tiny.check))
    chances = learned.score(tiny.later.inputs)
    assert auc(chances[:, 0], tiny.later.labels[:, 0]) > 0.75
    loaded = ranker.load(tiny.layout, learned.save())
    np.testing.assert_array_equal(loaded.score(tiny.later.inputs), chances)


def test_what_is_not_installed_is_refused_with_what_is(installed: None) -> None:
    with pytest.raises(ValidationError, match=r"no ranker .* called 'owm'; there are own, wrong"):
        custom(module="owm")


def test_a_dotted_path_is_no_module(installed: None) -> None:
    with pytest.raises(ValidationError, match="called 'somebodys_ranker:Own'"):
        custom(module="somebodys_ranker:Own")


def test_what_gives_no_module_is_named(installed: None) -> None:
    with pytest.raises(SpecError, match=r"somebodys_ranker:wrong gives a str, not a torch\.nn"):
        custom(module="wrong").network(world().layout)


@pytest.mark.parametrize("options", [{}, {"layers": [{"type": "fm"}], "module": "own"}])
def test_either_layers_or_a_module(installed: None, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either `layers` or `module`"):
        custom(**options)


def test_features_are_gone_after_one_vector() -> None:
    with pytest.raises(ValidationError, match="`fm` reads features, and `mlp` before it"):
        custom(layers=[[{"type": "mlp"}, {"type": "fm"}]])


def test_a_branch_of_one_layer_needs_no_list() -> None:
    assert custom(layers=[{"type": "fm"}]) == custom(layers=[[{"type": "fm"}]])
