"""The SQL of labelled rows: how a day is joined, how days are kept, how rows are read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import TextClause, text

from weft.tables import DERIVED

# Partitions that have just been filled have no statistics, and a loop over rows looks cheap.
BY_HASH = text("""
SET LOCAL enable_nestloop = off;
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
""")
EPOCH = "date '2000-01-01'"  # keys of requests count days from here
REQUEST = f"((day - {EPOCH})::bigint << 32) + request"

WAY = text("SELECT * FROM derived.labelled_way")
SAVE_WAY = text("""
INSERT INTO derived.labelled_way (way, tasks, looked, above, unclicked, settled, moment, artifact)
VALUES (:way, :tasks, :looked, :above, :unclicked, :settled, :moment, :artifact)
ON CONFLICT (slot) DO UPDATE SET way = excluded.way, tasks = excluded.tasks,
    looked = excluded.looked, above = excluded.above, unclicked = excluded.unclicked,
    settled = excluded.settled, moment = excluded.moment, artifact = excluded.artifact
""")

# Events are only ever added: their number in the days around a day says whether any has come.
DAYS = text("""
SELECT event_day.day, made.version AS before,
       (SELECT sum(rows) FROM event_day AS near
        WHERE near.day BETWEEN event_day.day - :reach AND event_day.day + :reach) AS version
FROM event_day LEFT JOIN derived.labelled_day AS made ON made.day = event_day.day
WHERE event_day.rows > 0 AND event_day.day >= CAST(:since AS date)
ORDER BY event_day.day
""")
MADE_DAYS = text("SELECT day FROM derived.labelled_day ORDER BY day")
FORGET_DAYS = text("DELETE FROM derived.labelled_day WHERE day = ANY(CAST(:days AS date[]))")
SAVE_DAY = text("""
INSERT INTO derived.labelled_day AS old (
    day, version, shown, rows, requests, deeds, stray, artifact)
VALUES (:day, :version, :shown, :rows, :requests, :deeds, :stray, :artifact)
ON CONFLICT (day) DO UPDATE SET version = excluded.version, shown = excluded.shown,
    rows = excluded.rows, requests = excluded.requests, deeds = excluded.deeds,
    stray = excluded.stray, artifact = excluded.artifact
""")
SUMS = text("""
SELECT count(*) AS days, coalesce(sum(shown), 0) AS shown, coalesce(sum(rows), 0) AS rows,
       coalesce(sum(requests), 0) AS requests, coalesce(sum(deeds), 0) AS deeds,
       coalesce(sum(stray), 0) AS stray
FROM derived.labelled_day
""")

_SOURCES = {
    "exposures": """
        SELECT id, time, person, item, scene, position, trace,
               CASE WHEN trace IS NULL THEN scene END AS page
        FROM weft.exposure('infinity')
    """,
    "clicks": """
        SELECT id, time, person, item, scene, NULL::integer AS position, trace,
               item::text AS page
        FROM weft.positive(CAST(:looked AS jsonb), 'infinity')
    """,
}
_TASK = """
SELECT * FROM unnest(CAST(:numbers AS int[]), CAST(:kinds AS text[]), CAST(:withins AS interval[]))
    AS task(number, kind, within)
"""


def day_of(source: str, credit: str, tasks: int) -> str:
    """Join a day: what was shown becomes rows of requests, and each finds its first answers.

    An answer of the same trace is one by itself. One that cannot be compared by trace answers
    the last exposure before it, unless its own trace has one.
    """
    answers = ", ".join(f"min(time) FILTER (WHERE number = {n + 1})" for n in range(tasks))
    return f"""
    WITH task AS ({_TASK}), {_requests(source)}, first AS (
        SELECT DISTINCT ON (request, item) *
        FROM shown ORDER BY request, item, time, position, id COLLATE "C"
    ), deed AS MATERIALIZED (
        SELECT id, kind, time, person, item, trace
        FROM weft.positive(CAST(:worth AS jsonb), 'infinity')
        WHERE time >= :begins - :skew AND time < :ends + :longest
    ), exact AS (
        SELECT shown.request, shown.item, task.number, deed.time
        FROM shown JOIN deed USING (person, item, trace) JOIN task USING (kind)
        WHERE deed.time BETWEEN shown.time - :skew AND shown.time + task.within
    ), loose AS (
        SELECT shown.request, person, item, task.number, task.within, deed.time, deed.trace,
               shown.time AS shown_at, shown.id AS shown_id
        FROM shown JOIN deed USING (person, item) JOIN task USING (kind)
        WHERE (shown.trace = deed.trace) IS NULL
          AND deed.time BETWEEN shown.time AND shown.time + task.within
    ), answer AS (
        SELECT request, item, ARRAY[{answers}] AS answers, min(time) AS answered
        FROM (SELECT * FROM exact
              UNION ALL SELECT request, item, number, time FROM loose {_credited(source, credit)}
        ) AS given
        GROUP BY request, item
    )
    SELECT CAST(:day AS date) AS day, request,
           row_number() OVER (
               PARTITION BY request ORDER BY position, time, id COLLATE "C")::integer AS place,
           time, person, item, scene, position, trace,
           coalesce(answers, array_fill(NULL::timestamptz, ARRAY[{tasks}])) AS answers, answered
    FROM first LEFT JOIN answer USING (request, item)
    ORDER BY request, place
    """


def _requests(source: str) -> str:
    """Number the requests of a day: by trace, or where there is none until a pause."""
    line = 'WINDOW line AS (PARTITION BY person, trace, page ORDER BY time, id COLLATE "C")'
    return f"""
    chained AS (
        SELECT *, trace IS NULL AND time - lag(time) OVER line > :pause AS apart
        FROM ({_SOURCES[source]}) AS source WHERE time >= :begins AND time < :ends {line}
    ), turned AS (
        SELECT *, count(*) FILTER (WHERE apart) OVER line AS turn FROM chained {line}
    ), shown AS MATERIALIZED (
        SELECT *, dense_rank() OVER (
            ORDER BY person, trace COLLATE "C", page COLLATE "C", turn)::integer AS request
        FROM turned
    )"""


def _credited(source: str, credit: str) -> str:
    """Pass over an answer to which a later exposure, or one of its trace, has the better claim."""
    if credit == "every":
        return ""
    return f"""
    WHERE NOT EXISTS (
        SELECT FROM ({_SOURCES[source]}) AS rival
        WHERE rival.time >= :begins - :longest AND rival.time < :ends + :longest + :skew
          AND (rival.person, rival.item) = (loose.person, loose.item)
          AND loose.time <= rival.time + loose.within
          AND (rival.trace = loose.trace AND loose.time >= rival.time - :skew
               OR (rival.trace = loose.trace) IS NULL AND rival.time <= loose.time
                  AND (rival.time, rival.id COLLATE "C") > (shown_at, shown_id COLLATE "C")))
    """


def fill_day(day: date, query: str) -> TextClause:
    """Fill a new table beside the one that is read."""
    return text(f"INSERT INTO {_new(day)} {query}")


def make_day(day: date) -> TextClause:
    """Make an empty table for a day."""
    return text(f"""
    CREATE TABLE {_new(day)} (
        LIKE {DERIVED}.labelled INCLUDING COMMENTS, CHECK (day = '{day}'))
    """)


def count_day(day: date, source: str) -> TextClause:
    """Count what a day was made from, and what of it answers nothing."""
    return text(f"""
    WITH task AS (SELECT kind, max(within) AS within FROM ({_TASK}) AS task GROUP BY kind),
    deed AS MATERIALIZED (
        SELECT positive.*, task.within
        FROM weft.positive(CAST(:worth AS jsonb), 'infinity') AS positive JOIN task USING (kind)
        WHERE time >= :begins AND time < :ends
    )
    SELECT (SELECT count(*) FROM ({_SOURCES[source]}) AS shown
            WHERE time >= :begins AND time < :ends) AS shown,
           (SELECT count(*) FROM {_new(day)}) AS rows,
           (SELECT coalesce(max(request), 0) FROM {_new(day)}) AS requests,
           (SELECT count(*) FROM deed) AS deeds,
           (SELECT count(*) FROM deed WHERE NOT EXISTS (
                SELECT FROM ({_SOURCES[source]}) AS shown
                WHERE time >= :begins - :longest AND time < :ends + :skew
                  AND (shown.person, shown.item) = (deed.person, deed.item)
                  AND deed.time <= shown.time + deed.within
                  AND CASE WHEN shown.trace = deed.trace THEN deed.time >= shown.time - :skew
                           ELSE (shown.trace = deed.trace) IS NULL AND deed.time >= shown.time
                      END)) AS stray
    """)


def put_in_place(days: Sequence[date]) -> TextClause:
    """Let new tables be read in place of the old ones; who reads waits only for this."""
    parts = [
        f"ALTER TABLE {_new(day)} RENAME TO {_name(day)};"
        f"ALTER TABLE {DERIVED}.labelled ATTACH PARTITION {DERIVED}.{_name(day)} "
        f"FOR VALUES IN ('{day}');"
        f"ANALYZE {DERIVED}.{_name(day)};"
        for day in days
    ]
    return text("\n".join([_drop(days), *parts]))


def drop_days(days: Sequence[date]) -> TextClause:
    """Drop the partitions of days."""
    return text(_drop(days))


def _drop(days: Sequence[date]) -> str:
    """Lock everything at once, so that two who do this never wait for each other in a ring."""
    tables = "".join(f"DROP TABLE IF EXISTS {DERIVED}.{_name(day)};" for day in days)
    return f"LOCK TABLE ONLY {DERIVED}.labelled IN ACCESS EXCLUSIVE MODE; {tables}"


def _name(day: date) -> str:
    return f"labelled_{day:%Y%m%d}"


def _new(day: date) -> str:
    return f"{DERIVED}.new_{_name(day)}"


def sampled(looked: int, above: bool, unclicked: bool, settled: timedelta) -> str:
    """Call what says which rows count; `span` says since and until when."""
    seconds = f"'{settled.total_seconds()} seconds'::interval"
    return f"weft.sampled({looked}, {above}, {unclicked}, {seconds}, {{span}}) AS sampled"


def span(since: datetime, until: datetime) -> str:
    """Say since and until when."""
    return f"{_time(since)}, {_time(until)}"


def rows(called: str, since: datetime, until: datetime, places: Sequence[int]) -> str:
    """Give rows that count; 1 for each task that was answered by then."""
    labels = "".join(
        f", coalesce((answers[{place}] <= {_time(until)})::int, 0)::float4" for place in places
    )
    return f"""
        WITH named AS MATERIALIZED (
            SELECT scene, (row_number() OVER (ORDER BY scene COLLATE "C") - 1)::int AS number
            FROM ({scenes(since, until)}) AS scenes
        )
        SELECT person, item, date_part('epoch', time), {REQUEST}, place,
               coalesce(number, -1), coalesce(position, -1){labels}
        FROM {called} LEFT JOIN named USING (scene)
        WHERE use = 'sample'
    """


def scenes(since: datetime, until: datetime) -> str:
    """Give the scenes of all rows of these days, in order."""
    return f"""
        SELECT scene COLLATE "C" AS scene FROM {_kept(since, until)} AND scene IS NOT NULL
        GROUP BY 1 ORDER BY 1
    """


def traces(since: datetime, until: datetime) -> str:
    """Give all requests of these days that have a trace, in order."""
    return f"""
        SELECT {REQUEST} AS request, min(trace) FROM {_kept(since, until)}
            AND place = 1 AND trace IS NOT NULL
        GROUP BY day, request ORDER BY 1
    """


def _kept(since: datetime, until: datetime) -> str:
    days = (f"({_time(moment)} AT TIME ZONE 'UTC')::date" for moment in (since, until))
    return f"derived.labelled WHERE day BETWEEN {' AND '.join(days)}"


def clicks_by_day(since: datetime, until: datetime) -> str:
    """Count the rows of each item on each day."""
    return f"""
        SELECT (day - date '1970-01-01')::int, item, count(*)::int FROM derived.labelled
        WHERE day >= ({_time(since)} AT TIME ZONE 'UTC')::date AND time <= {_time(until)}
        GROUP BY day, item
    """


def offers(begins: str | None, ends: str | None, until: datetime) -> str:
    """Give the time in which each item was on offer: since it began, or was first met before."""
    first = f'coalesce("{begins}", added_at)' if begins else "added_at"
    last = f'least("{ends}", removed_at)' if ends else "removed_at"
    return f"""
        SELECT item.id, date_part('epoch', least({first}, met.time)),
               coalesce(date_part('epoch', {last}), 'infinity')
        FROM item LEFT JOIN (
            SELECT item, min(time) AS time FROM derived.labelled
            WHERE time <= {_time(until)} GROUP BY item) AS met ON met.item = item.id
        ORDER BY item.id
    """


def counted(called: str, until: datetime, tasks: int, settled: timedelta) -> TextClause:
    """Count rows by what becomes of them: all, without trace, answered, and answered late."""
    by = _time(until)
    late = f"time + '{settled.total_seconds()} seconds'::interval"
    figures = "".join(
        f", count(*) FILTER (WHERE answers[{n}] <= {by}) AS answered_{n}"
        f", count(*) FILTER (WHERE answers[{n}] <= {by} AND answers[{n}] > {late}) AS late_{n}"
        for n in range(1, tasks + 1)
    )
    return text(f"""
        SELECT use, count(*) AS rows, count(DISTINCT {REQUEST}) AS requests,
               count(*) FILTER (WHERE trace IS NULL) AS untraced {figures}
        FROM {called} GROUP BY use ORDER BY use
    """)


def _time(moment: datetime) -> str:
    return f"'{moment.isoformat()}'::timestamptz"
