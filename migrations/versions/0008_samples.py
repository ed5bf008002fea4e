"""Samples: what counts as a positive, what was shown, and what was passed by; one definition."""

from alembic import op

revision = "0008"
down_revision = "0007"

# Functions and not views alone, so that training asks for its own weights, as of its own moment.
# What is passed in as a column, and not as a sub-select, lets the planner look inside.
FUNCTIONS = """
CREATE FUNCTION weft.positive(worth jsonb, until timestamptz)
RETURNS TABLE (id text, "time" timestamptz, kind text, person integer, item integer,
               scene text, "position" integer, trace text, weight double precision)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT event.id, event.time, event.kind, event.person, event.item, event.scene,
           event.position, event.trace, declared.value::double precision
    FROM jsonb_each_text(worth) AS declared(kind, value)
    JOIN event ON event.kind = declared.kind
    WHERE event.item IS NOT NULL AND event.time <= until;
END;
CREATE FUNCTION weft.exposure(until timestamptz)
RETURNS TABLE (id text, "time" timestamptz, person integer, item integer,
               scene text, "position" integer, trace text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT event.id, event.time, event.person, event.item, event.scene, event.position,
           event.trace
    FROM event
    WHERE event.kind = 'expose' AND event.item IS NOT NULL AND event.time <= until;
END;
CREATE FUNCTION weft.taken(worth jsonb, within interval, until timestamptz)
RETURNS TABLE (id text, "time" timestamptz, person integer, item integer,
               scene text, "position" integer, trace text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT shown.* FROM weft.exposure(until) AS shown
    WHERE EXISTS (
        SELECT FROM weft.positive(worth, until) AS liked
        WHERE liked.person = shown.person AND liked.item = shown.item
          AND liked.time BETWEEN shown.time AND shown.time + within
          AND coalesce(liked.trace = shown.trace, true));
END;
CREATE FUNCTION weft.untaken(worth jsonb, within interval, until timestamptz)
RETURNS TABLE (id text, "time" timestamptz, person integer, item integer,
               scene text, "position" integer, trace text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT shown.* FROM weft.exposure(until) AS shown
    WHERE NOT EXISTS (
        SELECT FROM weft.positive(worth, until) AS liked
        WHERE liked.person = shown.person AND liked.item = shown.item
          AND liked.time BETWEEN shown.time AND shown.time + within
          AND coalesce(liked.trace = shown.trace, true));
END;
CREATE FUNCTION weft.passed(worth jsonb, within interval, until timestamptz)
RETURNS TABLE (id text, "time" timestamptz, person integer, item integer,
               scene text, "position" integer, trace text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT shown.* FROM weft.untaken(worth, within, until) AS shown
    WHERE shown.time <= until - within;
END;
COMMENT ON FUNCTION weft.positive IS
    'events that show interest, until a moment; worth: kind of event to weight';
COMMENT ON FUNCTION weft.exposure IS 'what was shown to whom, until a moment';
COMMENT ON FUNCTION weft.taken IS
    'exposures that a positive event on the same item answered within a time';
COMMENT ON FUNCTION weft.untaken IS 'exposures that nothing has answered';
COMMENT ON FUNCTION weft.passed IS
    'exposures that nothing has answered, and whose time to be answered is over';
"""

VIEWS = """
CREATE VIEW live.declared AS
SELECT release.spec #> '{events,positive}' AS worth,
       coalesce(release.spec #>> '{events,passed_after}', '1h')::interval AS within
FROM weft.live JOIN weft.release ON release.id = live.release;
CREATE VIEW live.positive AS
SELECT positive.* FROM live.declared, LATERAL weft.positive(worth, now()) AS positive;
CREATE VIEW live.passed AS
SELECT passed.* FROM live.declared, LATERAL weft.passed(worth, within, now()) AS passed;
CREATE VIEW live.exposure AS
SELECT taken.*, true AS taken FROM live.declared, LATERAL weft.taken(worth, within, now()) AS taken
UNION ALL
SELECT untaken.*, CASE WHEN untaken.time <= now() - within THEN false END
FROM live.declared, LATERAL weft.untaken(worth, within, now()) AS untaken;
COMMENT ON VIEW live.declared IS 'what the live release counts as a positive, and how soon';
COMMENT ON VIEW live.positive IS 'events that show interest, with their declared weights';
COMMENT ON VIEW live.exposure IS 'what was shown to whom, and whether it was taken; NULL: still open';
COMMENT ON VIEW live.passed IS 'what was shown and not taken in time';
"""

BACK = """
DROP VIEW live.exposure, live.passed, live.positive, live.declared;
DROP FUNCTION weft.passed, weft.untaken, weft.taken, weft.exposure, weft.positive;
"""


def upgrade() -> None:
    """Define them."""
    for part in (FUNCTIONS, VIEWS):
        op.execute(part)


def downgrade() -> None:
    """Forget them."""
    op.execute(BACK)
