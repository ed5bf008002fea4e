"""Labelled rows: what was shown, and what came of it; which of them count, as of a moment."""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = """
CREATE TABLE derived.labelled (
    day DATE NOT NULL,
    request INTEGER NOT NULL,
    place INTEGER NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    person INTEGER NOT NULL,
    item INTEGER NOT NULL,
    scene TEXT,
    position INTEGER,
    trace TEXT,
    answers TIMESTAMP WITH TIME ZONE[] NOT NULL,
    answered TIMESTAMP WITH TIME ZONE
)
 PARTITION BY LIST (day);
CREATE TABLE derived.labelled_day (
    day DATE NOT NULL,
    version BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    deeds BIGINT NOT NULL,
    stray BIGINT NOT NULL,
    artifact INTEGER NOT NULL,
    CONSTRAINT labelled_day_pkey PRIMARY KEY (day)
);
CREATE TABLE derived.labelled_way (
    slot INTEGER DEFAULT '1' NOT NULL,
    way TEXT NOT NULL,
    tasks TEXT[] NOT NULL,
    looked INTEGER NOT NULL,
    above BOOLEAN NOT NULL,
    unclicked BOOLEAN NOT NULL,
    settled INTERVAL NOT NULL,
    moment TIMESTAMP WITH TIME ZONE NOT NULL,
    artifact INTEGER NOT NULL,
    CONSTRAINT labelled_way_pkey PRIMARY KEY (slot)
);
COMMENT ON TABLE derived.labelled IS
    'What was shown, and when it was answered; read `live.labelled`.';
COMMENT ON COLUMN derived.labelled.day IS 'on which it was shown (UTC)';
COMMENT ON COLUMN derived.labelled.request IS 'its number within the day';
COMMENT ON COLUMN derived.labelled.place IS '1 is the topmost item of the request';
COMMENT ON COLUMN derived.labelled.time IS 'when it was first shown';
COMMENT ON COLUMN derived.labelled.position IS 'as the event says it';
COMMENT ON COLUMN derived.labelled.answers IS 'the first one of each task';
COMMENT ON COLUMN derived.labelled.answered IS 'the first one of all';
COMMENT ON TABLE derived.labelled_day IS 'Days of labelled rows, as they stand.';
COMMENT ON COLUMN derived.labelled_day.version IS 'events around the day, as it was made';
COMMENT ON COLUMN derived.labelled_day.shown IS 'exposures, or clicks where they count';
COMMENT ON COLUMN derived.labelled_day.deeds IS 'events that can be answers';
COMMENT ON COLUMN derived.labelled_day.stray IS 'of these, what answers nothing';
COMMENT ON COLUMN derived.labelled_day.artifact IS 'the run that made the day';
COMMENT ON TABLE derived.labelled_way IS 'How labelled rows are made: a single row.';
COMMENT ON COLUMN derived.labelled_way.way IS 'hash of what shapes the rows';
COMMENT ON COLUMN derived.labelled_way.tasks IS 'in the order of `answers`';
COMMENT ON COLUMN derived.labelled_way.looked IS 'the task that tells how far one looked';
COMMENT ON COLUMN derived.labelled_way.above IS 'only rows above the last click count';
COMMENT ON COLUMN derived.labelled_way.unclicked IS 'requests without any click count';
COMMENT ON COLUMN derived.labelled_way.settled IS 'how old a row has to be to count';
COMMENT ON COLUMN derived.labelled_way.moment IS 'what counted as now';
COMMENT ON COLUMN derived.labelled_way.artifact IS 'the run that brought rows up to date';
"""

# What is answered later than `until` is not answered yet, and how far one looked follows from that.
FUNCTION = """
CREATE FUNCTION weft.sampled(looked integer, above boolean, unclicked boolean, settled interval,
                             since timestamptz, until timestamptz)
RETURNS TABLE (day date, request integer, place integer, "time" timestamptz, person integer,
               item integer, scene text, "position" integer, trace text,
               answers timestamptz[], use text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT shown.day, shown.request, shown.place, shown.time, shown.person, shown.item,
           shown.scene, shown.position, shown.trace, shown.answers,
           CASE WHEN shown.time > until - settled THEN 'open'
                WHEN shown.answered <= until THEN 'sample'
                WHEN shown.deepest IS NULL AND NOT unclicked THEN 'unclicked'
                WHEN shown.place > shown.deepest AND above THEN 'below'
                ELSE 'sample' END
    FROM (
        SELECT labelled.*, min(labelled.time) OVER request AS begun,
               max(labelled.place) FILTER (WHERE labelled.answers[looked] <= until)
                   OVER request AS deepest
        FROM derived.labelled
        WHERE labelled.day >= (since AT TIME ZONE 'UTC')::date
          AND labelled.day <= (until AT TIME ZONE 'UTC')::date
          AND labelled.time <= until
        WINDOW request AS (PARTITION BY labelled.day, labelled.request)
    ) AS shown
    WHERE shown.begun >= since;
END;
COMMENT ON FUNCTION weft.sampled IS
    'labelled rows of requests since a moment, and which of them count as of another';
"""

VIEW = """
CREATE VIEW live.labelled AS
SELECT sampled.day, sampled.request, sampled.place, sampled.time, sampled.person, sampled.item,
       sampled.scene, sampled.position, sampled.trace, sampled.use,
       (SELECT coalesce(jsonb_object_agg(task, answer), '{}')
        FROM unnest(made.tasks, sampled.answers) AS answered(task, answer)
        WHERE answer <= made.moment) AS answers
FROM derived.labelled_way AS made, LATERAL weft.sampled(
    made.looked, made.above, made.unclicked, made.settled, '-infinity', made.moment) AS sampled;
COMMENT ON VIEW live.labelled IS
    'what was shown, what answered it, and whether rankers learn from it';
"""

BACK = """
DROP VIEW live.labelled;
DROP FUNCTION weft.sampled;
DROP TABLE derived.labelled, derived.labelled_day, derived.labelled_way;
"""


def upgrade() -> None:
    """Make them."""
    for part in (TABLES, FUNCTION, VIEW):
        op.execute(part)


def downgrade() -> None:
    """Drop them."""
    op.execute(BACK)
