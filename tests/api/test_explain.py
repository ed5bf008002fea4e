import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.commands.main import app
from api.dumping import Dumps
from ranking.dumps.dump import Dump
from ranking.page import Ground
from tests.api.shop import Face, open_face
from tests.ranking.dumps.longing import Longing, open_graphed
from weft.errors import NotFound

WHY = """query ($person: ID, $scene: String = "home", $where: ItemFilter) {
    recommend(scene: $scene, person: $person, first: 6, where: $where) {
        traceId release edges { node { item { key } score channels { name rank score } why {
            trace release scene where leftOut
            channels { name rank score found strategy matched recall }
            path { text weight steps nodes { kind key label } }
            stages { name model score chances { task chance } features { feature side worth } }
            moved { before place rules waived } } } } } }"""
PLAIN = """{ recommend(scene: "home", person: "p1", first: 6) {
    traceId edges { node { item { key } } } } }"""

TRACED = """query ($id: ID!) { traceOf(traceId: $id) {
    items { item { key } why { release path { text } stages { name score } } } } }"""


@pytest.fixture(scope="module")
def longing(tmp_path_factory: pytest.TempPathFactory, module_engine: Engine) -> Longing:
    return open_graphed(module_engine, tmp_path_factory.mktemp("longing"))


@pytest.fixture(scope="module")
def face(longing: Longing) -> Iterator[Face]:
    with open_face(longing.engine, longing.spec) as face:
        yield face


@pytest.fixture
def runner(longing: Longing, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    url = longing.engine.url.set(drivername="postgresql")
    monkeypatch.setenv("WEFT_DATABASE_URL", url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def nodes(face: Face, **variables: Any) -> list[Any]:
    page = face.ask(WHY, **variables)["recommend"]
    return [edge["node"] for edge in page["edges"]]


def written(face: Face) -> None:
    face.portal.call(face.service.dumps.write)


def test_why_tells_channels_stages_path_filter_and_release(face: Face) -> None:
    page = face.ask(WHY, person="p1", where={"price": {"gte": 2}})["recommend"]
    for place, edge in enumerate(page["edges"], 1):
        node, why = edge["node"], edge["node"]["why"]
        assert (why["trace"], why["release"], why["scene"]) == (page["traceId"], 1, "home")
        assert why["where"] == {"price": {"gte": 2}}
        own = [{n: one[n] for n in ("name", "rank", "score")} for one in why["channels"]]
        assert own == node["channels"]
        assert why["channels"][0]["found"] > 5
        assert [stage["name"] for stage in why["stages"]] == ["coarse", "fine"]
        assert why["stages"][-1]["score"] == node["score"]
        assert why["stages"][0]["features"] == []
        assert why["moved"]["place"] == place
    shares = page["edges"][0]["node"]["why"]["stages"][-1]["features"]
    assert shares[0]["worth"] > 0
    worths = [abs(share["worth"]) for share in shares]
    assert worths == sorted(worths, reverse=True)


def test_a_path_begins_with_what_somebody_did(face: Face) -> None:
    path = nodes(face, person="p1")[0]["why"]["path"]
    assert path["nodes"][0] == {"kind": "person", "key": "p1", "label": "p1"}
    assert path["steps"][0] in ("click", "liked")
    assert path["text"].startswith("p1 –")


def test_somebody_unknown_has_no_path(face: Face) -> None:
    assert [node["why"]["path"] for node in nodes(face)] == [None] * 6


def test_what_is_not_asked_for_is_not_worked_out(face: Face, longing: Longing) -> None:
    assert len(face.ask(PLAIN)["recommend"]["edges"]) == 6
    plain = nodes(face, person="p1", scene="plain")
    assert [node["why"]["stages"] for node in plain] == [[]] * 6


def test_every_page_is_dumped_and_explained_again_from_its_dump(
    face: Face, runner: CliRunner
) -> None:
    page = face.ask(WHY, person="p2")["recommend"]
    written(face)
    done = runner.invoke(app, ["explain", page["traceId"], "--json"], catch_exceptions=False)
    found = json.loads(done.output)
    assert (found["trace"], found["person"], found["release"]) == (page["traceId"], "p2", 1)
    for item, edge in zip(found["items"], page["edges"], strict=True):
        why = edge["node"]["why"]
        assert item["key"] == edge["node"]["item"]["key"]
        assert item["score"] == edge["node"]["score"]
        for stage, other in zip(item["stages"], why["stages"], strict=True):
            assert (stage["stage"], stage["score"]) == (other["name"], other["score"])
            shares = {share["feature"]: share["worth"] for share in stage["shares"]}
            others = {share["feature"]: share["worth"] for share in other["features"]}
            assert shares.keys() == others.keys()
            np.testing.assert_allclose([*shares.values()], [others[n] for n in shares], atol=1e-6)
        assert item["moved"]["place"] == why["moved"]["place"]
    told = runner.invoke(app, ["explain", page["traceId"]], catch_exceptions=False).output
    assert "recommend in home, for person p2, by release 1" in told
    assert "p2 –" in told
    assert "fine" in told


def test_an_unknown_trace_and_one_without_dump_are_told(
    face: Face, runner: CliRunner, longing: Longing
) -> None:
    with pytest.raises(NotFound, match="no trace 'nothing' is kept"):
        runner.invoke(app, ["explain", "nothing"], catch_exceptions=False)
    trace = face.ask(PLAIN)["recommend"]["traceId"]
    written(face)
    with longing.engine.begin() as connection:
        connection.execute(text("DELETE FROM trace_dump WHERE trace = :trace"), {"trace": trace})
    with pytest.raises(NotFound, match="is kept, but not what it was made of"):
        runner.invoke(app, ["explain", trace], catch_exceptions=False)


def test_dumps_that_find_no_room_fail_no_page(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face.service.dumps, "room", 0)
    trace = face.ask(PLAIN)["recommend"]["traceId"]
    assert 'weft_dumps_total{outcome="overflowed"} 1' in face.send("GET", "/metrics").text
    assert trace


def test_a_batch_that_cannot_be_written_is_counted_and_the_next_one_is_kept(
    longing: Longing, face: Face
) -> None:
    async def write(time: datetime) -> int:
        dumps = Dumps(longing.engine)
        dumps.leave(Dump(f"of {time}", time, 1, Ground()))
        await dumps.write()
        return len(dumps.waiting)

    assert face.portal.call(write, datetime(2001, 1, 1, tzinfo=UTC)) == 0  # no day to keep it in
    assert face.portal.call(write, datetime.now(UTC)) == 0
    with longing.engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM trace_dump WHERE trace LIKE 'of %'"))
        assert kept.scalar_one() == 1


def test_what_waits_is_written_when_a_process_stops(longing: Longing) -> None:
    with open_face(longing.engine, longing.spec) as face:
        trace = face.ask(PLAIN)["recommend"]["traceId"]
    with longing.engine.connect() as connection:
        query = text("SELECT release FROM trace_dump WHERE trace = :trace")
        assert connection.execute(query, {"trace": trace}).scalar_one() == 1


def test_a_trace_tells_why_as_the_page_did(face: Face) -> None:
    page = face.ask(WHY, person="p3")["recommend"]
    written(face)
    items = face.ask(TRACED, id=page["traceId"])["traceOf"]["items"]
    for item, edge in zip(items, page["edges"], strict=True):
        why = edge["node"]["why"]
        assert item["why"]["path"]["text"] == why["path"]["text"]
        stages = [{n: stage[n] for n in ("name", "score")} for stage in why["stages"]]
        assert item["why"]["stages"] == stages
