"""From a spec to what the engine builds."""

from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine

from api.arriving import catch_up
from api.spec import Spec, channels_around, filled_in, open_spec
from graph.columns import sync_columns
from graph.edges import steps as edges
from graph.texts import steps as texts
from ranking import steps as rankers
from recall.blending import Calibrated
from recall.calibration import calibration_step
from recall.spaces import steps as spaces
from weft.building import Applied, Shop, apply
from weft.builds import build_lock
from weft.errors import BuildError
from weft.logs import log
from weft.releases import read_canary
from weft.running import Quiet, Watcher
from weft.steps import Step


def steps_of(spec: Spec) -> tuple[Step, ...]:
    """Gather the steps of every stage."""
    reading = texts.steps(spec.text) if spec.text else ()
    woven = (spec.graph, spec.catalog, spec.events) if spec.graph else None
    tags = (texts.TAGS,) if spec.text else ()
    tying = edges.steps(*woven, tags) if woven else ()
    placing = spaces.steps(spec.spaces, *woven) if woven else ()
    around = channels_around(spec)
    finding = (c.step(name, around) for name, c in spec.recall.channels.items())
    finds = tuple(step for step in finding if step)
    sorting = rankers.steps(spec.ranking, spec.catalog, spec.events, spec.timezone)
    return (*reading, *tying, *placing, *finds, *_measuring(spec), *sorting)


def _measuring(spec: Spec) -> tuple[Step, ...]:
    """Measure channels where a scene wants to know what they are worth."""
    wanted = any(isinstance(scene.fusion, Calibrated) for _, scene in spec.said_scenes())
    return (calibration_step(spec.events),) if wanted else ()


def shop_of(spec: Spec) -> Shop:
    """Give what there is to build."""

    def welcome(connection: Connection, artifacts: Mapping[str, int]) -> None:
        catch_up(connection, spec, artifacts)

    return Shop(filled_in(spec), steps_of(spec), spec.monitors, spec.keep.releases, welcome)


def apply_spec(
    engine: Engine,
    spec: Spec,
    watcher: Watcher,
    wait: bool = True,
    release: bool = True,
    asked: Collection[str] = (),
) -> Applied:
    """Bring everything up to date with the spec and the data, one builder at a time."""
    with build_lock(engine, wait, watcher.waited):
        with engine.begin() as connection:
            sync_columns(connection, spec.catalog)
        return apply(engine, shop_of(spec), watcher, release, asked)


def prove_spec(engine: Engine, spec: Spec) -> None:
    """Ask the database for what channels need of it; list all that is wrong."""
    wrong = []
    with engine.begin() as connection:
        for name, channel in spec.recall.channels.items():
            try:
                channel.prove(connection)
            except BuildError as error:
                wrong.append(f"recall.channels.{name}: {error}")
    if wrong:
        raise BuildError("\n".join(wrong))


def refresh(engine: Engine, spec_path: Path) -> Applied | None:
    """Apply in the background: quietly, and not where somebody builds or a canary is read."""
    with engine.begin() as connection:
        canary = read_canary(connection)
    if canary is not None:
        log("build").info("not refreshed: a canary is read", release=canary.release.release)
        return None
    applied = apply_spec(engine, open_spec(spec_path), Quiet(), wait=False)
    log("build").info("refreshed", build=applied.build, ran=applied.ran, release=applied.release)
    return applied
