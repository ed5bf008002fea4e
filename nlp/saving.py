"""A lexicon as a folder of arrays: mapped into memory, so that processes share one copy."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from nlp.dictionary import Guesser
from nlp.lexicon import Entry, Label, Lexicon, TagEntry
from nlp.net import Misspelt, Net
from nlp.tries import Trie

_PARTS: dict[str, type] = {"trie": Trie, "misspelt": Misspelt, "guesser": Guesser}


def save_lexicon(lexicon: Lexicon, folder: Path) -> None:
    """Write the arrays, and the tags as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in flat(lexicon.net):
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    head = {"version": lexicon.version, "facets": lexicon.facets, "keys": lexicon.keys}
    (folder / "lexicon.json").write_bytes(orjson.dumps(head | {"rare": lexicon.net.rare}))
    rows = [[tuple(tag), list(map(tuple, names))] for tag, names in lexicon.entries.values()]
    (folder / "entries.json").write_bytes(orjson.dumps(rows))


def load_lexicon(folder: Path) -> Lexicon:
    """Map the arrays; the tags are read when somebody asks for one."""
    head = orjson.loads((folder / "lexicon.json").read_bytes())
    net = read_net(folder, head["rare"])
    places = {tag: place for place, tag in enumerate(net.number.tolist())}
    entries = StoredEntries(folder / "entries.json")
    return Lexicon(
        head["version"], net, tuple(head["facets"]), tuple(head["keys"]), entries, places
    )


def flat(net: Net) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """All arrays by name."""
    for name, value in net._asdict().items():
        if name in _PARTS:
            yield from ((f"{name}.{part}", array) for part, array in value._asdict().items())
        elif isinstance(value, np.ndarray):
            yield name, value


def read_net(folder: Path, rare: float) -> Net:
    """The arrays in their places."""
    values: dict[str, Any] = {"rare": rare}
    for name in Net._fields:
        if name in _PARTS:
            fields: tuple[str, ...] = _PARTS[name]._fields  # type: ignore[attr-defined]
            values[name] = _PARTS[name](*(mapped(folder / f"{name}.{part}.npy") for part in fields))
        elif name != "rare":
            values[name] = mapped(folder / f"{name}.npy")
    return Net(**values)


def mapped(path: Path) -> np.ndarray[Any, Any]:
    """Private to this process only where it is written to, which nobody does."""
    try:
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.asarray(np.load(path, allow_pickle=False))


class StoredEntries(Mapping[int, Entry]):
    """Tags in a file, parsed at the first question."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()

    def __getitem__(self, tag: int) -> Entry:
        return self._entries[tag]

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @cached_property
    def _entries(self) -> dict[int, Entry]:
        rows = [
            Entry(
                TagEntry(number, key, facet, tuple(ups), to),
                tuple(map(Label._make, labels)),
            )
            for (number, key, facet, ups, to), labels in orjson.loads(self._bytes)
        ]
        return {entry.tag.id: entry for entry in rows}
