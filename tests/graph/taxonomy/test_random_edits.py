"""Whatever analysts do: no circle, redirects end, and items have what can be recomputed."""

import random
from collections import defaultdict

import networkx as nx
import pytest

from graph.taxonomy.beliefs import SOURCES
from graph.taxonomy.edits import (
    AddLabel,
    Create,
    DropLabel,
    Edit,
    Merge,
    Move,
    NewLabel,
    Relate,
    Rename,
    Retire,
    Unrelate,
)
from tests.graph.taxonomy.desk import Desk
from weft.errors import BadRequest

RELATIONS = """SELECT tag.key, above.key FROM tag_relation
    JOIN tag ON tag.id = tag_relation.tag JOIN tag AS above ON above.id = other
    WHERE kind = 'broader'"""
RELATED = RELATIONS.replace("broader", "related")
SAID = """SELECT item.key, tag.key, source, denied FROM item_tag
    JOIN item ON item.id = item JOIN tag ON tag.id = tag"""
TAGS = """SELECT tag.key, target.key, tag.retired_at IS NOT NULL
    FROM tag LEFT JOIN tag AS target ON target.id = tag.redirect"""


def some_edit(draw: random.Random, desk: Desk, keys: list[str]) -> Edit:
    key, other = draw.choice(keys), draw.choice(keys)
    based_on = desk.at(key)
    word = NewLabel("en", f"word {draw.randrange(6)}", draw.choice(("synonym", "hidden")))
    parents = tuple(sorted(set(draw.sample(keys, draw.randrange(3)))))
    return draw.choice((
        Create(f"new{draw.randrange(10**6)}", "category", (word,), parents),
        Rename(key, based_on, "en", word.text),
        AddLabel(key, based_on, word),
        DropLabel(key, based_on, word),
        Move(key, based_on, parents),
        Move(key, based_on, (other,)),
        Merge(key, based_on, other),
        Retire(key, based_on),
        Relate(key, based_on, other),
        Unrelate(key, based_on, other),
    ))  # fmt: skip


def say_something(draw: random.Random, desk: Desk, keys: list[str]) -> None:
    item, tag = draw.choice(("dress", "gown", "skirt", "cup")), draw.choice(keys)
    draw.choice((desk.assign, desk.unassign))(item, tag)


def expected(desk: Desk) -> dict[str, set[str]]:
    """Recompute what is believed, in the plainest way."""
    retired = {key for key, _, out in desk.ask(TAGS) if out}
    above = nx.DiGraph(desk.ask(RELATIONS))
    said = defaultdict(dict)
    for item, tag, source, denied in desk.ask(SAID):
        said[item, tag][source] = denied
    found = defaultdict(set)
    for (item, tag), words in said.items():
        first = min(words, key=SOURCES.index)
        if not words[first] and tag not in retired:
            found[item] |= {tag} | (nx.descendants(above, tag) if tag in above else set())
    return found


def check(desk: Desk) -> None:
    assert nx.is_directed_acyclic_graph(nx.DiGraph(desk.ask(RELATIONS)))
    ends = {key: target for key, target, _ in desk.ask(TAGS)}
    assert all(ends[target] is None for target in ends.values() if target)
    merged = {key for key, target in ends.items() if target}
    related = desk.ask(RELATED)
    assert set(related) == {(other, key) for key, other in related if key != other}
    assert not merged & {key for pair in desk.ask(RELATIONS) + related for key in pair}
    assert not merged & {tag for _, tag, _, _ in desk.ask(SAID)}
    believed = expected(desk)
    for item in ("dress", "gown", "skirt", "cup"):
        assert desk.believed(item) == believed[item]


@pytest.mark.parametrize("seed", range(6))
def test_random_edits_leave_everything_in_order(desk: Desk, seed: int) -> None:
    draw, done = random.Random(seed), 0
    desk.say("cup", "gown", "ner")
    desk.say("dress", "skirt", "image")
    desk.assign("cup", "gown")
    desk.assign("dress", "skirt")
    for step in range(60):
        keys = desk.ask("SELECT key FROM tag WHERE facet = 'category' ORDER BY id")
        try:
            if draw.random() < 0.3:
                say_something(draw, desk, keys)
            else:
                desk.edit(some_edit(draw, desk, keys))
            done += 1
        except BadRequest:
            continue
        if step % 4 == 0:
            check(desk)
    check(desk)
    assert done > 15
    assert len(desk.history()) == 6 + 2 + done
