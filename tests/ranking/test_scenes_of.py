"""Scenes of items and scenes of tags are told apart, whatever they inherit."""

import pytest

from ranking.scenes import Of, Scene, filled, insist_on_items, of_items
from weft.errors import BadRequest

SCENES = {
    "home": Scene(recall=["popular"]),
    "brands": Scene(extends="home", of=Of(facet="brand")),
    "dear": Scene(extends="brands", where={}),
    "kinds": Scene(extends="brands", of=Of(facet="category", examples=1)),
}


def test_only_scenes_of_items_are_named() -> None:
    assert of_items(SCENES) == ["home"]
    assert filled(SCENES, "dear").of == Of(facet="brand")
    assert filled(SCENES, "kinds").of == Of(facet="category", examples=1)


def test_a_scene_of_tags_says_what_to_ask() -> None:
    insist_on_items(SCENES, "home")
    insist_on_items(SCENES, "unknown")
    with pytest.raises(BadRequest, match="'dear' recommends tags of the facet 'brand'"):
        insist_on_items(SCENES, "dear")
