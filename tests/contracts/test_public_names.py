from typing import Any, get_args

from api.commands.graph import GraphFormat
from api.commands.importing import FileFormat, What
from graph.formats.kinds import FORMATS, TAXONOMIES
from graph.paths.exports import WRITE
from ranking.rerank.kinds import AnyRule
from recall.blending import AnyFusion
from recall.channels.kinds import AnyChannel
from tests.contracts.command_line import commands
from weft.events import KINDS
from weft.monitors.kinds import AnyMonitor


def test_channels() -> None:
    assert _types(AnyChannel) == {
        "again", "fresh", "itemcf", "keyword", "nearest", "neighbours", "popular", "sql", "swing",
        "tags", "walk",
    }  # fmt: skip


def test_fusion() -> None:
    assert _types(AnyFusion) == {"calibrated", "reciprocal", "snake"}


def test_rules_of_re_ranking() -> None:
    assert _types(AnyRule) == {"bans", "cap", "dpp", "fresh", "mmr", "pins", "scatter"}


def test_monitors() -> None:
    assert _types(AnyMonitor) == {"bounds", "sigma"}


def test_formats() -> None:
    assert set(FORMATS) == {"csv", "jsonl", "parquet"}
    assert set(TAXONOMIES) == {"google", "shopify"}
    assert {kind.value for kind in FileFormat} == {*FORMATS, *TAXONOMIES}


def test_kinds_of_event() -> None:
    usual = {"expose", "click", "collect", "cart", "coupon", "purchase", "search"}
    assert set(KINDS) == usual


def test_commands() -> None:
    assert commands() == {
        "apply", "canary", "check", "demo", "eval", "experiment", "explain", "features", "graph",
        "history", "import", "keys", "plan", "queries", "release", "rollback", "samples", "schema",
        "show", "status", "tag", "train-ner", "tune", "up", "world",
    }  # fmt: skip
    assert {what.value for what in What} == {"events", "item-tags", "items", "tags", "users"}
    asked = {"closest", "common", "export", "neighbours", "paths", "stats"}
    assert commands("graph") == asked
    assert {kind.value for kind in GraphFormat} == set(WRITE)
    assert commands("eval") == {"recall", "ranking"}
    assert commands("experiment") == {"arm", "list", "report"}
    assert commands("keys") == {"create", "list", "revoke"}
    assert commands("queries") == {"add", "list", "remove"}


def _types(union: Any) -> set[str]:
    classes = get_args(get_args(union)[0])
    return {word for c in classes for word in get_args(c.model_fields["type"].annotation)}
