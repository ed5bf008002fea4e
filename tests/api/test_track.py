import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.event import listen

from api.spec import Spec
from tests.api.shop import Face, fill, open_face, release, tiny

TRACK = """mutation ($events: [EventInput!]!) {
    track(events: $events) { accepted known strays rejected { index column reason } } }"""
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
        assert told == {"accepted": 1, "known": 0, "strays": 0, "rejected": []}
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


def test_a_trace_fills_in_what_an_event_leaves_out(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar, "writer") as face:
        track(face, click(item=None, kind="search", keyword="x"))  # eve is known from here on
        page = face.ask(HOME)["recommend"]
        item, trace = keys(page)[1], page["traceId"]
        told = track(face, {"kind": "click", "item": item, "trace": trace, "id": "e1"})
        assert (told["accepted"], told["strays"]) == (1, 0)
        track(face, {**click(), "id": "e2", "trace": trace, "scene": "x", "position": 7})
    with engine.connect() as connection:
        query = """SELECT person.key, scene, position, trace FROM event
                   JOIN person ON person.id = person WHERE event.id = :id"""
        first, second = (connection.execute(text(query), {"id": n}).one() for n in ("e1", "e2"))
    assert tuple(first) == ("eve", "home", 1, trace)
    assert tuple(second) == ("eve", "x", 7, trace)


def test_an_event_whose_trace_does_not_show_its_item_is_kept_and_counted(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    with open_face(engine, bazaar, "writer") as face:
        page = face.ask(HOME)["recommend"]
        told = track(face, click(trace="nobody's"), click(trace=page["traceId"], item="gone"))
        assert (told["accepted"], told["strays"]) == (2, 2)
        told = track(face, {"kind": "click", "item": "j1", "trace": "nobody's"})
        assert told["rejected"][0]["column"] == "person"


def test_calls_that_come_at_once_are_each_told_of_their_own(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    when = "2026-05-01T12:00:00Z"
    calls = [
        [click(id=f"{n}-{k}", time=when) for k in range(n)]
        + [click(id="same", time=when), click(kind="clik")]
        for n in range(1, 6)
    ]
    with open_face(engine, bazaar, "writer") as face:

        async def send() -> list[Any]:
            bodies = [{"query": TRACK, "variables": {"events": events}} for events in calls]
            sent = [face.client.post("/graphql", json=b, headers=face.headers()) for b in bodies]
            return [answer.json()["data"]["track"] for answer in await asyncio.gather(*sent)]

        told = face.portal.call(send)
    assert sum(one["accepted"] for one in told) == 1 + 2 + 3 + 4 + 5 + 1
    assert sum(one["known"] for one in told) == 4
    assert [one["rejected"][0]["index"] for one in told] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_breaks_at_the_commit_loses_and_doubles_nothing(
    engine: Engine, bazaar: Spec, when: str
) -> None:
    fill(engine, bazaar, tiny())
    broken: list[str] = []

    def break_once(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        if not broken and driver is not None:
            broken.append(when)
            if when == "after":
                driver.commit()
            driver.close()

    with open_face(engine, bazaar, "writer") as face:
        listen(face.service.databases.loading, "commit", break_once)
        told = track(face, click(), click(id="e1"))
    assert broken == [when]
    assert told["accepted"] + told["known"] == 2
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar_one() == 2


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]
