"""Benches change the demo shop's spec; what they make of it has to be a right spec."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.spec import Spec
from bench import ablation_shop, keyword_world, recall_shop, spaces

LIKES = {"likes": {"type": "linear", "over": ["liked"]}}


@pytest.mark.parametrize(
    "shop",
    [
        lambda home: spaces.spec_of(home, list(spaces.ALL)),
        lambda home: ablation_shop.shop_of(home, LIKES),
        keyword_world.spec_of,
        recall_shop.shop,
    ],
    ids=["spaces", "ablations", "keyword", "recall"],
)
def test_the_shop_of_a_bench_is_a_right_spec(shop: Callable[[Path], Spec], tmp_path: Path) -> None:
    spec = shop(tmp_path)
    assert spec.spaces
    assert spec.recall.channels
