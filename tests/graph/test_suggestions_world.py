"""Labels withheld from a demo shop's taxonomy come back as suggestions."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from graph.columns import sync_columns
from graph.importing.files import Options, load_files
from nlp.normal import normal
from nlp.spec import Suggestions, Text
from recall.spec import Recall
from tests.tiny import declared_of
from weft.running import Quiet
from world import World, generate

WORLD = World(items=1500, users=300, days=30, seed=5, events=400_000)
FIELDS = ("zh_synonyms", "en_synonyms", "zh_hidden", "en_hidden")
SHARE = 0.3


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def withhold(folder: Path) -> dict[str, set[str]]:
    """Take labels out of the file of tags; tells which tags each of them names."""
    chance, tags, gone = random.Random(3), lines(folder / "tags.jsonl"), list[tuple[str, str]]()
    for tag in tags:
        for name in FIELDS:
            out = [word for word in tag[name] if chance.random() < SHARE]
            gone += [(word, tag["key"]) for word in out]
            tag[name] = [word for word in tag[name] if word not in out]
    (folder / "tags.jsonl").write_text("".join(f"{json.dumps(tag)}\n" for tag in tags), "utf-8")
    never = json.loads((folder / "truth" / "words.json").read_text("utf-8"))["withheld"]
    named: dict[str, set[str]] = {}
    for word, key in [*gone, *((one["word"], one["tag"]) for one in never)]:
        named.setdefault(normal(word), set()).add(key)
    return named


def open_shop(engine: Engine, folder: Path, bazaar: Spec) -> None:
    only = {"text": Text(suggestions=Suggestions()), "graph": None, "recall": Recall()}
    spec = bazaar.model_copy(update={**only, "scenes": {}})
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
    files = {"tag": "tags", "item": "items", "person": "users", "event": "events"}
    for subject, name in files.items():
        path = next(folder.glob(f"{name}.*"))
        options = Options(rejects=folder / "rejects.jsonl")
        load_files(engine, subject, [path], declared_of(spec), options)
    apply_spec(engine, spec, Quiet())


def test_withheld_labels_are_suggested(engine: Engine, tmp_path: Path, bazaar: Spec) -> None:
    generate(WORLD, tmp_path)
    named = withhold(tmp_path)
    open_shop(engine, tmp_path, bazaar)
    searched = lines(tmp_path / "events.jsonl")
    asked = Counter(normal(one["keyword"]) for one in searched if one["keyword"])
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT suggestion.text, tag.key FROM suggestion JOIN tag ON tag.id = tag "
                 "WHERE kind IN ('synonym', 'misspelling')")
        ).all()  # fmt: skip
        known = set(connection.execute(text("SELECT normal FROM tag_label")).scalars())
    right = {word for word, key in rows if key in named.get(word, ())}
    due = {word for word in named if asked[word] >= 3 and word not in known}
    assert len(right) >= 0.75 * len(rows)
    assert len(right & due) >= 0.5 * len(due)
