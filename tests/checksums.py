"""Checksums of whole tables, without the columns that say when a row was written."""

from sqlalchemy import Engine, inspect, text

CLOCKS = {"added_at", "changed_at", "made_at", "released_at", "since", "seconds"}
SUMS = {"mass"}  # of floats: their last digits follow the order in which rows were added up
TABLES = (
    "public.item",
    "public.person",
    "public.tag",
    "public.tag_label",
    "public.tag_relation",
    "public.item_tag",
    "public.event",
    "public.event_day",
    "weft.watermark",
    "weft.artifact",
    "weft.metric",
    "weft.release",
    "weft.live",
    "derived.ranked",
    "derived.keyword",
    "derived.item_keyword",
    "derived.keyword_tag",
    "public.word",
    "public.value",
    "derived.query_keyword",
    "derived.edge",
    "derived.edge_node",
    "derived.edge_kind",
    "derived.edge_seen",
)


def checksums(engine: Engine) -> dict[str, str]:
    """Give one hash for each table; equal hashes mean equal rows."""
    return {table: _checksum(engine, *table.split(".")) for table in TABLES}


def _checksum(engine: Engine, schema: str, table: str) -> str:
    left_out = CLOCKS | ({"author"} if table == "release" else set())
    names = [c["name"] for c in inspect(engine).get_columns(table, schema)]
    columns = ", ".join(_exactly(name) for name in names if name not in left_out)
    statement = f"""
        SELECT count(*) || ' rows ' || coalesce(md5(string_agg(hash, '' ORDER BY hash)), '')
        FROM (SELECT md5(row::text) AS hash
              FROM (SELECT {columns} FROM {schema}.{table}) AS row) AS hashes
    """
    with engine.connect() as connection:
        return str(connection.execute(text(statement)).scalar_one())


def _exactly(name: str) -> str:
    """Give a column, and a sum to six digits."""
    return f"to_char({name}, '9.99999EEEE') AS {name}" if name in SUMS else f'"{name}"'
