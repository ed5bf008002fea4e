"""SQL of edges: what each kind holds, and how what is stored is brought up to that."""

from collections.abc import Sequence

from sqlalchemy import TextClause, text

from graph.texts.queries import keyword_tables, query_table
from weft.tables import DERIVED

TINY = 1e-100  # a sum of masses that were added and taken away again stays above nothing
FAINTEST = 300  # half-lives; 2^-300 times 2^-300 times 2^-300 is still a number

MAKE = text("""
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
CREATE TEMP TABLE edge_day (day date, seen bigint, now bigint) ON COMMIT DROP;
CREATE TEMP TABLE edge_event (
    person integer, time timestamptz, id text, item integer, before boolean, after boolean
) ON COMMIT DROP;
CREATE TEMP TABLE edge_due (node integer PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE edge_wanted (
    source integer, target integer, mass double precision, n integer) ON COMMIT DROP;
CREATE TEMP TABLE edge_change (
    source integer, target integer, old_mass double precision, old_n integer,
    mass double precision, n integer) ON COMMIT DROP;
""")
KIND = text("SELECT * FROM derived.edge_kind WHERE kind = :kind")
LEGS = text("SELECT * FROM derived.edge_kind WHERE kind = ANY(:kinds)")
SAVE_KIND = text("""
INSERT INTO derived.edge_kind (kind, source, target, weight, half_life, landmark, moment,
    edges, sources, targets, mass, way, artifact, rebuilt)
SELECT :kind, :source, :target, :weight, :half_life, :landmark, :moment,
       coalesce(sum(degree) FILTER (WHERE side = 'source'), 0),
       count(*) FILTER (WHERE side = 'source' AND degree > 0),
       count(*) FILTER (WHERE side = 'target' AND degree > 0),
       coalesce(sum(mass) FILTER (WHERE side = 'source'), 0),
       :way, :artifact, :rebuilt
FROM derived.edge_node WHERE kind = :kind
ON CONFLICT (kind) DO UPDATE SET source = excluded.source, target = excluded.target,
    weight = excluded.weight, half_life = excluded.half_life, landmark = excluded.landmark,
    moment = excluded.moment, edges = excluded.edges, sources = excluded.sources,
    targets = excluded.targets, mass = excluded.mass, way = excluded.way,
    artifact = excluded.artifact, rebuilt = excluded.rebuilt
RETURNING edges, sources, targets
""")
COUNT_NODES = {
    "item": text("SELECT count(*) FROM item WHERE removed_at IS NULL"),
    "person": text("SELECT count(*) FROM person"),
    "tag": text("SELECT count(*) FROM tag WHERE retired_at IS NULL AND redirect IS NULL"),
    "keyword": text("SELECT count(*) FROM word"),
    "value": text("SELECT count(*) FROM value"),
}

MARK_DAYS = text("""
INSERT INTO edge_day
SELECT day, coalesce(seen.rows, 0),
       CASE WHEN day < CAST(:since AS date) THEN 0 ELSE event_day.rows END
FROM event_day
LEFT JOIN (SELECT day, rows FROM derived.edge_seen WHERE kind = :kind) AS seen USING (day)
""")
KEEP_CHANGED_DAYS = text("""
DELETE FROM edge_day WHERE NOT EXISTS (
    SELECT FROM edge_day AS changed WHERE changed.seen <> changed.now
        AND changed.day BETWEEN edge_day.day - :reach AND edge_day.day + :reach)
""")
SAVE_SEEN = text("""
INSERT INTO derived.edge_seen AS old (kind, day, rows)
SELECT :kind, day, now FROM edge_day WHERE seen <> now
ON CONFLICT (kind, day) DO UPDATE SET rows = excluded.rows
""")
FORGET_SEEN = text("DELETE FROM derived.edge_seen WHERE kind = :kind")
FORGET_NODES = text("DELETE FROM derived.edge_node WHERE kind = :kind")
GONE_KINDS = text("SELECT kind FROM derived.edge_kind WHERE kind <> ALL(:kinds) ORDER BY kind")
FORGET_KIND = text("DELETE FROM derived.edge_kind WHERE kind = :kind")
ANALYZE_NODES = text("ANALYZE derived.edge_node")
TOTAL = text("SELECT coalesce(sum(edges), 0) FROM derived.edge_kind")

# The bounds on time are known when this runs, and spare reading the partitions outside of them.
_EVENTS = """
edge_day AS day JOIN (
    SELECT person, item, kind, time, id, arrival FROM event
    WHERE time >= (SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM edge_day)
      AND time < (SELECT (max(day) + 1)::timestamp AT TIME ZONE 'UTC' FROM edge_day)
      AND kind = ANY(CAST(:kinds AS text[])) AND item IS NOT NULL
) AS event ON (event.time AT TIME ZONE 'UTC')::date = day.day
    AND event.arrival <= greatest(day.seen, day.now)
"""
ANALYZE_DAYS = text("ANALYZE edge_day")
# How many events arrived since is beyond the planner, who takes it for one and loops over days.
HASH_DAYS = text("SET LOCAL enable_nestloop = off")
LOOP_AGAIN = text("SET LOCAL enable_nestloop = on")
CONTENT = "(source, target, mass, n)"


def table_of(kind: str) -> str:
    """Name the partition that holds a kind of edge."""
    return f"{DERIVED}.edge_{kind}"


def fade(time: str, half_life: float | None) -> str:
    """Say how much an event of this time counts against one at the landmark."""
    if half_life is None:
        return "1::double precision"
    lives = f"extract(epoch FROM {time} - CAST(:landmark AS timestamptz)) / {half_life!r}"
    return f"power(2::double precision, greatest(-{FAINTEST}, {lives})::double precision)"


def liked_items(half_life: float | None) -> str:
    """What persons did with items since it was last looked at; what left the window counts off."""
    return f"""
    SELECT person AS source, item AS target,
           sum(worth.weight * {fade("event.time", half_life)}
               * CASE WHEN arrival <= day.now THEN 1 ELSE -1 END) AS mass,
           sum(CASE WHEN arrival <= day.now THEN 1 ELSE -1 END)::integer AS n
    FROM {_EVENTS}
    JOIN unnest(CAST(:kinds AS text[]), CAST(:weights AS float8[])) AS worth(kind, weight)
         ON worth.kind = event.kind
    WHERE (arrival <= day.now) <> (arrival <= day.seen)
    GROUP BY person, item
    """


TAKE_EVENTS = text(f"""
INSERT INTO edge_event
SELECT person, time, id, item, arrival <= day.seen, arrival <= day.now FROM {_EVENTS}
""")
ANALYZE_EVENTS = text("ANALYZE edge_event")


def joined_items(within: int, both: bool, half_life: float | None) -> str:
    """Pairs of items near each other in a session: those that new events make, less those
    that they part.

    An event changes only pairs that hold it or lie around it; every other pair is passed over.
    """
    whole = f"""
    SELECT {"least(here, there)" if both else "here"} AS source,
           {"greatest(here, there)" if both else "there"} AS target,
           sum(sign * {fade("pair.time", half_life)}) AS mass, sum(sign)::integer AS n
    FROM ({_pairs("after", 1, within)} UNION ALL {_pairs("before", -1, within)}) AS pair
    GROUP BY 1, 2
    """
    placed = """
    SELECT edge_event.*, before <> after AS changed,
           count(*) FILTER (WHERE before <> after)
               OVER (PARTITION BY person ORDER BY time, id COLLATE "C") AS crossed
    FROM edge_event
    WHERE person IN (SELECT person FROM edge_event WHERE before <> after)
    """
    turned = "UNION ALL SELECT target, source, mass, n FROM pairs" if both else ""
    return f"""
    WITH placed AS MATERIALIZED ({placed}), pairs AS MATERIALIZED ({whole})
    SELECT source, target, mass, n FROM pairs {turned}
    """


def _pairs(side: str, sign: int, within: int) -> str:
    """Pairs of one side, before or after: an event and each of the next few of its session."""
    ahead = range(1, within + 1)
    cells = ("item", "session", "crossed", "time")
    leads = ", ".join(f"lead({cell}, {k}) OVER line AS {cell}_{k}" for k in ahead for cell in cells)
    nexts = ", ".join(f"({', '.join(f'{cell}_{k}' for cell in cells)})" for k in ahead)
    line = 'WINDOW line AS (PARTITION BY person ORDER BY time, id COLLATE "C")'
    return f"""
    SELECT chain.item AS here, next.item AS there, next.time, {sign} AS sign
    FROM (
        SELECT item, session, crossed, changed, {leads}
        FROM (SELECT *, count(*) FILTER (WHERE apart) OVER line AS session
              FROM (SELECT *, time - lag(time) OVER line > :gap AS apart
                    FROM placed WHERE {side} {line}) AS gaps {line}) AS sessions {line}
    ) AS chain CROSS JOIN LATERAL (VALUES {nexts}) AS next({", ".join(cells)})
    WHERE next.session = chain.session AND next.item <> chain.item
      AND (chain.changed OR next.crossed > chain.crossed)
    """


def searched_words(artifact: int, half_life: float | None) -> str:
    """What persons searched for, by the keywords that stand in it."""
    return f"""
    SELECT person AS source, asked.keyword AS target, sum({fade("time", half_life)}) AS mass,
           count(*)::integer AS n
    FROM event JOIN {query_table(artifact)} AS asked ON asked.query = event.keyword
    WHERE event.keyword IS NOT NULL
      AND time >= coalesce(CAST(:since AS date)::timestamp AT TIME ZONE 'UTC', '-infinity')
    GROUP BY person, asked.keyword
    """


def wanted_after(artifact: int, half_life: float | None) -> str:
    """What somebody showed interest in on the page that answered a search, by its keywords."""
    return f"""
    SELECT asked.keyword AS source, did.item AS target,
           sum(counted.weight * {fade("did.time", half_life)}) AS mass, count(*)::integer AS n
    FROM {query_table(artifact)} AS asked
    JOIN event AS search ON search.keyword = asked.query AND search.kind = 'search'
    JOIN event AS did ON did.trace = search.trace AND did.person = search.person
    JOIN unnest(CAST(:kinds AS text[]), CAST(:weights AS float8[])) AS counted(kind, weight)
        ON counted.kind = did.kind
    WHERE did.item IS NOT NULL AND did.time >= search.time
      AND search.time >= coalesce(CAST(:since AS date)::timestamp AT TIME ZONE 'UTC', '-infinity')
    GROUP BY asked.keyword, did.item
    """


def believed_tags(facets: bool) -> str:
    """What items are believed to be, as somebody said it, by how surely."""
    only = "AND tag.facet = ANY(CAST(:facets AS text[]))" if facets else ""
    return f"""
    SELECT item_tag.item AS source, item_tag.tag AS target, max(item_tag.confidence) AS mass,
           count(*)::integer AS n
    FROM item_tag JOIN item ON item.id = item_tag.item JOIN tag ON tag.id = item_tag.tag
    WHERE NOT item_tag.denied AND item_tag.confidence > 0 AND item.removed_at IS NULL
      AND item_tag.tag = ANY(item.tag_ids) {only}
    GROUP BY item_tag.item, item_tag.tag
    """


def title_words(artifact: int) -> str:
    """Keywords of titles."""
    _, table, _ = keyword_tables(artifact)
    return f"SELECT item AS source, keyword AS target, 1::float8 AS mass, 1 AS n FROM {table}"


def word_meanings(artifact: int) -> str:
    """What keywords mean, by how surely."""
    _, _, table = keyword_tables(artifact)
    return f"""
    SELECT keyword AS source, tag AS target, weight AS mass, 1 AS n FROM {table} WHERE weight > 0
    """


def relations(kind: str) -> str:
    """What ties tags that are in use: `broader` upwards, `related` both ways."""
    return f"""
    SELECT relation.tag AS source, relation.other AS target, 1::float8 AS mass, 1 AS n
    FROM tag_relation AS relation
    JOIN tag ON tag.id = relation.tag JOIN tag AS other ON other.id = relation.other
    WHERE relation.kind = '{kind}' AND tag.retired_at IS NULL AND other.retired_at IS NULL
    """


_HELD = """
SELECT item.id AS item, named.name AS attribute, held.text
FROM item CROSS JOIN unnest(CAST(:names AS text[])) AS named(name)
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(attributes -> named.name)
        WHEN 'array' THEN attributes -> named.name
        WHEN 'string' THEN jsonb_build_array(attributes -> named.name)
        ELSE '[]' END) AS held(text)
WHERE item.removed_at IS NULL
"""


def _add_values(held: str) -> TextClause:
    return text(f"""
    INSERT INTO value (id, attribute, text)
    SELECT (SELECT coalesce(max(id), 0) FROM value)
           + row_number() OVER (ORDER BY attribute COLLATE "C", text COLLATE "C"), attribute, text
    FROM (SELECT DISTINCT attribute, text FROM ({held}) AS held) AS new
    WHERE NOT EXISTS (SELECT FROM value
                      WHERE (value.attribute, value.text) = (new.attribute, new.text))
    """)


ADD_VALUES = _add_values(_HELD)
ADD_VALUES_OF = _add_values(f"{_HELD} AND item.id = ANY(CAST(:items AS integer[]))")
ITEM_VALUES = f"""
SELECT DISTINCT held.item AS source, value.id AS target, 1::float8 AS mass, 1 AS n
FROM ({_HELD}) AS held
JOIN value ON (value.attribute, value.text) = (held.attribute, held.text)
"""

Leg = tuple[str, bool]  # a kind of edge, and whether it is gone backwards


def _ends(leg: Leg) -> tuple[str, str]:
    return ("target", "source") if leg[1] else ("source", "target")


def _walk(legs: Sequence[Leg]) -> str:
    joins = [f"{table_of(legs[0][0])} AS leg0"]
    for place, leg in enumerate(legs[1:], 1):
        came, goes = _ends(legs[place - 1])[1], _ends(leg)[0]
        joins.append(
            f"JOIN {table_of(leg[0])} AS leg{place} ON leg{place}.{goes} = leg{place - 1}.{came}"
        )
    return " ".join(joins)


def mark_due(legs: Sequence[Leg]) -> TextClause:
    """Find where paths begin that go through a node whose edges have changed."""
    touched = "SELECT node FROM derived.edge_node WHERE kind = '{}' AND side = '{}' AND {}"
    since = "artifact > :since"
    parts = [touched.format(legs[0][0], _ends(legs[0])[0], since)]
    for place in range(1, len(legs)):
        here = touched.format(legs[place][0], _ends(legs[place])[0], since)
        parts.append(
            f"SELECT leg0.{_ends(legs[0])[0]} FROM {_walk(legs[:place])} "
            f"WHERE leg{place - 1}.{_ends(legs[place - 1])[1]} IN ({here})"
        )
    return text(f"INSERT INTO edge_due {' UNION '.join(parts)}")


def paths(legs: Sequence[Leg], alike: bool, scoped: bool) -> str:
    """Sum the masses of paths, and keep the heaviest few of each beginning.

    Ties are those that are equal to nine digits: sums differ in the last ones by their order.
    """
    begin, end = f"leg0.{_ends(legs[0])[0]}", f"leg{len(legs) - 1}.{_ends(legs[-1])[1]}"
    product = " * ".join(f"leg{place}.mass" for place in range(len(legs)))
    conditions = [f"{begin} <> {end}"] if alike else []
    conditions += [f"{begin} IN (SELECT node FROM edge_due)"] if scoped else []
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"""
    SELECT source, target, mass, n FROM (
        SELECT *, row_number() OVER (
            PARTITION BY source ORDER BY round(ln(mass) * 1e9) DESC, target) AS place
        FROM (SELECT {begin} AS source, {end} AS target, sum({product}) AS mass,
                     count(*)::integer AS n
              FROM {_walk(legs)} {where} GROUP BY 1, 2) AS summed
    ) AS ranked WHERE place <= :top
    """


def want(content: str) -> TextClause:
    """Put what a kind should hold, or what is to be added, aside."""
    return text(f"INSERT INTO edge_wanted {CONTENT} {content}")


CLEAR = text("TRUNCATE edge_due, edge_wanted, edge_change")
MARK_ITEMS = text("INSERT INTO edge_due SELECT unnest(CAST(:items AS integer[]))")


def want_of_due(content: str) -> TextClause:
    """Put aside what a kind should hold from the sources that are due."""
    due = "source = ANY(CAST(:items AS integer[]))"
    return text(f"INSERT INTO edge_wanted {CONTENT} SELECT * FROM ({content}) AS all_ WHERE {due}")


ANALYZE_WANTED = text("ANALYZE edge_wanted")


def compare_added(kind: str) -> TextClause:
    """Take what was put aside as something to add."""
    return text(f"""
    INSERT INTO edge_change
    SELECT new.source, new.target, coalesce(old.mass, 0), coalesce(old.n, 0),
           CASE WHEN coalesce(old.n, 0) + new.n = 0 THEN 0
                ELSE greatest({TINY}, coalesce(old.mass, 0) + new.mass) END,
           coalesce(old.n, 0) + new.n
    FROM edge_wanted AS new LEFT JOIN {table_of(kind)} AS old USING (source, target)
    WHERE new.n <> 0 OR new.mass <> 0;
    """)


def compare_whole(kind: str, scoped: bool) -> TextClause:
    """Take what was put aside as all that there should be, at least from the sources that are due.

    The same up to nine digits is the same: sums differ in the last ones by their order.
    """
    only = "WHERE source IN (SELECT node FROM edge_due)" if scoped else ""
    return text(f"""
    INSERT INTO edge_change
    SELECT source, target, coalesce(old.mass, 0), coalesce(old.n, 0),
           coalesce(new.mass, 0), coalesce(new.n, 0)
    FROM edge_wanted AS new FULL JOIN (SELECT * FROM {table_of(kind)} {only}) AS old
         USING (source, target)
    WHERE new.n IS DISTINCT FROM old.n OR abs(new.mass - old.mass) > 1e-9 * old.mass
    """)


def write_changes(kind: str) -> TextClause:
    """Write what is to change; give how many edges that are."""
    table = table_of(kind)
    return text(f"""
    ANALYZE edge_change;
    DELETE FROM {table} AS old USING edge_change AS new
    WHERE (old.source, old.target) = (new.source, new.target) AND new.n = 0;
    INSERT INTO {table} AS old (kind, source, target, mass, n)
    SELECT '{kind}', source, target, mass, n FROM edge_change WHERE n <> 0
    ON CONFLICT (source, target) DO UPDATE SET mass = excluded.mass, n = excluded.n;
    """)


COUNT_CHANGES = text("SELECT count(*) FROM edge_change")
WRITE_NODES = text(f"""
INSERT INTO derived.edge_node AS old (kind, side, node, mass, degree, artifact)
SELECT :kind, ends.side, ends.node, sum(change.mass - change.old_mass),
       sum((change.n <> 0)::integer - (change.old_n <> 0)::integer), :artifact
FROM edge_change AS change
CROSS JOIN LATERAL (VALUES ('source', source), ('target', target)) AS ends(side, node)
GROUP BY ends.side, ends.node
ON CONFLICT (kind, side, node) DO UPDATE SET
    degree = old.degree + excluded.degree,
    mass = CASE WHEN old.degree + excluded.degree = 0 THEN 0
                ELSE greatest({TINY}, old.mass + excluded.mass) END,
    artifact = excluded.artifact
""")


def make_new(kind: str) -> TextClause:
    """Make an empty table beside the one that is read."""
    return text(f"""
    CREATE TABLE {_new(kind)} (
        kind text NOT NULL, source integer NOT NULL, target integer NOT NULL,
        mass double precision NOT NULL, n integer NOT NULL, CHECK (kind = '{kind}'))
    """)


def fill_new(kind: str, content: str) -> TextClause:
    """Fill the new table."""
    return text(f"""
    INSERT INTO {_new(kind)}
    SELECT '{kind}', source, target, mass, n FROM ({content}) AS content
    """)


def index_new(kind: str) -> TextClause:
    """Index the filled table."""
    return text(f"""
    CREATE UNIQUE INDEX ON {_new(kind)} (source, target);
    CREATE INDEX ON {_new(kind)} (source, mass DESC, target);
    CREATE INDEX ON {_new(kind)} (target, mass DESC, source);
    ANALYZE {_new(kind)};
    """)


def sum_new(kind: str) -> TextClause:
    """Sum up the edges of every node."""
    return text(f"""
    INSERT INTO derived.edge_node (kind, side, node, mass, degree, artifact)
    SELECT :kind, 'source', source, sum(mass), count(*), :artifact
    FROM {_new(kind)} GROUP BY source
    UNION ALL
    SELECT :kind, 'target', target, sum(mass), count(*), :artifact
    FROM {_new(kind)} GROUP BY target
    """)


def put_in_place(kind: str) -> TextClause:
    """Let the new table be read in place of the old one; who reads waits only for this."""
    return text(f"""
    {_drop(kind)};
    ALTER TABLE {_new(kind)} RENAME TO edge_{kind};
    ALTER TABLE {DERIVED}.edge ATTACH PARTITION {table_of(kind)} FOR VALUES IN ('{kind}');
    """)


def drop_kind(kind: str) -> TextClause:
    """Drop a kind's partition."""
    return text(_drop(kind))


def _drop(kind: str) -> str:
    """Lock everything at once, so that two who do this never wait for each other in a ring."""
    whole = f"LOCK TABLE ONLY {DERIVED}.edge IN ACCESS EXCLUSIVE MODE"
    return f"{whole}; DROP TABLE IF EXISTS {table_of(kind)}"


def _new(kind: str) -> str:
    return f"{DERIVED}.new_edge_{kind}"
