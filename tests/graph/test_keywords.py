from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Create, NewLabel
from graph.texts import queries
from graph.texts.keywords import stream
from tests.tiny import TEXT, at, load, open_tiny
from weft.releases import go_back
from weft.running import Quiet

TEXTS = "text:\n  languages: [en, zh]\n"
READS = TEXT.replace("recall:\n", f"{TEXTS}  keywords: {{at_least: 2}}\nrecall:\n", 1)
ANN = Author("ann", "a test")
SEARCHES = ["red dresses", "red dress", "Red Dress", "tote", "tote", "sandal"]


def fill(engine: Engine, spec: Spec) -> None:
    searches = [
        {"id": f"s{n}", "kind": "search", "person": "ann", "keyword": words, "time": at(-1)}
        for n, words in enumerate(SEARCHES)
    ]
    with engine.begin() as connection:
        edit(connection, Create("red", "color", (NewLabel("en", "red"),)), ANN)
        load(connection, spec, "event", searches)


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path, READS)
    fill(engine, spec)
    apply_spec(engine, spec, Quiet())
    return spec


def ask(engine: Engine, question: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def words(engine: Engine) -> dict[object, tuple[object, ...]]:
    """Give titles and queries by keyword."""
    rows = ask(engine, "SELECT text, titles, queries FROM live.keyword ORDER BY rank")
    return {row[0]: row[1:] for row in rows}


def test_titles_and_searches_are_counted_apart_and_forms_together(
    engine: Engine, shop: Spec
) -> None:
    found = words(engine)
    assert found["dress"] == (3, 3)
    assert found["cup"] == (3, 0)
    assert found["tote"] == (0, 2)
    assert found["red"] == (1, 3)
    assert not {"dresses", "sandal"} & set(found)


def test_keywords_know_their_items(engine: Engine, shop: Spec) -> None:
    rows = ask(engine, "SELECT item FROM live.item_keyword WHERE keyword = 'dress' ORDER BY 1")
    assert rows == [("blue-dress",), ("old-dress",), ("red-dress",)]
    weights = dict(ask(engine, "SELECT keyword, weight FROM live.item_keyword"))
    assert weights["blue"] > weights["dress"] > 0


def test_keywords_mean_tags(engine: Engine, shop: Spec) -> None:
    rows = ask(engine, "SELECT tag, weight FROM live.keyword_tag WHERE keyword = 'dress'")
    assert rows == [("dress", 1.0)]
    assert ask(engine, "SELECT tag FROM live.keyword_tag WHERE keyword = 'tote'") == []


def test_views_follow_the_release(engine: Engine, shop: Spec) -> None:
    before = words(engine)
    with engine.begin() as connection:
        bags = [{"key": f"bag{n}", "title": "canvas bag", "category": "cup"} for n in range(2)]
        load(connection, shop, "item", bags)
    apply_spec(engine, shop, Quiet())
    assert words(engine)["bag"] == (2, 0)
    assert "bag" not in before
    with engine.begin() as connection:
        go_back(connection)
    assert words(engine) == before


def test_nothing_new_makes_no_keywords(engine: Engine, shop: Spec) -> None:
    assert apply_spec(engine, shop, Quiet()).ran == ()


def test_only_the_most_telling_are_kept_and_searches_can_be_left_out(
    engine: Engine, tmp_path: Path
) -> None:
    options = "keywords: {at_least: 2, most: 2, queries: false}"
    spec = open_tiny(engine, tmp_path, READS.replace("keywords: {at_least: 2}", options))
    fill(engine, spec)
    apply_spec(engine, spec, Quiet())
    assert words(engine) == {"cup": (3, 0), "dress": (3, 0)}
    assert ask(engine, "SELECT DISTINCT keyword FROM live.item_keyword ORDER BY 1") == [
        ("cup",),
        ("dress",),
    ]


def test_without_the_section_there_is_no_step_and_titles_are_read_the_same(
    engine: Engine, shop: Spec
) -> None:
    other = shop.model_copy(update={"text": shop.text.model_copy(update={"keywords": None})})
    assert apply_spec(engine, other, Quiet()).ran == ()
    assert words(engine) == {}


def test_words_that_segmenting_cuts_to_pieces_are_found(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, READS)
    beside = "男女儿童老幼青春夏秋冬东南西北前后左右上下"
    around = zip(beside, beside[::-1], strict=True)
    titles = [f"{one}喵啵糯{other}" for one, other in around]
    titles += ["红色连衣裙黑色牛仔裤"] * 60
    with engine.begin() as connection:
        items = [{"key": f"n{n}", "title": t, "category": "cup"} for n, t in enumerate(titles)]
        load(connection, spec, "item", items)
    apply_spec(engine, spec, Quiet())
    assert words(engine)["喵啵糯"] == (len(beside), 0)
    rows = ask(engine, "SELECT count(*) FROM live.item_keyword WHERE keyword = '喵啵糯'")
    assert rows == [(len(beside),)]


def test_endless_words_are_no_keywords(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, READS)
    with engine.begin() as connection:
        endless = "".join(chr(0x0430 + n * n % 31) for n in range(1900))
        items = [{"key": f"n{n}", "title": f"{endless} cup", "category": "cup"} for n in range(3)]
        load(connection, spec, "item", items)
    apply_spec(engine, spec, Quiet())
    assert max(len(str(word)) for word in words(engine)) < 10


def test_titles_come_through_a_cursor_of_the_server(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        rows: Iterator[object] = stream(connection, queries.ALL_TITLES)
        next(rows)
        open_now = connection.execute(text("SELECT count(*) FROM pg_cursors")).scalar_one()
        assert open_now == 1
        assert len(list(rows)) == 5
