"""The large shop of `bench.serve`, built once and kept in a folder."""

import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import Spec, open_spec
from bench.serve_world import FINE, OTHER_FINE, SPEC, fill, make_world, now, placed
from recall.spaces.deepwalk import DeepWalk
from recall.spaces.trained import Lesson, Placed
from weft.running import Quiet


@dataclass(frozen=True)
class Size:
    """How large a shop is."""

    items: int
    users: int
    clicks: int
    pages: int


def spec_of(home: Path) -> Path:
    """Write the shop's spec into its folder."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "weft.yaml").write_text(SPEC)
    return home / "weft.yaml"


def build(engine: Engine, home: Path, size: Size) -> None:
    """Fill and build the shop, unless that was done before."""
    done = home / "built"
    if done.exists():
        _build_twin(engine, home)
        return
    began = time.perf_counter()
    spec = open_spec(home / "weft.yaml")
    world = make_world(size.items, size.users, now())
    fill(engine, spec, world, size.clicks, size.pages)
    _say(f"filled in {time.perf_counter() - began:.0f} s")

    def fit(space: DeepWalk, lesson: Lesson) -> Placed:
        return placed(world, lesson)

    with patch.object(DeepWalk, "fit", fit):  # vectors are made, everything else is built
        _apply(engine, spec)
    _say(f"built in {time.perf_counter() - began:.0f} s")
    done.touch()
    _build_twin(engine, home)


def _build_twin(engine: Engine, home: Path) -> None:
    """Build and release the shop with a fine ranker that learns otherwise, and then as it was."""
    done = home / "twin"
    if not done.exists():
        spec, twin = open_spec(home / "weft.yaml"), home / "twin.yaml"
        twin.write_text(SPEC.replace(FINE, OTHER_FINE))
        _apply(engine, open_spec(twin))
        _apply(engine, spec)
        done.touch()


def _apply(engine: Engine, spec: Spec) -> None:
    applied = apply_spec(engine, spec, Quiet())
    _say(f"release {applied.release} of {applied.ran} steps")


def _say(line: str) -> None:
    print(line, flush=True)
