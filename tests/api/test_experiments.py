from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.spec import Spec
from ranking.experiments.report import Asked, Report, report
from ranking.experiments.spec import Experiment
from ranking.experiments.standing import arms_of, hold, tables_of
from tests.api.shop import Face, open_face, release
from tests.tiny import load, open_tiny
from weft.releases import go_back, read_live

PAGE = """query ($scene: String = "home", $person: ID, $first: Int = 20, $after: String) {
    recommend(scene: $scene, person: $person, first: $first, after: $after) {
        traceId arms { experiment arm } pageInfo { endCursor }
        edges { node { item { key } } } } }"""
PINNED = {"rerank": {"rules": [{"type": "pins", "items": {"blue-cup": 1}}]}}


ITEMS = 4


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    return open_tiny(engine, tmp_path)


def trying(shop: Spec, **experiments: Any) -> Spec:
    """Give the shop with these experiments."""
    read = {name: Experiment.model_validate(one) for name, one in experiments.items()}
    return shop.model_copy(update={"experiments": read})


def half(**more: Any) -> dict[str, Any]:
    return {"scenes": ["home"], "share": "50%", "change": PINNED, **more}


def page(face: Face, **variables: Any) -> Any:
    return face.ask(PAGE, **variables)["recommend"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]


def arm(page: Any) -> str | None:
    return next((one["arm"] for one in page["arms"]), None)


def test_who_is_in_an_arm_gets_what_it_changes_and_only_there(engine: Engine, shop: Spec) -> None:
    release(engine, trying(shop, pinned=half()))
    with open_face(engine, shop) as face:
        pages = {person: page(face, person=person) for person in map(str, range(16))}
        arms = {person: arm(one) for person, one in pages.items()}
        assert set(arms.values()) == {"changed", "control"}
        assert all((keys(pages[p])[0] == "blue-cup") == (arms[p] == "changed") for p in pages)
        assert page(face)["arms"] == []
        somebody = next(p for p in pages if arms[p] == "changed")
        elsewhere = page(face, scene="liked", person=somebody)
        assert elsewhere["arms"] == []
        assert keys(elsewhere) == keys(page(face, scene="liked"))
        assert arm(page(face, person=somebody)) == "changed"


def test_pages_of_an_arm_go_on_in_it(engine: Engine, shop: Spec) -> None:
    release(engine, trying(shop, pinned=half()))
    with open_face(engine, shop) as face:
        for person in map(str, range(6)):
            whole = keys(page(face, person=person))
            first = page(face, person=person, first=2)
            second = page(face, person=person, after=first["pageInfo"]["endCursor"])
            assert keys(first) + keys(second) == whole
            assert first["arms"] == second["arms"]


def test_a_trace_keeps_its_arms_and_analysts_find_them(engine: Engine, shop: Spec) -> None:
    release(engine, trying(shop, pinned=half()))
    with open_face(engine, shop) as face:
        made = page(face, person="ann")
        page(face)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM live.experiment_page")).all()
    assert len(rows) == 1
    assert rows[0].trace == made["traceId"]
    assert (rows[0].experiment, rows[0].arm, rows[0].unit) == ("pinned", arm(made), "person ann")
    assert len(rows[0].items) == len(keys(made))


def test_a_session_is_in_an_arm_where_nobody_is_known(engine: Engine, shop: Spec) -> None:
    release(engine, trying(shop, pinned=half()))
    query = """query ($key: ID!) { recommend(scene: "home", session: {key: $key}) {
        traceId arms { experiment arm } edges { node { item { key } } } } }"""
    with open_face(engine, shop) as face:
        pages = [face.ask(query, key=str(key))["recommend"] for key in range(12)]
        assert {arm(one) for one in pages} == {"changed", "control"}
        assert all((keys(one)[0] == "blue-cup") == (arm(one) == "changed") for one in pages)
        found = "query ($id: ID!) { traceOf(traceId: $id) { arms { experiment arm } } }"
        assert face.ask(found, id=pages[0]["traceId"])["traceOf"]["arms"] == pages[0]["arms"]


def test_what_is_known_of_a_person_names_their_arms(engine: Engine, shop: Spec) -> None:
    release(engine, trying(shop, pinned=half()))
    with open_face(engine, shop) as face:
        state = face.ask('{ personState(person: "ann") { arms { experiment arm } } }')
        assert state["personState"]["arms"] == page(face, person="ann")["arms"]


def test_a_new_release_moves_nobody_and_a_larger_share_only_adds(
    engine: Engine, shop: Spec
) -> None:
    people, seen = list(map(str, range(200))), []
    for share in ("20%", "20%", "70%", "20%"):
        spec = trying(shop, pinned=half(share=share))
        number = release(engine, spec)
        with engine.begin() as connection:
            number = number or read_live(connection).release
            tables = tables_of(hold(connection, spec.experiments, number))
        arms = {p: arms_of(tables, spec.experiments, f"person {p}")[0].arm for p in people}
        seen.append({person for person in people if arms[person] == "changed"})
    assert seen[0] == seen[1] == seen[3]
    assert seen[0] < seen[2]
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM weft.allotment")).scalar()
    assert kept == 3


def test_a_release_that_was_withdrawn_leaves_no_mark(engine: Engine, shop: Spec) -> None:
    held = []
    for share in ("20%", "70%"):
        spec = trying(shop, pinned=half(share=share))
        number = release(engine, spec)
        with engine.begin() as connection:
            held.append(hold(connection, spec.experiments, number or 0))
    with engine.begin() as connection:
        go_back(connection)
    spec = trying(shop, other=half(share="60%", layer="other"), pinned=half(share="20%"))
    number = release(engine, spec)
    with engine.begin() as connection:
        after = hold(connection, spec.experiments, number or 0)
    assert after["main"] == held[0]["main"]


def test_a_report_counts_by_trace_and_by_item(engine: Engine, shop: Spec) -> None:
    spec = trying(shop, pinned=half())
    release(engine, spec)
    counted = serve(engine, spec)
    made = report_of(engine)
    by_arm = {one.arm: one for one in made.arms}
    assert {name: one.persons for name, one in by_arm.items()} == counted
    for one in made.arms:
        assert one.pages == one.persons
        assert one.shown == ITEMS * one.pages
        assert one.clicks == one.persons
        assert one.conversions == 2 * one.persons
        assert one.ctr is not None
        assert one.ctr.value == pytest.approx(1 / ITEMS)
    assert by_arm["changed"].ctr_difference is not None
    assert by_arm["changed"].ctr_difference.value == pytest.approx(0)
    assert made.balanced == counted
    assert not made.alarm


def test_arms_without_the_persons_that_they_should_have_raise_an_alarm(
    engine: Engine, shop: Spec
) -> None:
    spec = trying(shop, pinned=half())
    release(engine, spec)
    with open_face(engine, spec) as face:
        for person in map(str, range(30)):
            page(face, person=person)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM trace WHERE arms ->> 'pinned' = 'changed'"))
    assert report_of(engine).alarm


def report_of(engine: Engine) -> Report:
    with engine.begin() as connection:
        return report(connection, Asked("pinned", None, datetime.now(UTC) + timedelta(hours=1)))


def serve(engine: Engine, spec: Spec) -> dict[str, int]:
    """Give everybody a page, a click that counts once, and purchases: one of them names no page."""
    counted: dict[str, int] = {}
    events: list[dict[str, Any]] = []
    with open_face(engine, spec) as face:
        for person in map(str, range(24)):
            made = page(face, person=person)
            counted[str(arm(made))] = counted.get(str(arm(made)), 0) + 1
            events += _deeds(person, made["traceId"])
    with engine.begin() as connection:
        load(connection, spec, "event", events)
    return counted


def _deeds(person: str, trace: str) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    deeds = [
        ("click", "red-dress", trace),
        ("click", "red-dress", trace),
        ("click", "blue-dress", "another"),
        ("purchase", "new-cup", trace),
        ("purchase", "blue-cup", None),
        ("click", "blue-cup", None),
    ]
    return [
        {"id": f"{person}.{number}", "kind": kind, "person": person, "item": item, "trace": page,
         "time": (now + timedelta(seconds=number + 1)).isoformat()}
        for number, (kind, item, page) in enumerate(deeds)
    ]  # fmt: skip
