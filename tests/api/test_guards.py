"""Guards: how large a query may be, what it costs, which run at all, how often one may ask."""

import hashlib
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from api.guards.documents import Documents, Invalid
from api.guards.rates import Rates
from api.keys import create_key
from api.persisted import add_query, remove_query
from api.serving import serve_spec
from api.spec import Spec
from tests.api.shop import Face, fill, open_face, tiny
from weft.errors import BadRequest, RateLimited
from weft.settings import USUAL

ME = "{ me { name } }"
TAGS = "query ($n: Int = 5) { tags(first: $n) { edges { node { key } } } }"


@pytest.fixture(scope="module")
def documents(bazaar: Spec) -> Documents:
    return serve_spec(bazaar).documents


def cost(documents: Documents, query: str, **variables: Any) -> int:
    return documents.read(query).cost(documents.schema, None, variables)


def test_lists_multiply_by_first(documents: Documents) -> None:
    assert cost(documents, ME) == 6
    few, many = (cost(documents, TAGS.replace("= 5", f"= {n}")) for n in (10, 100))
    assert many - few == 90 * 2  # an edge and a node each
    assert cost(documents, TAGS, n=100) == many
    deep = "{ tags(first: 100) { edges { node { narrower(first: 100) { key } } } } }"
    assert cost(documents, deep) > 100 * 100


def test_loaders_count_once_and_objects_each(documents: Documents) -> None:
    query = "{ items(first: 10) { edges { node { key %s } } } }"
    bare, tagged = cost(documents, query % ""), cost(documents, query % "brand { key }")
    assert tagged - bare == 2 + 10


def test_fragments_cost_what_they_hold(documents: Documents) -> None:
    plain = cost(documents, "{ tags { edges { node { broader { key } } } } }")
    named = "fragment F on Tag { broader { key } } { tags { edges { node { ...F } } } }"
    inline = "{ tags { edges { node { ... on Tag { broader { key } } } } } }"
    assert cost(documents, named) == cost(documents, inline) == plain


def test_directives_leave_out(documents: Documents) -> None:
    query = "query ($w: Boolean!) { tags { totalCount @include(if: $w) edges { cursor } } }"
    assert cost(documents, query, w=True) - cost(documents, query, w=False) == 50
    skipped = "{ me { name } tags @skip(if: true) { totalCount } }"
    assert cost(documents, skipped) == cost(documents, ME)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("fragment A on Tag { broader { ...B } } fragment B on Tag { broader { ...A } }"
         " { tag(key: \"a\") { ...A } }", "A → B → A"),
        ("fragment A on Tag { ...A } { me { name } }", "holds itself"),
        ("fragment A on Query { ... on Query { ...A } } { ...A }", "holds itself"),
        ("{ tags { edges { node " + "{ broader " * 14 + "{ key }" + "}" * 14 + " } } }", "levels"),
        ("{ annotate(text: " + "[" * 17 + "]" * 17 + ") { text } }", "nested"),
        ("{ " + " ".join(f"a{n}: me {{ name }}" for n in range(31)) + " }", "aliases"),
        ("fragment F on Query { " + " ".join(f"a{n}: me {{ name }}" for n in range(16)) + " }"
         "{ me { name } ...F ... on Query { ...F } }", "aliases"),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_anything_recurses(
    documents: Documents, query: str, says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        documents.read(query)


@pytest.mark.parametrize("text", ["{ a " * 300 + "}" * 300, "{ a(b: " + "[" * 500 + "]" * 500])
def test_what_is_nested_beyond_reason_is_not_even_parsed(documents: Documents, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        documents.read(text)
    assert "nested too deeply" in refused.value.errors[0].message


def test_fragments_that_double_are_counted_without_being_expanded(documents: Documents) -> None:
    chain = "".join(
        f"fragment F{n} on Tag {{ broader {{ ...F{n + 1} }} related {{ ...F{n + 1} }} }} "
        for n in range(9)
    )
    began = time.monotonic()
    with pytest.raises(BadRequest, match="too large"):
        documents.read(chain + 'fragment F9 on Tag { key } { tag(key: "a") { ...F0 } }')
    long = "".join(f"fragment G{n} on Query {{ ...G{n + 1} ...G{n + 1} }} " for n in range(150))
    with pytest.raises(BadRequest, match="too large"):
        documents.read(long + "fragment G150 on Query { me { name } } { ...G0 }")
    assert time.monotonic() - began < 5


def test_documents_are_kept_up_to_a_bound(documents: Documents) -> None:
    few = Documents(documents.schema, kept=2)
    first = few.read(ME)
    assert few.read(ME) is first
    for n in range(3):
        few.read(f"{{ me {{ name }} }} # {n}")
    assert len(few.kept) == 2
    assert few.read(ME) is not first


def test_every_answer_tells_its_cost(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar, settings=replace(USUAL, cost=300)) as face:
        assert face.post(ME).json()["extensions"] == {"cost": {"asked": 6, "limit": 300}}
        response = face.post(TAGS, n=100).json()
        assert response["extensions"]["cost"]["asked"] == 206
        refused = face.post("{ items(first: 100) { edges { node { tags { key } } } } }").json()
        assert refused["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert "costs 1," in refused["errors"][0]["message"]
        assert refused["extensions"]["cost"]["asked"] > 300
        assert face.holding(None).post(ME).json()["extensions"]["cost"]["asked"] == 0


def test_only_operators_and_demos_look_at_the_schema(engine: Engine, bazaar: Spec) -> None:
    looks = "query ($n: String!) { __type(name: $n) { fields { name } } }"
    with open_face(engine, bazaar) as face:
        assert face.error(looks, n="Tag")["message"].startswith("the schema is shown to operators")
        assert (
            face.code("fragment F on Query { __schema { types { name } } } { ...F }") == "FORBIDDEN"
        )
        assert face.ask("{ __typename me { __typename name } }")["__typename"] == "Query"
        assert "Did you mean" not in face.error("{ mee { name } }")["message"]
        face.service.demo = True
        assert face.ask(looks, n="Tag")["__type"]["fields"]
    with open_face(engine, bazaar, "operator") as face:
        assert face.ask(looks, n="Tag")["__type"]["fields"]
        assert "Did you mean" in face.error("{ mee { name } }")["message"]


def persisted(digest: str, query: str | None = None) -> dict[str, Any]:
    body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    return body if query is None else {**body, "query": query}


def test_apollo_clients_send_a_hash_first_and_the_query_once(engine: Engine, bazaar: Spec) -> None:
    digest = hashlib.sha256(ME.encode()).hexdigest()
    with open_face(engine, bazaar) as face:
        error = send(face, persisted(digest))["errors"][0]
        assert error["message"] == "PersistedQueryNotFound"
        assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        assert send(face, persisted(digest, ME))["data"]["me"]
        assert send(face, persisted(digest))["data"]["me"]
        assert (
            "not that of the query" in send(face, persisted(digest, TAGS))["errors"][0]["message"]
        )


def test_with_an_allow_list_only_registered_queries_run(engine: Engine, bazaar: Spec) -> None:
    with engine.begin() as connection:
        digest = add_query(connection, ME, "me")
        assert add_query(connection, ME, "again") == digest
    settings = replace(USUAL, queries="persisted")
    with open_face(engine, bazaar, "operator", settings) as face:
        assert send(face, persisted(digest))["data"]["me"]
        assert face.ask(ME)["me"]
        assert face.code("{ me { roles } }") == "FORBIDDEN"
        assert face.code("{ __schema { types { name } } }") == "FORBIDDEN"
        with engine.begin() as connection:
            remove_query(connection, digest[:10])
        began = time.monotonic()
        while "data" in send(face, persisted(digest)):
            assert time.monotonic() - began < 1
            time.sleep(0.01)


def test_a_key_that_asks_too_much_is_told_when_to_come_again(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar, settings=replace(USUAL, rate=1)) as face:
        responses = [face.post(ME) for _ in range(3)]
        assert [r.status_code for r in responses] == [200, 200, 429]
        assert responses[2].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(responses[2].headers["retry-after"]) >= 1
        with engine.begin() as connection:
            free = create_key(connection, "free", ["reader"], rate=0)
        assert {face.holding(free).post(ME).status_code for _ in range(5)} == {200}


def test_a_bucket_fills_again() -> None:
    now = 0.0
    rates = Rates(10, lambda: now)
    for _ in range(4):
        rates.enter("k", None)
        rates.spend("k", 30)
    with pytest.raises(RateLimited) as refused:
        rates.enter("k", None)
    now += refused.value.seconds
    rates.enter("k", None)
    rates.enter("other", None)


def test_batches_are_refused(engine: Engine, bazaar: Spec) -> None:
    with open_face(engine, bazaar) as face:
        response = face.send("POST", "/graphql", json=[{"query": ME}], headers=face.headers())
        assert response.status_code == 400
        assert "one operation a request" in response.json()["errors"][0]["message"]


def test_other_origins_are_let_in_only_if_named(engine: Engine, bazaar: Spec) -> None:
    asks = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    with open_face(engine, bazaar) as face:
        assert (
            "access-control-allow-origin"
            not in face.send("OPTIONS", "/graphql", headers=asks).headers
        )
    settings = replace(USUAL, origins=("https://shop.example",))
    with open_face(engine, bazaar, settings=settings) as face:
        allowed = face.send("OPTIONS", "/graphql", headers=asks).headers
        assert allowed["access-control-allow-origin"] == "https://shop.example"
        other = face.send("OPTIONS", "/graphql", headers={**asks, "Origin": "https://else.example"})
        assert "access-control-allow-origin" not in other.headers


def send(face: Face, body: dict[str, Any]) -> Any:
    return face.send("POST", "/graphql", json=body, headers=face.headers()).json()
