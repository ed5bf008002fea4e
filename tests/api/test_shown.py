from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.spec import Spec, open_spec
from tests.api.edits import edit
from tests.api.shop import Face, fill, open_face, release, tiny
from tests.conftest import CHECKOUT
from tests.patience import patient

ASKED = """key category { key revision retired } brand { key facet label }
    makers { key revision } tags { key facet revision } named: tags(facet: "brand") { key }"""
PAGE = f"""{{ recommend(scene: "home") {{ edges {{ node {{ item {{ {ASKED} }} }} }} }} }}"""
LISTED = f"{{ items {{ edges {{ node {{ {ASKED} }} }} }} }}"
EDITS = (
    edit("renameTag", 'key: "shoes", basedOn: 1, language: "en", text: "Footwear"'),
    edit("mergeTag", 'key: "jeans", basedOn: 1, into: "trousers"'),
    edit("assignTag", 'item: "t1", tag: "zenith"'),
    edit("unassignTag", 'item: "s1", tag: "shoes"'),
    edit("retireTag", 'key: "acme", basedOn: 1'),
)


@pytest.fixture
def makers(tmp_path: Path) -> Spec:
    """The demo shop, whose items have several makers."""
    lines = (CHECKOUT / "examples" / "bazaar" / "weft.yaml").read_text()
    brand = "    brand: {type: tag, facet: brand, filter: true}\n"
    assert brand in lines
    several = brand + "    makers: {type: tag, facet: brand, many: true}\n"
    (tmp_path / "weft.yaml").write_text(lines.replace(brand, several))
    return patient(open_spec(tmp_path / "weft.yaml"))


def shown(face: Face) -> dict[str, Any]:
    edges = face.ask(PAGE)["recommend"]["edges"]
    return {edge["node"]["item"]["key"]: edge["node"]["item"] for edge in edges}


def listed(face: Face) -> dict[str, Any]:
    edges = face.ask(LISTED)["items"]["edges"]
    return {edge["node"]["key"]: edge["node"] for edge in edges}


def test_a_page_shows_every_edit_of_tags_at_the_next_request(engine: Engine, makers: Spec) -> None:
    items = tiny()
    items[0] |= {"makers": ["zenith", "acme"]}
    items[1] |= {"makers": ["acme"]}
    fill(engine, makers, items)
    release(engine, makers)
    with open_face(engine, makers, "analyst") as face:
        seen = [shown(face)]
        assert [tag["key"] for tag in seen[0]["j1"]["makers"]] == ["zenith", "acme"]
        for mutation in EDITS:
            face.ask(mutation)
            page, known = shown(face), listed(face)
            assert page
            assert page == {key: known[key] for key in page}, mutation
            assert page not in seen
            seen.append(page)
        assert page["j1"]["category"]["key"] == "trousers"
        assert page["s1"]["tags"] == []


def test_a_page_shows_what_was_changed_past_the_taxonomy(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    query = '{ recommend(scene: "home") { edges { node { item { key brand { key } } } } } }'
    with open_face(engine, bazaar) as face:
        face.ask(query)
        with engine.begin() as connection:
            connection.execute(text("UPDATE tag SET key = E'a\\x1f\"\\\\' WHERE key = 'acme'"))
            connection.execute(
                text("""
                UPDATE item SET attributes = attributes || '{"brand": "a\\u001f\\"\\\\"}'
                WHERE key = 'j1'
            """)
            )
        edges = face.ask(query)["recommend"]["edges"]
    items = {edge["node"]["item"]["key"]: edge["node"]["item"] for edge in edges}
    assert items["j1"]["brand"] == {"key": 'a\x1f"\\'}
    assert items["s1"]["brand"] is None


def test_a_trace_that_cannot_be_kept_is_told_and_ends_the_reading(
    engine: Engine, bazaar: Spec
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    query = '{ recommend(scene: "home") { edges { node { item { key } } } } }'
    with open_face(engine, bazaar) as face:
        face.ask(query)
        with engine.begin() as connection:
            connection.execute(
                text("ALTER TABLE trace ADD CONSTRAINT none CHECK (false) NOT VALID")
            )
        assert face.code(query) == "INTERNAL"
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE trace DROP CONSTRAINT none"))
        assert face.ask(query)["recommend"]["edges"]
