"""How kinds of edge are kept: what is written, what is made anew, what a failure leaves."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from tests.graph.edges.weaving import ask, edges, other, weave
from tests.tiny import at, load
from weft.errors import SpecError, StepFailed
from weft.running import Quiet

LIKED = "    liked: {type: events, half_life: 1h}\n"
STATE = """
SELECT (SELECT json_agg(edge ORDER BY kind, source, target) FROM derived.edge)::text,
       (SELECT json_agg(node ORDER BY kind, side, node) FROM derived.edge_node AS node)::text,
       (SELECT json_agg(kind ORDER BY kind) FROM derived.edge_kind AS kind)::text,
       (SELECT json_agg(seen ORDER BY kind, day) FROM derived.edge_seen AS seen)::text
"""
REBUILT = "SELECT rebuilt FROM derived.edge_kind WHERE kind = 'liked'"
ROWS = "SELECT ctid::text, xmin::text, source, target FROM derived.edge_liked ORDER BY 3, 4"
BREAK = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE 'no space left'; END$$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON derived.edge_kind EXECUTE FUNCTION refuse();
"""


def click(number: int, person: str, item: str, hours: float) -> dict[str, object]:
    return {
        "id": f"n{number}", "kind": "click", "person": person, "item": item, "time": at(hours)
    }  # fmt: skip


def come(engine: Engine, spec: Spec, *rows: dict[str, object]) -> None:
    with engine.begin() as connection:
        load(connection, spec, "event", list(rows))


def test_new_events_write_only_the_edges_that_they_touch(engine: Engine, tmp_path: Path) -> None:
    spec = weave(engine, tmp_path, LIKED, "")
    before = ask(engine, ROWS)
    come(engine, spec, click(1, "cat", "new-cup", 3), click(2, "bob", "blue-cup", -6))
    apply_spec(engine, spec, Quiet())
    kept = set(before) & set(ask(engine, ROWS))
    assert len(kept) == len(before) - 1
    found = edges(engine, "liked")  # now is 3
    assert found[("cat", "new-cup")] == pytest.approx((1, 1))
    assert found[("bob", "blue-cup")] == pytest.approx((5 * 2**-6 + 2**-9, 2))
    assert found[("ann", "red-dress")] == pytest.approx((2**-8, 1))


def test_what_has_faded_too_far_for_a_number_is_made_anew(engine: Engine, tmp_path: Path) -> None:
    spec = weave(engine, tmp_path, LIKED, "")
    late = "UPDATE derived.edge_kind SET landmark = landmark - CAST(:by AS interval)"
    with engine.begin() as connection:
        connection.execute(text(late), {"by": timedelta(hours=301)})
    first = ask(engine, REBUILT)
    come(engine, spec, click(1, "cat", "new-cup", 3))
    apply_spec(engine, spec, Quiet())
    assert ask(engine, REBUILT) > first
    assert edges(engine, "liked")[("ann", "red-dress")] == pytest.approx((2**-8, 1))


def test_a_failure_in_the_middle_leaves_the_edges_of_before(engine: Engine, tmp_path: Path) -> None:
    spec = weave(engine, tmp_path, LIKED, "")
    before = ask(engine, STATE)
    come(engine, spec, click(1, "cat", "new-cup", 3))
    with engine.begin() as connection:
        connection.execute(text(BREAK))
    for tried in (spec, other(tmp_path, LIKED.replace("1h", "2h"))):
        with pytest.raises(StepFailed, match="no space left"):
            apply_spec(engine, tried, Quiet())
        assert ask(engine, STATE) == before


def test_a_changed_definition_makes_a_kind_and_paths_over_it_anew(
    engine: Engine, tmp_path: Path
) -> None:
    more = "    tagged: {type: tags}\n    fond: {type: through, path: [liked, tagged]}\n"
    weave(engine, tmp_path, LIKED + more, "")
    before = dict(ask(engine, "SELECT kind, rebuilt FROM derived.edge_kind"))
    apply_spec(engine, other(tmp_path, LIKED.replace("1h", "2h") + more), Quiet())
    after = dict(ask(engine, "SELECT kind, rebuilt FROM derived.edge_kind"))
    assert {kind for kind in after if after[kind] > before[kind]} == {"liked", "fond"}
    assert edges(engine, "liked")[("ann", "red-dress")] == pytest.approx((2**-2, 1))
    assert edges(engine, "fond")[("ann", "dress")] == pytest.approx((2**-2 + 2**-1.5, 2))


def test_another_weight_writes_no_edge(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, LIKED, "")
    before = ask(engine, ROWS)
    jaccard = LIKED.replace("1h", "1h, weight: jaccard")
    apply_spec(engine, other(tmp_path, jaccard), Quiet())
    assert ask(engine, ROWS) == before
    assert edges(engine, "liked")[("ann", "blue-dress")][0] == pytest.approx(
        2**-3 / (2**-3 + 2**-4)
    )


def test_kinds_that_are_named_no_more_are_dropped(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, LIKED + "    tagged: {type: tags}\n", "")
    apply_spec(engine, other(tmp_path, LIKED), Quiet())
    assert ask(engine, "SELECT DISTINCT kind FROM live.edge") == [("liked",)]
    assert ask(engine, "SELECT DISTINCT kind FROM derived.edge_node") == [("liked",)]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("    a: {type: through, path: [liked, b]}\n", "no kind of edge called 'b'"),
        ("    a: {type: through, path: [liked, liked]}\n", "ends at a item"),
        ("    a: {type: through, path: [a, liked]}\n", "in a circle"),
        ("    node: {type: tags}\n", "'node' is taken"),
        ("    a: {type: attributes, of: [price]}\n", "no keyword attribute called 'price'"),
        ("    a: {type: words}\n", "needs the section `text.keywords`"),
        ("    a: {type: events, half_life: 5m}\n", "an hour or more"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, lines: str, complaint: str) -> None:
    with pytest.raises(SpecError, match=complaint):
        other(tmp_path, LIKED + lines)


def test_nodes_are_analysed_once_edges_are_made(engine: Engine, tmp_path: Path) -> None:
    weave(engine, tmp_path, LIKED, "")
    known = "SELECT count(*) FROM pg_stats WHERE (schemaname, tablename) = ('derived', 'edge_node')"
    assert ask(engine, known) > [(0,)]
