"""Shopify's product taxonomy: one JSON document a language, with verticals and their categories."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from graph.formats.chunks import Chunk, Reject, Source
from graph.formats.concepts import Concept, Edition, joined
from graph.formats.languages import language_of
from weft.errors import ImportFailed


def read(sources: Sequence[Source], facet: str) -> Iterator[Chunk]:
    """Read files of one taxonomy together; a row's line is its place among all categories."""
    return joined([_edition(source) for source in sources], "shopify", facet)


def _edition(source: Source) -> Edition:
    content = source.path.read_bytes()
    source.tell(len(content))
    concepts: list[Concept] = []
    rejects: list[Reject] = []
    whole = _document(source, content)
    for place, category in enumerate(_categories(source, whole), 1):
        concept = _concept(place, category)
        if concept is None:
            reason = "id, name and parent_id are needed"
            rejects.append(Reject(place, None, reason, category, 1, source.path))
        else:
            concepts.append(concept)
    note = f"{source.path.name}: version {str(whole.get('version', 'unknown'))[:100]}"
    return Edition(source.path, language_of(source.path), tuple(concepts), tuple(rejects), note)


def _document(source: Source, content: bytes) -> dict[str, Any]:
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ImportFailed(f"{source.path}: not JSON: {error}") from None
    if not isinstance(whole, dict):
        raise ImportFailed(f"{source.path}: an object with `verticals` is needed")
    return whole


def _categories(source: Source, whole: dict[str, Any]) -> list[Any]:
    try:
        return [category for part in whole["verticals"] for category in part["categories"]]
    except (KeyError, TypeError):
        wrong = "`verticals` with `categories` are needed"
        raise ImportFailed(f"{source.path}: {wrong}") from None


def _concept(place: int, category: Any) -> Concept | None:
    match category:
        case {"id": str(identity), "name": str(name)} if identity.strip() and name.strip():
            parent = category.get("parent_id")
            if parent is None or isinstance(parent, str):
                return Concept(place, identity, name, parent)
    return None
