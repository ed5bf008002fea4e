"""Editing the taxonomy over GraphQL."""

import pytest
from sqlalchemy import Engine

from api.spec import Spec
from tests.api.edits import EDITS, edit
from tests.api.shop import fill, open_face, tiny

HISTORY = """query ($tag: ID, $first: Int!, $after: String) {
    taxonomyHistory(tag: $tag, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { id at author reason verb tag into item revision before after } } } }"""
MAY_EDIT = {"reader": False, "writer": False, "analyst": True, "operator": True}
MERGE = edit("mergeTag", 'key: "jeans", basedOn: 1, into: "trousers"')


def keys(page) -> list[str]:
    return [edge["node"]["key"] for edge in page["edges"]]


@pytest.mark.parametrize("role", MAY_EDIT)
def test_only_analysts_and_operators_edit(engine: Engine, bazaar: Spec, role: str) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, role) as face:
        for name, mutation in EDITS.items():
            if MAY_EDIT[role]:
                assert face.ask(mutation)[name]["change"]["reason"] == "so"
            else:
                assert face.error(mutation)["message"] == (
                    f"{name} needs the role 'analyst'; this key has {role}"
                )
        if not MAY_EDIT[role]:
            assert face.code(HISTORY, first=1) == "FORBIDDEN"


def test_an_edit_answers_with_the_tag_and_the_change(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "analyst") as face:
        assert face.ask(EDITS["renameTag"])["renameTag"] == {
            "tag": {"key": "shoes", "revision": 2},
            "change": {
                "verb": "rename", "tag": "shoes", "item": None, "into": None, "revision": 2,
                "author": "test", "reason": "so",
            },
        }  # fmt: skip
        assert face.ask('{ tag(key: "shoes") { label(language: "en") } }')["tag"] == {
            "label": "Footwear"
        }


def test_a_conflict_tells_both_sides(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "analyst") as face:
        face.ask(EDITS["renameTag"])
        error = face.error(EDITS["renameTag"])
    assert error["extensions"]["code"] == "CONFLICT"
    sides = error["extensions"]["sides"]
    assert sides["mine"]["text"] == "Footwear"
    assert sides["theirs"]["now"]["revision"] == 2
    assert [change["author"] for change in sides["theirs"]["changes"]] == ["test"]


@pytest.mark.parametrize(
    ("mutation", "code", "says"),
    [
        (edit("moveTag", 'key: "clothes", basedOn: 1, parents: ["jeans"]'), "BAD_REQUEST",
         "clothes → jeans → trousers → clothes"),
        (edit("retireTag", 'key: "clothes", basedOn: 1'), "BAD_REQUEST", "trousers"),
        (edit("retireTag", 'key: "nothing", basedOn: 1'), "NOT_FOUND", "no tag 'nothing'"),
        (edit("assignTag", 'item: "nothing", tag: "shoes"'), "NOT_FOUND", "no item 'nothing'"),
        (EDITS["retireTag"].replace('"so"', '" "'), "BAD_REQUEST", "a reason is needed"),
    ],
)  # fmt: skip
def test_refusals_say_what_is_wrong(
    engine: Engine, bazaar: Spec, mutation: str, code: str, says: str
) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "analyst") as face:
        error = face.error(mutation)
    assert error["extensions"]["code"] == code
    assert says in error["message"]


def test_a_merged_key_means_its_target_everywhere(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    listing = "query ($f: ItemFilter) { items(filter: $f) { edges { node { key } } } }"
    with open_face(engine, bazaar, "analyst") as face:
        assert face.ask(MERGE)["mergeTag"]["tag"] == {"key": "trousers", "revision": 2}
        for key in ("jeans", "trousers"):
            tag = face.ask(f'{{ tag(key: "{key}") {{ key retired redirectedFrom }} }}')["tag"]
            assert tag == {"key": "trousers", "retired": False, "redirectedFrom": ["jeans"]}
            for test in ({"under": key}, {"eq": key}, {"in": [key, "acme"]}):
                found = face.ask(listing, f={"category": test})["items"]
                assert set(keys(found)) == {"j1", "j2", "t1"}, test
        assert keys(face.ask(listing, f={"category": {"eq": "shoes"}})["items"]) == ["bare", "s1"]
        item = face.ask('{ item(key: "j1") { category { key } tags { key } } }')["item"]
        assert item == {
            "category": {"key": "trousers"},
            "tags": [{"key": "acme"}, {"key": "trousers"}],
        }
        assert "jeans" not in keys(face.ask("{ tags { edges { node { key } } } }")["tags"])


def test_denied_and_retired_tags_are_not_shown(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    query = '{ item(key: "s1") { tags { key } } tags(facet: "brand") { edges { node { key } } } }'
    with open_face(engine, bazaar, "analyst") as face:
        face.ask(EDITS["unassignTag"])
        assert face.ask(query)["item"]["tags"] == [{"key": "acme"}]
        face.ask(edit("retireTag", 'key: "acme", basedOn: 1'))
        answer = face.ask(query)
        assert answer["item"]["tags"] == []
        assert keys(answer["tags"]) == ["zenith"]
        assert face.ask('{ tag(key: "acme") { retired } }')["tag"]["retired"]


def test_the_history_is_paged_from_the_newest(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, "analyst") as face:
        for mutation in EDITS.values():
            face.ask(mutation)
        verbs, after = [], None
        for _ in range(4):
            page = face.ask(HISTORY, tag="shoes", first=3, after=after)["taxonomyHistory"]
            assert page["totalCount"] == 10
            verbs += [edge["node"]["verb"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        boots = face.ask(HISTORY, tag="boots", first=1)["taxonomyHistory"]["edges"][0]["node"]
    assert verbs == [
        "retire", "merge", "unassign", "unrelate", "relate",
        "move", "unlabel", "label", "rename", "import",
    ]  # fmt: skip
    assert (boots["verb"], boots["into"], boots["author"]) == ("merge", "shoes", "test")
    assert boots["before"]["labels"] == [{"language": "zh", "kind": "preferred", "text": "靴子"}]
