"""The name of a lexicon's content: a sum of hashes, so that a change costs only what changed."""

from collections.abc import Iterable
from hashlib import blake2b

from nlp.lexicon import Entry

_SIZE = 1 << 128


def version_of(entries: Iterable[Entry]) -> str:
    """The same for the same content in any order."""
    return shown(sum(map(weight, entries)))


def changed_version(version: str, before: Iterable[Entry], after: Iterable[Entry]) -> str:
    """Take off what was, put on what is."""
    return shown(int(version, 16) - sum(map(weight, before)) + sum(map(weight, after)))


def weight(entry: Entry) -> int:
    """One tag with its labels."""
    text = repr((*entry.tag, sorted(entry.labels)))
    return int.from_bytes(
        blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).digest()
    )


def shown(value: int) -> str:
    """Thirty-two digits."""
    return f"{value % _SIZE:032x}"
