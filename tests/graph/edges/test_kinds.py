"""Every kind of edge on the tiny world."""

import math
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.building import apply_spec
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Relate, Retire
from tests.graph.edges.weaving import READS, ask, edges, text_with, weave
from tests.tiny import at, load, open_tiny
from weft.running import Quiet


def test_items_have_the_tags_that_are_believed(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    tagged: {type: tags}\n", "")
    assert edges(engine, "tagged") == {
        ("red-dress", "dress"): (1, 1),
        ("blue-dress", "dress"): (1, 1),
        ("old-dress", "dress"): (1, 1),
        ("blue-cup", "cup"): (1, 1),
        ("new-cup", "cup"): (1, 1),
        ("next-cup", "cup"): (1, 1),
    }


def test_tags_of_other_facets_are_left_out(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    tagged: {type: tags, facets: [brand]}\n", "")
    assert edges(engine, "tagged") == {}


def test_tags_have_what_is_right_above_them(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    broader: {type: hierarchy}\n", "")
    assert edges(engine, "broader") == {("dress", "wear"): (1, 1)}


def test_tags_are_related_both_ways_until_one_is_retired(engine: Engine, tmp_path: Path) -> None:
    spec = weave(engine, tmp_path, "    beside: {type: related}\n", "")
    assert edges(engine, "beside") == {}
    for what, found in (
        (Relate("dress", 1, "cup"), {("dress", "cup"): (1, 1), ("cup", "dress"): (1, 1)}),
        (Retire("cup", 2), {}),
    ):
        with engine.begin() as connection:
            edit(connection, what, Author("ann", "because"))
        apply_spec(engine, spec, Quiet())
        assert edges(engine, "beside") == found


def test_items_have_values(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    has: {type: attributes, of: [city]}\n", "")
    found = edges(engine, "has")
    assert found[("red-dress", "Paris")] == found[("new-cup", "Rome")] == (1, 1)
    assert len(found) == 6
    assert ask(engine, "SELECT id, attribute, text FROM value") == [
        (1, "city", "Paris"),
        (2, "city", "Rome"),
    ]


def test_persons_like_items_and_later_events_count_more(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    liked: {type: events, half_life: 1h}\n", "")
    found = edges(engine, "liked")  # now is the newest event, at -1
    assert found == {
        ("ann", "red-dress"): pytest.approx((2**-4, 1)),
        ("ann", "blue-dress"): pytest.approx((2**-3, 1)),
        ("bob", "blue-cup"): pytest.approx((5 * 2**-2, 1)),
        ("bob", "red-dress"): pytest.approx((2**-1, 1)),
        ("bob", "old-dress"): pytest.approx((2**-1, 1)),
    }


def test_chosen_events_count_as_much_as_declared(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    shown: {type: events, kinds: {expose: 0.5}}\n", "")
    assert edges(engine, "shown") == {("cat", "new-cup"): (0.5, 1)}


def test_items_are_joined_by_sessions(engine: Engine, tmp_path: Path) -> None:
    together = (
        "    together: {type: sessions, gap: 1h, within: 1, weight: count, half_life: 36500d}\n"
    )
    weave(engine, tmp_path, together, "")
    found = edges(engine, "together")
    assert set(found) == {
        ("red-dress", "blue-dress"),
        ("blue-dress", "red-dress"),
        ("blue-cup", "red-dress"),
        ("red-dress", "blue-cup"),
        ("red-dress", "old-dress"),
        ("old-dress", "red-dress"),
    }
    assert {n for _, n in found.values()} == {1}
    assert all(weight == pytest.approx(1, rel=1e-3) for weight, _ in found.values())


def test_sessions_go_forward_as_far_as_declared(engine: Engine, tmp_path: Path) -> None:
    forward = "    next: {type: sessions, gap: 1h, within: 2, direction: forward}\n"
    weave(engine, tmp_path, forward, "")
    assert set(edges(engine, "next")) == {
        ("red-dress", "blue-dress"),
        ("blue-cup", "red-dress"),
        ("blue-cup", "old-dress"),
        ("red-dress", "old-dress"),
    }


def test_a_pause_ends_a_session(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, "    together: {type: sessions, gap: 59m}\n", "")
    assert set(edges(engine, "together")) == {
        ("red-dress", "old-dress"),
        ("old-dress", "red-dress"),
    }


def test_keywords_tie_items_persons_and_tags(engine: Engine, tmp_path: Path) -> None:
    text = """\
    worded: {type: words}
    means: {type: meanings}
    searched: {type: searches}
    wants: {type: through, path: [searched, means]}
"""
    spec = open_tiny(engine, tmp_path, text_with(text, READS))
    searches = [
        {"id": "s", "kind": "search", "person": "ann", "keyword": "Blue dresses", "time": at(-1)}
    ]
    with engine.begin() as connection:
        load(connection, spec, "event", searches)
    apply_spec(engine, spec, Quiet())
    worded = edges(engine, "worded")
    assert ("red-dress", "dress") in worded
    assert worded[("blue-dress", "blue")] > worded[("blue-dress", "dress")]
    assert edges(engine, "means")[("dress", "dress")] == (1, 1)
    assert set(edges(engine, "searched")) == {("ann", "blue"), ("ann", "dress")}
    assert edges(engine, "wants")[("ann", "dress")] == pytest.approx((1, 1))


def test_what_is_clicked_after_a_search_is_found_by_its_keywords(
    engine: Engine, tmp_path: Path
) -> None:
    spec = open_tiny(engine, tmp_path, text_with("    found: {type: finds}\n", READS))
    asked = {"id": "s", "kind": "search", "person": "ann", "keyword": "Blue dress", "trace": "t"}
    done = {"kind": "purchase", "item": "blue-dress", "time": at(-0.5), "trace": "t"}
    with engine.begin() as connection:
        rows = [
            {**asked, "time": at(-1)},
            {**done, "id": "p", "person": "ann"},
            {**done, "id": "other", "person": "bob"},
            {**done, "id": "early", "person": "ann", "time": at(-2)},
            {**done, "id": "elsewhere", "person": "ann", "trace": "u"},
        ]
        load(connection, spec, "event", rows)
    apply_spec(engine, spec, Quiet())
    found = edges(engine, "found")
    assert set(found) == {("blue", "blue-dress"), ("dress", "blue-dress")}
    assert {n for _, n in found.values()} == {1}


def test_paths_sum_what_they_pass(engine: Engine, tmp_path: Path) -> None:
    text = """\
    tagged: {type: tags}
    liked: {type: events, half_life: 1h}
    fond: {type: through, path: [liked, tagged]}
    kin: {type: through, path: [~liked, liked], top: 1}
"""
    weave(engine, tmp_path, text, "")
    assert edges(engine, "fond") == {
        ("ann", "dress"): pytest.approx((2**-4 + 2**-3, 2)),
        ("bob", "dress"): pytest.approx((2**-1 + 2**-1, 2)),
        ("bob", "cup"): pytest.approx((5 * 2**-2, 1)),
    }
    kin = edges(engine, "kin")
    assert kin[("red-dress", "blue-cup")] == pytest.approx((5 * 2**-2 * 2**-1, 1))
    assert len(kin) == 4


def test_weights_are_worked_out_as_declared(engine: Engine, tmp_path: Path) -> None:
    kinds = ("count", "confidence", "tfidf", "pmi", "jaccard")
    lines = [f"    {name}: {{type: events, half_life: null, weight: {name}}}\n" for name in kinds]
    weave(engine, tmp_path, "".join(lines), "")
    found = {name: edges(engine, name)[("bob", "red-dress")][0] for name in kinds}
    assert found == pytest.approx(
        {  # bob: 5 + 1 + 1, red-dress: 1 + 1, all: 9
            "count": 1,
            "confidence": 1,
            "tfidf": 1 / 7 * math.log(1 + 2 / 2),
            "pmi": max(0.0, math.log(1 * 9 / (7 * 2))),
            "jaccard": 1 / (7 + 2 - 1),
        }
    )
    assert edges(engine, "pmi")[("bob", "blue-cup")][0] == pytest.approx(math.log(5 * 9 / (7 * 5)))
