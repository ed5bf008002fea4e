"""An analyst's own view or function: what is refused, and what never gets in the way."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from api.building import apply_spec, prove_spec
from api.releases import scenes_of
from api.spec import Spec
from ranking.asking import Request
from ranking.page import Page
from ranking.pages import recommend
from recall.gathering import Dropped
from tests.asking import ask
from tests.conftest import administer
from tests.tiny import NOON, TEXT, open_tiny
from weft.errors import BuildError, StepFailed
from weft.releases import read_live
from weft.running import Quiet

SCHEMA = "CREATE SCHEMA mine;"


def shop(engine: Engine, folder: Path, made: str, section: str, deadline: str = "30s") -> Spec:
    """Open the tiny shop with an analyst's own channel in the scene `home`."""
    with engine.begin() as connection:
        connection.execute(text(SCHEMA + made))
    channels = f"    picks: {{type: sql, {section}, deadline: {deadline}}}\nscenes:"
    spec = TEXT.replace("scenes:", channels).replace("[popular, fresh]", "[picks, popular]")
    return open_tiny(engine, folder, spec)


def page(engine: Engine, spec: Spec, person: int | None = None) -> tuple[list[str], Page]:
    with engine.connect() as connection:
        live = read_live(connection)
        keys = dict(connection.execute(text("SELECT id, key FROM item")).all())
    assert live is not None
    request = Request("home", person, 10, NOON)
    scenes = scenes_of(spec, live)
    made = ask(engine, lambda connection: recommend(connection.engine, scenes, request))
    return [keys[found.item] for found in made.items], made


PICKS = "CREATE VIEW mine.picks AS SELECT key AS item, 1.0 AS score FROM item"


def test_rows_of_a_view_are_candidates(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, f"{PICKS} WHERE key = 'new-cup'", "view: mine.picks")
    apply_spec(engine, spec, Quiet())
    keys, made = page(engine, spec)
    assert keys[0] == "new-cup"
    assert made.items[0].channel == "picks"


def test_rows_may_be_for_one_person_scene_or_context_only(engine: Engine, tmp_path: Path) -> None:
    rows = """CREATE TABLE mine.picks AS SELECT * FROM (VALUES
        ('new-cup', 3, 'ann', NULL, NULL::jsonb), ('blue-dress', 2, NULL, 'liked', NULL),
        ('blue-cup', 1, NULL, 'home', '{"person.city": "Rome"}')
    ) AS rows(item, score, person, scene, context)"""
    spec = shop(engine, tmp_path, rows, "view: mine.picks")
    apply_spec(engine, spec, Quiet())

    def picked(person: int | None) -> list[str]:
        keys, made = page(engine, spec, person)
        return [k for k, f in zip(keys, made.items, strict=True) if f.channel == "picks"]

    assert picked(None) == []
    assert picked(1) == ["new-cup"]
    assert picked(3) == ["blue-cup"]


@pytest.mark.parametrize(
    ("made", "section", "told"),
    [
        ("", "view: mine.picks", 'relation "mine.picks" does not exist'),
        ("", "function: mine.picks", "function mine.picks"),
        (
            "CREATE VIEW mine.picks AS SELECT key AS thing, 1 AS score FROM item",
            "view: mine.picks",
            "the column 'item' has to be the key of an item .* there are thing, score",
        ),
        (
            "CREATE VIEW mine.picks AS SELECT key AS item, 'high' AS score FROM item",
            "view: mine.picks",
            "the column 'score' has to be a number",
        ),
        (
            "CREATE VIEW mine.picks AS SELECT key AS item, 1 AS score, 7 AS person FROM item",
            "view: mine.picks",
            "the column 'person' has to be the key of a person",
        ),
        (
            "CREATE VIEW mine.picks AS SELECT key AS item, 1 AS score FROM item, pg_sleep(9)",
            "view: mine.picks",
            "statement timeout",
        ),
        (
            "CREATE FUNCTION mine.picks(text, text, timestamptz)"
            " RETURNS TABLE (item text, score int) LANGUAGE sql AS"
            " $$ DELETE FROM event RETURNING kind, 1 $$",
            "function: mine.picks",
            "cannot execute DELETE in a read-only transaction",
        ),
        (PICKS, "view: mine.picks, role: nobody_there", "nobody_there"),
    ],
)
def test_what_could_not_answer_is_refused_when_it_is_built(
    engine: Engine, tmp_path: Path, made: str, section: str, told: str
) -> None:
    spec = shop(engine, tmp_path, made, section, deadline="300ms")
    with pytest.raises(StepFailed, match=told):
        apply_spec(engine, spec, Quiet())


def test_a_check_of_the_database_names_the_channel(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, PICKS, "view: mine.pics")
    with pytest.raises(BuildError, match=r'channels.picks: mine.pics: relation "mine.pics" does'):
        prove_spec(engine, spec)
    right = spec.recall.channels["picks"].model_copy(update={"view": "mine.picks"})
    recall = spec.recall.model_copy(update={"channels": {"picks": right}})
    prove_spec(engine, spec.model_copy(update={"recall": recall}))


def test_a_slow_view_is_dropped_and_the_others_answer(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, PICKS, "view: mine.picks", deadline="300ms")
    apply_spec(engine, spec, Quiet())
    slow = "CREATE OR REPLACE VIEW mine.picks AS SELECT key AS item, 1.0 AS score FROM item"
    with engine.begin() as connection:
        connection.execute(text(f"{slow}, pg_sleep(30)"))
    keys, made = page(engine, spec)
    assert made.dropped == (Dropped("picks", "late"),)
    assert keys == ["red-dress", "blue-dress", "blue-cup"]


def test_a_view_that_is_gone_is_dropped_and_the_others_answer(
    engine: Engine, tmp_path: Path
) -> None:
    spec = shop(engine, tmp_path, PICKS, "view: mine.picks")
    apply_spec(engine, spec, Quiet())
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW mine.picks"))
    keys, made = page(engine, spec)
    assert made.dropped == (Dropped("picks", "failed"),)
    assert "red-dress" in keys


@pytest.fixture
def reader(server: str) -> Iterator[str]:
    name = f"weft_reader_{uuid.uuid4().hex[:8]}"
    try:
        administer(server, f'CREATE ROLE "{name}"')
    except ProgrammingError:
        pytest.skip("the owner of this server's databases may not make roles")
    yield name
    administer(server, f'DROP ROLE "{name}"')


def test_a_role_sees_only_what_it_may(engine: Engine, tmp_path: Path, reader: str) -> None:
    made = f"{PICKS}; GRANT USAGE ON SCHEMA mine TO {reader}; GRANT SELECT ON item TO {reader};"
    spec = shop(engine, tmp_path, made, f"view: mine.picks, role: {reader}")
    with pytest.raises(StepFailed, match="permission denied for view picks"):
        apply_spec(engine, spec, Quiet())
    with engine.begin() as connection:
        connection.execute(text(f"GRANT SELECT ON mine.picks TO {reader}"))
    apply_spec(engine, spec, Quiet())
    assert page(engine, spec)[1].items[0].channel == "picks"
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {reader}"))
