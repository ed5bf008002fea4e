"""A release that a share of persons gets first."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.building import apply_spec, refresh, shop_of
from api.commands.canary import app
from api.spec import Spec
from ranking.experiments.spec import Experiment, changed
from tests.api.shop import Face, open_face, release
from tests.api.test_experiments import arm, half, keys, page
from tests.tiny import open_tiny
from weft.building import release_built
from weft.errors import BadRequest, NotFound, ReleaseBlocked
from weft.releases import (
    end_canary,
    go_back,
    promote_canary,
    read_canary,
    read_live,
    share_canary,
)
from weft.running import Quiet

PEOPLE = tuple(map(str, range(24)))


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path)
    assert release(engine, spec) == 1
    return spec


def pinned(shop: Spec) -> Spec:
    """Give the shop with the blue cup on top."""
    change = Experiment.model_validate(half()).all_arms()["changed"].change
    return shop.model_copy(
        update={"scenes": {**shop.scenes, "home": changed(shop.scenes["home"], change)}}
    )


def start(engine: Engine, spec: Spec, share: float = 0.5) -> int:
    apply_spec(engine, spec, Quiet(), release=False)
    return release_built(engine, shop_of(spec), share=share)


@pytest.fixture
def face(engine: Engine, shop: Spec) -> Iterator[Face]:
    with open_face(engine, shop, "writer") as face:
        yield face


def pages(face: Face) -> dict[str, Any]:
    face.portal.call(face.service.refresh)
    return {person: page(face, person=person) for person in PEOPLE}


def inside(made: dict[str, Any]) -> set[str]:
    """Check that pages are as their arms say; give who gets the canary."""
    for one in made.values():
        assert (keys(one)[0] == "blue-cup") == (arm(one) == "canary")
    return {person for person, one in made.items() if arm(one) == "canary"}


def test_a_share_of_persons_gets_the_canary_and_all_once_it_is_promoted(
    engine: Engine, shop: Spec, face: Face
) -> None:
    assert start(engine, pinned(shop)) == 2
    made = pages(face)
    some = inside(made)
    assert 4 < len(some) < 20
    assert {one["arms"][0]["experiment"] for one in made.values()} == {"canary 2"}
    assert page(face)["arms"] == []
    with engine.begin() as connection:
        share_canary(connection, 0.8)
    more = inside(pages(face))
    assert some < more
    with engine.begin() as connection:
        assert read_live(connection).release == 1
        assert promote_canary(connection).release == 2
    after = pages(face)
    assert {keys(one)[0] for one in after.values()} == {"blue-cup"}
    assert {arm(one) for one in after.values()} == {None}


def test_who_got_it_goes_on_with_it_although_it_is_withdrawn(
    engine: Engine, shop: Spec, face: Face
) -> None:
    start(engine, pinned(shop))
    face.portal.call(face.service.refresh)
    someone = min(inside(pages(face)))
    whole = keys(page(face, person=someone))
    first = page(face, person=someone, first=2)
    with engine.begin() as connection:
        assert end_canary(connection).release == 2
    second = page_after(face, someone, first)
    assert keys(first) + keys(second) == whole
    assert keys(page(face, person=someone)) != whole
    assert release(engine, shop) is None


def page_after(face: Face, person: str, before: Any) -> Any:
    face.portal.call(face.service.refresh)
    return page(face, person=person, after=before["pageInfo"]["endCursor"])


def test_a_trace_and_the_state_of_a_person_tell_of_it(
    engine: Engine, shop: Spec, face: Face
) -> None:
    start(engine, pinned(shop))
    query = """query ($id: ID!) { traceOf(traceId: $id) { release arms { experiment arm } } }"""
    for made in list(pages(face).values())[:6]:
        trace = face.ask(query, id=made["traceId"])["traceOf"]
        assert trace["arms"] == made["arms"]
        assert trace["release"] == (2 if arm(made) == "canary" else 1)
    state = face.ask('{ personState(person: "ann") { arms { experiment arm } } }')["personState"]
    assert state["arms"] == page(face, person="ann")["arms"]


def test_items_that_come_are_found_by_all(engine: Engine, shop: Spec, face: Face) -> None:
    start(engine, pinned(shop))
    now = datetime.now(UTC).isoformat()
    new = {"key": "new", "title": "new cup", "category": "cup", "publishedAt": now}
    mutation = "mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { added } }"
    assert face.ask(mutation, items=[new])["upsertItems"] == {"added": 1}
    made = pages(face)
    assert 0 < len(inside(made)) < len(PEOPLE)
    assert all("new" in keys(one) for one in made.values())


def test_nothing_else_is_released_beside_it(engine: Engine, shop: Spec, tmp_path: Path) -> None:
    start(engine, pinned(shop))
    assert release(engine, pinned(shop)) is None
    with pytest.raises(ReleaseBlocked, match=r"release 2 is a canary.*weft canary promote"):
        release_built(engine, shop_of(shop))
    assert refresh(engine, tmp_path / "weft.yaml") is None
    with engine.begin() as connection:
        promote_canary(connection)
    with engine.begin() as connection:
        assert go_back(connection) == (2, 1)


def test_commands_begin_change_and_end_it(
    engine: Engine, shop: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    spec = ("--spec", str(tmp_path / "weft.yaml"))
    with engine.begin() as connection:
        apply_spec(engine, pinned(shop), Quiet())
    with pytest.raises(BadRequest, match="more than 0% and less than 100%, not 100%"):
        told("start", "100%", *spec)
    with pytest.raises(BadRequest, match="share: a share such as 10%"):
        told("share", "half")
    with pytest.raises(NotFound, match="there is no canary; begin one"):
        told("end")
    assert "release 3 is a canary for 5% of persons" in told("start", "5%", *spec)
    assert "release 3 is a canary for 25% of persons" in told("share", "25%")
    with engine.begin() as connection:
        canary = read_canary(connection)
        assert canary is not None
        assert (canary.release.release, canary.share) == (3, 0.25)
    assert "release 3 is withdrawn" in told("end")
    with pytest.raises(NotFound):
        told("promote")


def told(*words: str) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output
