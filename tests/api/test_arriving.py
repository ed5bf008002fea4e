"""Items that come and go between builds: every channel finds them, and then none does."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.arriving import catch_up
from api.spec import Spec, open_spec
from recall.candidates import Question
from tests.api.shop import NOON, Face, fill, load, new_key, open_face, release, tiny
from tests.conftest import CHECKOUT
from tests.patience import patient
from tests.weft.client.test_client import Through
from weft.client import Client
from weft.releases import read_live

UPSERT = """mutation ($items: [ItemInput!]!) {
    upsertItems(items: $items) { added changed unchanged rejected { index column reason } } }"""
REMOVE = "mutation ($keys: [ID!]!) { removeItems(keys: $keys) { removed gone unknown } }"
PAGE = """query ($scene: String!, $where: ItemFilter) {
    recommend(scene: $scene, person: "ann", first: 50, where: $where) {
        edges { node { item { key } } } } }"""
HOLDS = ("fresh", "topics", "tastes", "near")  # channels that can hold what nobody knows yet


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    """The demo shop with a scene for each of its channels."""
    path = tmp_path_factory.mktemp("spec") / "weft.yaml"
    whole = (CHECKOUT / "examples" / "bazaar" / "weft.yaml").read_text()
    channels = [*HOLDS, "popular", "similar", "again"]
    scenes = "".join(f"  {name}: {{recall: [{name}]}}\n" for name in channels)
    whole = whole.replace("space: known\n", "space: known\n      deadline: 30s\n")
    whole = whole.replace("  ner: {titles: 3000, epochs: 4}\n", "").replace(
        "at_least: 3", "at_least: 1"
    )
    models = whole[whole.index("ranking:\n") : whole.index("scenes:\n")]
    whole = whole.replace(models, "").replace(
        "    coarse: {model: coarse, keep: 300}\n    fine: fine\n", ""
    )
    path.write_text(whole.replace("scenes:\n", f"scenes:\n{scenes}"))
    return patient(open_spec(path))


@pytest.fixture(scope="module")
def face(module_engine: Engine, apart: Spec) -> Iterator[Face]:
    """Ann has clicked jeans; all is built and served."""
    fill(module_engine, apart, tiny())
    with module_engine.begin() as connection:
        load(connection, apart, "event", [click("j1"), click("j2"), click("s1", hours=30)])
    release(module_engine, apart)
    with open_face(module_engine, apart, "writer") as face:
        face.portal.call(warmed, face)
        yield face


async def warmed(face: Face) -> None:
    """Wait until memory is filled: what is measured here is what is found, not how fast."""
    await asyncio.gather(*face.service.busy)


def new(key: str) -> dict[str, Any]:
    """Give red jeans that nobody has seen."""
    published = (NOON - timedelta(minutes=1)).isoformat()
    return {"key": key, "title": "红色牛仔裤", "category": "jeans", "brand": "acme", "city": "上海",
            "publishedAt": published}  # fmt: skip


def click(item: str, hours: float = 2) -> dict[str, Any]:
    when = datetime.now(UTC) - timedelta(hours=hours)
    return {"id": f"c-{item}", "kind": "click", "person": "ann", "item": item,
            "time": when.isoformat()}  # fmt: skip


def upsert(face: Face, *items: dict[str, Any]) -> Any:
    return face.ask(UPSERT, items=list(items))["upsertItems"]


def keys(face: Face, scene: str, **where: Any) -> set[str]:
    page = face.ask(PAGE, scene=scene, where=where or None)["recommend"]
    return {edge["node"]["item"]["key"] for edge in page["edges"]}


def typed(face: Face, words: str) -> set[str]:
    """Ask the keyword channel."""
    released = face.service.serving.released
    assert released is not None
    question = Question("", None, datetime.now(UTC), keyword=words)

    async def find() -> set[str]:
        finder = released.scenes.finders["keyword"]
        async with face.service.databases.recalling.connect() as connection:
            found = await finder.find(connection, question, 50)
            query = text("SELECT key FROM item WHERE id = ANY(:ids)")
            rows = await connection.execute(query, {"ids": found.items.tolist()})
            return set(rows.scalars())

    return face.portal.call(find)


def without(face: Face, key: str) -> list[str]:
    """Name the channels that do not find an item, and the scene that asks all of them."""
    missing = [name for name in (*HOLDS, "home") if key not in keys(face, name)]
    return missing + ([] if key in typed(face, "红色牛仔裤") else ["keyword"])


NONE = [*HOLDS, "home", "keyword"]


def test_what_came_is_found_through_every_channel_and_what_went_through_none(face: Face) -> None:
    assert without(face, "new") == NONE
    told = upsert(face, new("new"))
    assert told == {"added": 1, "changed": 0, "unchanged": 0, "rejected": []}
    assert without(face, "new") == []
    assert "new" in keys(face, "fresh", category={"eq": "jeans"})
    gone = face.ask(REMOVE, keys=["new", "nobody"])["removeItems"]
    assert gone == {"removed": 1, "gone": 0, "unknown": ["nobody"]}
    assert without(face, "new") == NONE
    assert face.ask(REMOVE, keys=["new"])["removeItems"]["gone"] == 1
    upsert(face, new("new"))
    assert without(face, "new") == []


def test_the_same_again_changes_nothing(face: Face, module_engine: Engine) -> None:
    upsert(face, new("again"))
    before = rows(module_engine)
    assert upsert(face, new("again"))["unchanged"] == 1
    assert rows(module_engine) == before


def test_a_changed_item_is_found_as_what_it_is_now(face: Face) -> None:
    upsert(face, new("other"))
    changed = {**new("other"), "title": "silver boots", "category": "shoes"}
    assert upsert(face, changed)["changed"] == 1
    assert "other" in typed(face, "silver")
    assert "other" not in typed(face, "牛仔裤")
    assert "other" in keys(face, "fresh", category={"eq": "shoes"})
    assert "other" not in keys(face, "tastes", category={"eq": "jeans"})


def test_what_has_ended_or_not_begun_is_not_found(face: Face) -> None:
    upsert(face, new("ends"))
    upsert(face, {**new("ends"), "expiresAt": (NOON - timedelta(seconds=1)).isoformat()})
    assert without(face, "ends") == NONE
    upsert(face, {**new("ends"), "publishedAt": (NOON + timedelta(days=1)).isoformat()})
    assert without(face, "ends") == NONE


def test_a_bad_item_does_not_stop_the_others(face: Face) -> None:
    wrong = {**new("wrong"), "title": " "}
    told = upsert(face, wrong, new("good"), {**new("bad"), "brand": "jeans"})
    assert told["added"] == 1
    assert [r["index"] for r in told["rejected"]] == [0, 2]
    assert told["rejected"][0]["column"] == "title"


def test_a_release_keeps_what_came_while_it_was_made(
    face: Face, module_engine: Engine, apart: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def arrive_then_welcome(connection: Any, spec: Spec, artifacts: Any) -> int:
        upsert(face, new("meanwhile"))
        return catch_up(connection, spec, artifacts)

    monkeypatch.setattr("api.building.catch_up", arrive_then_welcome)
    upsert(face, new("before"))
    assert release(module_engine, apart) is not None
    face.portal.call(face.service.refresh)
    assert without(face, "before") == []
    assert without(face, "meanwhile") == []


def test_ties_are_as_a_build_makes_them(face: Face, module_engine: Engine, apart: Spec) -> None:
    upsert(face, new("tied"), {**new("moved"), "city": "广州", "seller": "s1"})
    upsert(face, {**new("moved"), "title": "black shoes", "category": "shoes"})
    before = ties(module_engine)
    release(module_engine, apart)
    assert ties(module_engine) == before
    assert len(before) > 10


def test_every_process_finds_it_and_finds_it_no_more(
    face: Face, module_engine: Engine, apart: Spec
) -> None:
    with open_face(module_engine, apart) as other:
        other.portal.call(warmed, other)
        assert without(other, "everywhere") == NONE  # what it remembers now is soon out of date
        upsert(face, new("everywhere"))
        assert without(other, "everywhere") == []
        face.ask(REMOVE, keys=["everywhere"])
        assert without(other, "everywhere") == NONE


def test_the_client_finds_it_by_every_question(face: Face) -> None:
    upsert(face, new("asked"))
    with Client("http://shop", face.key or "", transport=Through(face)) as shop:
        fields = "key price publishedAt"
        page = shop.recommend("fresh", person="ann", first=50, fields=fields)
        assert "asked" in page.keys
        assert page.release
        jeans = shop.search_items("红色牛仔裤", where={"category": {"eq": "jeans"}})
        assert "asked" in jeans.keys
        assert "asked" in shop.similar_items("j1", space="known").keys
        pages = [shop.recommend("home", first=1)]
        while pages[-1].after and len(pages) < 3:
            pages.append(shop.recommend("home", first=1, after=pages[-1].after))
        assert len({key for one in pages for key in one.keys}) == 3


def test_only_writers_may_and_not_all_at_once(face: Face, module_engine: Engine) -> None:
    reading = face.holding(new_key(module_engine, "reader"))
    assert reading.code(UPSERT, items=[new("no")]) == "FORBIDDEN"
    assert reading.code(REMOVE, keys=["j1"]) == "FORBIDDEN"
    assert face.code(UPSERT, items=[new("no")] * 501) == "BAD_REQUEST"


def test_before_the_first_release_items_are_only_stored(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "writer") as face:
        assert upsert(face, new("early"))["added"] == 1


def ties(engine: Engine) -> list[Any]:
    """What ties items to what is known of them, and what its nodes have in all."""
    edges = "SELECT kind, source, target, round(mass::numeric, 6), n FROM derived.edge"
    nodes = "SELECT kind, side, node, degree, 0 FROM derived.edge_node"
    parts = (
        f"{edges} WHERE kind IN ('tagged', 'has')",
        f"{nodes} WHERE kind IN ('tagged', 'has') AND degree > 0",
    )
    with engine.connect() as connection:
        return [row for part in parts for row in sorted(map(tuple, connection.execute(text(part))))]


def rows(engine: Engine) -> list[Any]:
    """All that is kept of items, but for the times of changes."""
    parts = (
        "SELECT 'item', id, 0, 0 FROM item",
        "SELECT context::text, rank, item, score FROM live.ranked",
        "SELECT kind, source, target, mass FROM derived.edge",
        "SELECT kind || side, node, degree, mass FROM derived.edge_node",
        "SELECT e::text, id, 0, 0 FROM live.vector",
        "SELECT array_to_string(terms, ' '), item, 0, 0 FROM derived.posting_newer",
    )
    with engine.connect() as connection:
        return [sorted(map(tuple, connection.execute(text(part)))) for part in parts]


def test_a_release_takes_in_only_what_its_build_has_not_seen(
    face: Face, module_engine: Engine, apart: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr("api.building.catch_up", lambda *asked: taken.append(catch_up(*asked)))
    upsert(face, new("seen"))
    assert release(module_engine, apart) is not None
    assert taken == [0]


def test_a_rollback_takes_in_what_came_since(
    face: Face, module_engine: Engine, apart: Spec
) -> None:
    upsert(face, new("to begin with"))
    release(module_engine, apart)
    with module_engine.begin() as connection:
        before = read_live(connection)
    upsert(face, new("since"), new("since too"))
    assert release(module_engine, apart) is not None
    with module_engine.begin() as connection:
        assert before is not None
        assert catch_up(connection, apart, before.artifacts) == 2
        connection.rollback()
