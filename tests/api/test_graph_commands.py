"""The commands `weft graph …`, as they are typed."""

import json
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.commands.graph import app
from tests.graph.weaving import add_nodes, weave


@pytest.fixture
def runner(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    add_nodes(engine, item=3, person=1, tag=2)
    weave(engine, "tagged", ("item", "tag"), [(1, 1, 1.0), (2, 1, 0.5), (3, 2, 1.0)])
    weave(engine, "liked", ("person", "item"), [(1, 1, 4.0)])
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    return CliRunner()


def told(runner: CliRunner, *words: str) -> str:
    done = runner.invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_stats_tell_of_edges_nodes_and_parts(runner: CliRunner) -> None:
    output = told(runner, "stats")
    assert "1 person, 0 without any edge" in output
    assert "2 parts, the largest of 4 nodes" in output
    assert "liked" not in told(runner, "stats", "--edges", "tagged")


def test_questions_are_answered_by_name(runner: CliRunner) -> None:
    assert "item:i1 –tagged→ tag:t1 –~tagged→ item:i2" in told(
        runner, "paths", "item:i1", "item:i2"
    )
    assert "person:p1" in told(runner, "neighbours", "item:i1", "--step", "~liked")
    assert "item:i2" in told(runner, "closest", "person:p1", "--kind", "item")
    assert "tag:t1" in told(runner, "common", "item:i1", "item:i2")


def test_the_whole_graph_is_exported_in_each_format(runner: CliRunner, tmp_path: Path) -> None:
    files = {kind: tmp_path / kind for kind in ("graphml", "json", "parquet")}
    for kind, file in files.items():
        assert "4 edges" in told(runner, "export", "--format", kind, "--out", str(file))
    graph = nx.read_graphml(files["graphml"], force_multigraph=True)
    assert graph.edges["person:p1", "item:i1", "liked"]["weight"] == 4
    again = nx.node_link_graph(json.loads(files["json"].read_bytes()), edges="links")
    assert set(again) == set(graph)
    rows = pq.read_table(files["parquet"]).to_pylist()
    assert rows[0] == {
        "edges": "liked", "source_kind": "person", "source": "p1",
        "target_kind": "item", "target": "i1", "weight": 4.0,
    }  # fmt: skip
    assert len(rows) == 4


def test_the_surroundings_of_a_node_are_exported(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "near"
    for kind in ("graphml", "json", "parquet"):
        near = ("--around", "tag:t1", "--radius", "1", "--format", kind, "--out", str(file))
        assert "2 edges" in told(runner, "export", *near)
    assert {row["source"] for row in pq.read_table(file).to_pylist()} == {"i1", "i2"}
