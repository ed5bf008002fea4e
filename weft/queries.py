"""The kernel's SQL: versions and locks, builds, artifacts, releases, metrics."""

from sqlalchemy import TextClause, text

OTHER_CLIENTS = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""

DATABASE = "weft"
CREATE_DATABASE = f"CREATE DATABASE {DATABASE}"
HAS_DATABASE = "SELECT 1 FROM pg_database WHERE datname = %s"

SERVER_VERSION = text("SELECT current_setting('server_version_num')")
EXTENSION_VERSION = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
EXTENSION_AVAILABLE = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
CREATE_EXTENSION = text("CREATE EXTENSION IF NOT EXISTS vector")

LOCK_TRANSACTION = text("SELECT pg_advisory_xact_lock(:key)")
TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")
LOCK = text("SELECT pg_advisory_lock(:key)")
UNLOCK = text("SELECT pg_advisory_unlock(:key)")


def copy_into(table: str, columns: list[str]) -> str:
    """COPY rows that arrive as CSV without a header."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"


NOTIFY = text("SELECT pg_notify('weft', :payload)")
LISTEN = "LISTEN weft"

PARTITION_LOCK = 0x77656470
MISSING_TABLES = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS names(name) WHERE to_regclass(name) IS NULL"
)


def make_day(table: str, name: str, first: str, last: str) -> str:
    """Make a day's partition beside its table and attach it, which blocks nobody who writes."""
    return (
        f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL);"
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{first}+00') TO ('{last}+00')"
    )
