"""Some hundred requests of the fuzzer; `make bench-fuzz` sends ten thousand."""

import random

import pytest
from sqlalchemy import Engine

from api.spec import Spec
from bench.fuzz_checks import wrong_with
from bench.fuzz_grammar import request
from tests.api.shop import fill, new_key, open_face, release, tiny

ROLES = ("reader", "writer", "analyst", "operator")
REQUESTS = 400


def test_whatever_is_asked_the_answer_is_in_order(
    engine: Engine, bazaar: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(engine, bazaar, tiny())
    release(engine, bazaar)
    chance = random.Random(11)
    with open_face(engine, bazaar) as face:
        keys = {role: new_key(engine, role) for role in ROLES}
        schema = face.service.serving.schema._schema
        for number in range(REQUESTS):
            role = chance.choice([*ROLES, None])
            body = request(schema, chance)
            asking = face.holding(keys[role] if role else None)
            response = face.send("POST", "/graphql", content=body, headers=asking.headers())
            wrong = list(wrong_with(response.status_code, response.content, body, role))
            assert not wrong, (number, role, wrong, body, response.text)
