from typing import Any

from sqlalchemy import Engine, text

from api.spec import Spec
from tests.api.shop import Face, fill, open_face, release, tiny

TRACK = """mutation ($events: [EventInput!]!) {
    track(events: $events) { accepted known rejected { index column reason } } }"""
HOME = '{ recommend(scene: "home", person: "eve") { traceId edges { node { item { key } } } } }'


def track(face: Face, *events: dict[str, Any]) -> Any:
    return face.ask(TRACK, events=list(events))["track"]


def click(**more: Any) -> dict[str, Any]:
    return {"kind": "click", "person": "eve", "item": "j1", **more}


def test_what_was_clicked_is_not_recommended_again(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar, "writer") as face:
        page = face.ask(HOME)["recommend"]
        assert "j1" in keys(page)
        told = track(face, click(trace=page["traceId"], scene="home", position=0))
        assert told == {"accepted": 1, "known": 0, "rejected": []}
        assert "j1" not in keys(face.ask(HOME)["recommend"])
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM event")).one()
    assert (row.kind, row.scene, row.position, row.trace) == ("click", "home", 0, page["traceId"])


def test_an_event_with_an_id_is_kept_once(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "writer") as face:
        event = click(id="e1", time="2026-05-01T12:00:00+08:00")
        assert track(face, event)["accepted"] == 1
        assert track(face, event)["known"] == 1


def test_a_bad_event_does_not_stop_the_others(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "writer") as face:
        told = track(face, click(kind="clik"), click(), click(item="no such"))
    assert told["accepted"] == 1
    assert [r["index"] for r in told["rejected"]] == [0, 2]
    assert "click" in told["rejected"][0]["reason"]


def test_a_call_takes_at_most_a_thousand_events(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "writer") as face:
        assert track(face)["accepted"] == 0
        many = [click(id=f"e{n}", time="2026-05-01T12:00:00Z") for n in range(1_001)]
        assert face.code(TRACK, events=many) == "BAD_REQUEST"
        assert track(face, *many[:1_000])["accepted"] == 1_000


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]
