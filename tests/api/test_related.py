"""What has to do with tags and keywords, and why."""

from typing import Any

import pytest

from tests.api.shop import Face

TAGS = """query ($tag: ID!, $first: Int = 20) { relatedTags(tag: $tag, first: $first) {
    tag { key facet } score reasons { kind weight } } }"""
KEYWORDS = """query ($keyword: String, $tag: ID, $first: Int = 20) {
    relatedKeywords(keyword: $keyword, tag: $tag, first: $first) {
        keyword { id text titles queries } score reasons { kind weight } } }"""


def tags(face: Face, tag: str, **more: Any) -> dict[str, Any]:
    found = face.ask(TAGS, tag=tag, **more)["relatedTags"]
    return {one["tag"]["key"]: one for one in found}


def words(face: Face, **asked: Any) -> dict[str, Any]:
    found = face.ask(KEYWORDS, **asked)["relatedKeywords"]
    return {one["keyword"]["text"]: one for one in found}


def kinds(one: Any) -> set[str]:
    return {reason["kind"] for reason in one["reasons"]}


def test_tags_have_to_do_with_each_other_for_reasons(boutique: Face) -> None:
    found = tags(boutique, "dress")
    assert next(iter(found)) == "acme"
    assert {"kin", "space walks", "space flat"} <= kinds(found["acme"])
    assert "broader" in kinds(found["wear"])
    assert "narrower" in kinds(tags(boutique, "wear")["dress"])
    assert "dress" not in found
    scores = [one["score"] for one in found.values()]
    assert scores == sorted(scores, reverse=True)
    assert all(reason["weight"] > 0 for one in found.values() for reason in one["reasons"])


def test_as_many_as_are_asked_for_come(boutique: Face) -> None:
    assert len(tags(boutique, "dress", first=1)) == 1
    assert boutique.code(TAGS, tag="dress", first=101) == "BAD_REQUEST"


def test_a_tag_that_nothing_has_has_nothing_to_do_with_others(boutique: Face) -> None:
    assert "kin" not in {kind for one in tags(boutique, "silent").values() for kind in kinds(one)}


def test_keywords_of_a_tag_are_those_that_mean_it_or_stand_with_it(boutique: Face) -> None:
    found = words(boutique, tag="acme")
    assert {"acme", "dress"} <= set(found)
    assert found["acme"]["keyword"]["titles"] == 4
    assert any("worded" in kind or kind == "means" for kind in kinds(found["acme"]))


def test_keywords_stand_with_keywords_in_whatever_form(boutique: Face) -> None:
    found = words(boutique, keyword="Dresses")
    assert "acme" in found
    assert "dress" not in found
    assert "worded" in kinds(found["acme"])


@pytest.mark.parametrize(("asked", "code"), [
    ({"keyword": "xylophone"}, "NOT_FOUND"),
    ({"keyword": "  "}, "BAD_REQUEST"),
    ({"tag": "ghost"}, "NOT_FOUND"),
    ({}, "BAD_REQUEST"),
    ({"tag": "acme", "keyword": "dress"}, "BAD_REQUEST"),
])  # fmt: skip
def test_names_that_there_are_not_are_told(boutique: Face, asked: Any, code: str) -> None:
    assert boutique.code(KEYWORDS, **asked) == code
    if "ghost" in asked.values():
        assert boutique.code(TAGS, tag="ghost") == "NOT_FOUND"
