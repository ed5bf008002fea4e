"""Where items go that come between builds: the placers of spaces, loaded once in a process."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from api.spec import Spec
from recall.spaces.kin import place_by_kin
from recall.spaces.kinds import AnySpace
from recall.spaces.newcomers import place_some
from recall.spaces.steps import SPACE, tags_of
from recall.spaces.trained import Placer
from weft.files import load_files
from weft.releases import Live

MOST = 32  # placers that a process keeps
Placers = dict[int, Placer | None]
_placers: WeakKeyDictionary[Engine, Placers] = WeakKeyDictionary()


def place_items(connection: Connection, spec: Spec, live: Live, items: Sequence[int]) -> int:
    """Place items in every space that can hold them; tells how many vectors that are."""
    tagged = tags_of(spec.graph) if spec.graph else None
    placed = 0
    for name, space in spec.spaces.items():
        artifact = live.artifacts.get(SPACE + name)
        if artifact is None:
            continue
        placer = _placer(connection, space, artifact)
        if placer is not None and "item" in placer.vectors:
            placed += place_some(connection, artifact, placer, "item", items, space.by)
        elif tagged is not None:
            placed += place_by_kin(connection, artifact, tagged, items, space.by)
    return placed


def _placer(connection: Connection, space: AnySpace, artifact: int) -> Placer | None:
    """Load a placer, once in this process; what was not used for longest goes."""
    known = _placers.setdefault(connection.engine, {})
    if artifact not in known:
        files = load_files(connection, artifact) if space.places_newcomers else {}
        known[artifact] = space.load(files) if files else None
        for oldest in list(known)[:-MOST]:
            known.pop(oldest, None)
    return known[artifact]
