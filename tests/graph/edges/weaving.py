"""The tiny shop with edges, and ways to look at them."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec, open_spec
from tests.tiny import TEXT, open_tiny
from weft.running import Quiet

READS = "text: {languages: [en], keywords: {at_least: 2}}\n"
EDGES = """\
    tagged: {type: tags}
    worded: {type: words}
    means: {type: meanings}
    has: {type: attributes, of: [city]}
    broader: {type: hierarchy}
    liked: {type: events, half_life: 30d}
    searched: {type: searches}
    together: {type: sessions, gap: 2h, within: 2}
    fond: {type: through, path: [liked, tagged]}
    kin: {type: through, path: [~tagged, tagged]}
"""
KEYS = {
    "item": "(SELECT key FROM item WHERE id = {})",
    "person": "(SELECT key FROM person WHERE id = {})",
    "tag": "(SELECT key FROM tag WHERE id = {})",
    "keyword": "(SELECT text FROM word WHERE id = {})",
    "value": "(SELECT text FROM value WHERE id = {})",
}


def text_with(edges: str, reads: str = "") -> str:
    """Give the tiny spec with edges."""
    return TEXT.replace("recall:\n", f"{reads}graph:\n  edges:\n{edges}recall:\n", 1)


def weave(engine: Engine, folder: Path, edges: str = EDGES, reads: str = READS) -> Spec:
    """Fill the tiny shop and build its edges."""
    spec = open_tiny(engine, folder, text_with(edges, reads))
    apply_spec(engine, spec, Quiet())
    return spec


def other(folder: Path, edges: str, reads: str = "") -> Spec:
    """Give the same shop with other edges."""
    path = folder / "weft.yaml"
    path.write_text(text_with(edges, reads))
    return open_spec(path)


def ask(engine: Engine, question: str, **values: object) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question), values)]


def edges(engine: Engine, kind: str) -> dict[tuple[str, str], tuple[float, int]]:
    """Give weight and count of every edge of a kind, by the keys of both ends."""
    ends = ask(engine, "SELECT source, target FROM derived.edge_kind WHERE kind = :kind", kind=kind)
    source, target = (
        KEYS[end].format(f"edge.{side}") for end, side in zip(ends[0], ENDS, strict=False)
    )
    question = f"SELECT {source}, {target}, weight, n FROM live.edge WHERE kind = :kind"
    return {row[:2]: row[2:] for row in ask(engine, question, kind=kind)}


ENDS = ("source", "target")
