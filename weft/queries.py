"""The kernel's SQL: versions and locks, builds, artifacts, releases, metrics."""

from collections.abc import Sequence

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Text

OTHER_CLIENTS = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> %s
"""

ASIDE_LOCK = 0x77656173
ASIDE = text("""
SELECT datname FROM pg_database AS found
WHERE starts_with(datname, :prefix) AND length(datname) = length(:prefix) + :more
    AND NOT EXISTS (SELECT FROM pg_stat_activity AS busy WHERE busy.datname = found.datname)
""")


def make_database(name: str) -> TextClause:
    """Make a database with what the server's template holds."""
    return text(f'CREATE DATABASE "{name}"')


def drop_database(name: str) -> TextClause:
    """Drop a database, whoever is connected to it."""
    return text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


DATABASE = "weft"
CREATE_DATABASE = f"CREATE DATABASE {DATABASE}"
HAS_DATABASE = "SELECT 1 FROM pg_database WHERE datname = %s"

SERVER_VERSION = text("SELECT current_setting('server_version_num')")
EXTENSION_VERSION = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
EXTENSION_AVAILABLE = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
CREATE_EXTENSION = text("CREATE EXTENSION IF NOT EXISTS vector")

LOCK_TRANSACTION = text("SELECT pg_advisory_xact_lock(:key)")
SHARE_TRANSACTION = text("SELECT pg_advisory_xact_lock_shared(:key)")
TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")
LOCK = text("SELECT pg_advisory_lock(:key)")
UNLOCK = text("SELECT pg_advisory_unlock(:key)")

NOTIFY = text("SELECT pg_notify('weft', :payload)")
LISTEN = "LISTEN weft"
ALIVE = "SELECT 1"


def copy_into(table: str, columns: list[str]) -> str:
    """COPY rows that arrive as CSV without a header."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"


def copy_query(query: str) -> str:
    """COPY the rows of a query as PostgreSQL's own bytes."""
    return f"COPY ({query}) TO STDOUT (FORMAT binary)"


def copy_bytes(table: str, columns: Sequence[str]) -> str:
    """COPY rows that arrive as PostgreSQL's own bytes."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"


def days_until(table: str, until: str) -> TextClause:
    """List the days (UTC) of a table's rows, up to a moment."""
    return text(
        f"SELECT DISTINCT (time AT TIME ZONE 'UTC')::date FROM {table} WHERE time <= '{until}'"
    )


def rows_until(table: str, columns: Sequence[str], until: str | None) -> str:
    """Give the rows of a table; of one with times those up to a moment."""
    where = "" if until is None else f" WHERE time <= '{until}'"
    return f"SELECT {', '.join(columns)} FROM {table}{where}"


def arrived_until(columns: Sequence[str], until: str) -> str:
    """Give events up to a moment; those of its own day are numbered anew, without gaps."""
    day = f"date_trunc('day', '{until}'::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"
    anew = "row_number() OVER (ORDER BY arrival)::integer"
    numbered = [anew if column == '"arrival"' else column for column in columns]
    return f"""
        SELECT {", ".join(columns)} FROM event WHERE time < {day}
        UNION ALL
        SELECT {", ".join(numbered)} FROM event WHERE time >= {day} AND time <= '{until}'
    """


COUNT_DAYS = text("""
INSERT INTO event_day (day, rows)
SELECT (time AT TIME ZONE 'UTC')::date, count(*) FROM event GROUP BY 1
""")
ANALYZE = text("ANALYZE")


def drop_table(table: str) -> TextClause:
    """Drop a table of `derived`, whole."""
    return text(f"DROP TABLE IF EXISTS {table}")


MARKS = text("""
SELECT subject, changes FROM weft.watermark
UNION ALL SELECT 'event', coalesce(sum(rows), 0) FROM event_day
""")
ADD_MARK = text("""
INSERT INTO weft.watermark AS old (subject, changes) VALUES (:subject, :changes)
ON CONFLICT (subject) DO UPDATE SET changes = old.changes + excluded.changes
""")
NEWEST_EVENT = text("""
SELECT max(time) FROM event
WHERE time >= (SELECT max(day) FROM event_day WHERE rows > 0)
""")

RUNNING_BUILD = text("""
SELECT id, spec_hash, marks, moment, artifacts, host, pid, author, started_at,
       started_at > now() - interval '1 day' AS recent
FROM weft.build WHERE state = 'running' ORDER BY id DESC LIMIT 1
""")
NEXT_ARTIFACT = text("""
SELECT greatest(
    (SELECT coalesce(max(id), 0) FROM weft.artifact),
    (SELECT coalesce(max(promised.id::integer), 0)
     FROM weft.build, jsonb_each_text(build.artifacts) AS promised(step, id))
) + 1
""")
ADD_BUILD = text("""
INSERT INTO weft.build (id, state, spec_hash, marks, moment, artifacts, host, pid, author)
SELECT coalesce(max(id), 0) + 1, 'running', :spec_hash, :marks, :moment, :artifacts,
       :host, :pid, :author
FROM weft.build RETURNING id
""").bindparams(bindparam("marks", type_=JSONB), bindparam("artifacts", type_=JSONB))
TAKE_OVER_BUILD = text("UPDATE weft.build SET host = :host, pid = :pid WHERE id = :id")
END_BUILD = text("""
UPDATE weft.build SET state = :state, error = :error, finished_at = now() WHERE id = :id
""")
LAST_MARKS = text("SELECT marks FROM weft.build WHERE state = 'done' ORDER BY id DESC LIMIT 1")
BUILDS = text("""
SELECT build.id, state, author, host, started_at, finished_at, error,
       (SELECT count(*) FROM weft.artifact WHERE artifact.build = build.id) AS made
FROM weft.build ORDER BY id DESC LIMIT :count
""")

ARTIFACTS = text("""
SELECT id, step, fingerprint, section, inputs, marks, seconds
FROM weft.artifact WHERE dropped_at IS NULL ORDER BY id DESC
""")
ADD_ARTIFACT = text("""
INSERT INTO weft.artifact (id, step, fingerprint, build, section, inputs, marks, tables, seconds)
VALUES (:id, :step, :fingerprint, :build, :section, :inputs, :marks, :tables, :seconds)
""").bindparams(
    bindparam("section", type_=JSONB),
    bindparam("inputs", type_=JSONB),
    bindparam("marks", type_=JSONB),
    bindparam("tables", type_=ARRAY(Text)),
)
OUTDATED = text("""
SELECT id, tables FROM weft.artifact
WHERE dropped_at IS NULL
  AND build < (SELECT max(id) FROM weft.build)
  AND id NOT IN (
    SELECT part.id::integer
    FROM (SELECT artifacts FROM weft.release WHERE id > (SELECT max(id) FROM weft.release) - :keep
          UNION ALL
          SELECT artifacts FROM weft.release JOIN weft.live ON release.id = live.release) AS kept,
         jsonb_each_text(kept.artifacts) AS part(step, id))
""")
SAVE_FILE = text("""
INSERT INTO weft.artifact_file (artifact, name, content) VALUES (:artifact, :name, :content)
""")
LOAD_FILE = text("""
SELECT content FROM weft.artifact_file WHERE artifact = :artifact AND name = :name
""")
LOAD_FILES = text("SELECT name, content FROM weft.artifact_file WHERE artifact = :artifact")
DROP_FILES = text("DELETE FROM weft.artifact_file WHERE artifact = :id")
DROPPED = text("UPDATE weft.artifact SET dropped_at = now() WHERE id = :id")

SAVE_CHECKPOINT = text("""
INSERT INTO weft.checkpoint (artifact, part, content) VALUES (:artifact, :part, :content)
""")
LOAD_CHECKPOINT = text("""
SELECT content FROM weft.checkpoint WHERE artifact = :artifact ORDER BY part
""")
DROP_CHECKPOINT = text("DELETE FROM weft.checkpoint WHERE artifact = :artifact")
DROP_PROMISED = text("""
DELETE FROM weft.checkpoint
USING weft.build, jsonb_each_text(build.artifacts) AS promised(step, id)
WHERE build.id = :id AND checkpoint.artifact = promised.id::integer
""")

ADD_METRIC = text(
    "INSERT INTO weft.metric (artifact, name, value) VALUES (:artifact, :name, :value)"
)
METRICS = text("""
SELECT artifact.step, metric.name, metric.value FROM weft.metric
JOIN weft.artifact ON artifact.id = metric.artifact WHERE artifact.id = ANY(:artifacts)
ORDER BY step, name
""")
BUILD_METRICS = text("""
SELECT artifact.step, metric.name, metric.value FROM weft.metric
JOIN weft.artifact ON artifact.id = metric.artifact WHERE artifact.build = :build
ORDER BY step, name
""")
PAST_METRIC = text("""
SELECT metric.value FROM weft.metric JOIN weft.artifact ON artifact.id = metric.artifact
WHERE artifact.step = :step AND metric.name = :name AND artifact.id < :artifact
ORDER BY artifact.id DESC LIMIT 20
""")
ADD_LINE = text("INSERT INTO weft.log_line (build, step, message) VALUES (:build, :step, :message)")
LINES = text("SELECT at, step, message FROM weft.log_line WHERE build = :build ORDER BY id")

BUILD = text("""
SELECT id, state, artifacts FROM weft.build
WHERE CASE WHEN CAST(:build AS integer) IS NULL THEN state = 'running' ELSE id = :build END
ORDER BY id DESC LIMIT 1
""")
MADE = text("SELECT step FROM weft.artifact WHERE build = :build")
LINES_SINCE = text("""
SELECT id, at, step, message FROM weft.log_line WHERE build = :build AND id > :since ORDER BY id
""")

LOCK_LIVE = text("LOCK TABLE weft.live IN SHARE ROW EXCLUSIVE MODE")
LIVE_SINCE = text("""
SELECT release.id, build, author, since
FROM weft.live JOIN weft.release ON release.id = live.release
""")
LIVE = text("""
SELECT release.id, release.spec, release.artifacts
FROM weft.live JOIN weft.release ON release.id = live.release
""")
CANARY = text("""
SELECT release.id, release.spec, release.artifacts, share
FROM weft.canary JOIN weft.release ON release.id = canary.release
""")
SET_CANARY = text("""
INSERT INTO weft.canary (release, share) VALUES (:release, :share)
ON CONFLICT (slot) DO UPDATE SET release = excluded.release, share = excluded.share, since = now()
""")
END_CANARY = text("DELETE FROM weft.canary")
RELEASE = text("SELECT id, spec, artifacts FROM weft.release WHERE id = :id")
RELEASES = text("""
SELECT release.id, build, author, released_at, withdrawn_at, live.release IS NOT NULL AS live,
       canary.share
FROM weft.release LEFT JOIN weft.live ON live.release = release.id
LEFT JOIN weft.canary ON canary.release = release.id
ORDER BY release.id DESC LIMIT :count
""")
ADD_RELEASE = text("""
INSERT INTO weft.release (id, build, spec, artifacts, author)
SELECT coalesce(max(id), 0) + 1,
       (SELECT max(build) FROM weft.artifact WHERE id = ANY(:numbers)),
       :spec, :artifacts, :author
FROM weft.release
RETURNING id
""").bindparams(bindparam("spec", type_=JSONB), bindparam("artifacts", type_=JSONB))
POINT_LIVE = text("""
INSERT INTO weft.live (release) VALUES (:release)
ON CONFLICT (slot) DO UPDATE SET release = excluded.release, since = now()
""")
BEFORE = text("""
SELECT max(id) FROM weft.release WHERE id < :id AND withdrawn_at IS NULL
""")
WITHDRAW = text("UPDATE weft.release SET withdrawn_at = now() WHERE id = :id")
WITHDRAWN_TWIN = text("""
SELECT id FROM weft.release
WHERE spec = :spec AND artifacts = :artifacts AND withdrawn_at IS NOT NULL LIMIT 1
""").bindparams(bindparam("spec", type_=JSONB), bindparam("artifacts", type_=JSONB))

PARTITION_LOCK = 0x77656470
MISSING_TABLES = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS names(name) WHERE to_regclass(name) IS NULL"
)


def make_day(table: str, name: str, first: str, last: str) -> str:
    """Make a day's partition beside its table and attach it, which blocks nobody who writes."""
    span = f"FROM ('{first}+00') TO ('{last}+00')"
    return (
        f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL);"
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES {span}"
    )
