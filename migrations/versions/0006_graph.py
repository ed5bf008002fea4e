"""The graph: events know their arrival, keywords and values have numbers that stay, edges."""

from alembic import op

revision = "0006"
down_revision = "0005"

ARRIVAL = """
ALTER TABLE event ADD COLUMN arrival INTEGER;
UPDATE event SET arrival = numbered.arrival
FROM (SELECT id, time, row_number() OVER (
          PARTITION BY (time AT TIME ZONE 'UTC')::date ORDER BY time, id) AS arrival
      FROM event) AS numbered
WHERE event.id = numbered.id AND event.time = numbered.time;
ALTER TABLE event ALTER COLUMN arrival SET NOT NULL;
COMMENT ON COLUMN event.arrival IS 'its number within its day, as it came';
"""

WORDS = """
CREATE TABLE word (
    id INTEGER NOT NULL,
    normal TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT word_pkey PRIMARY KEY (id),
    CONSTRAINT word_normal_key UNIQUE (normal)
);
CREATE TABLE value (
    id INTEGER NOT NULL,
    attribute TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT value_pkey PRIMARY KEY (id),
    CONSTRAINT value_attribute_text_key UNIQUE (attribute, text)
);
CREATE TABLE derived.query_keyword (
    artifact INTEGER NOT NULL,
    query TEXT NOT NULL,
    keyword INTEGER NOT NULL
)
 PARTITION BY LIST (artifact);
COMMENT ON TABLE word IS 'Every keyword there ever was; its number stays.';
COMMENT ON COLUMN word.normal IS 'the form that is compared';
COMMENT ON COLUMN word.text IS 'as it was first found';
COMMENT ON TABLE value IS 'Every word that a keyword attribute ever held; its number stays.';
COMMENT ON COLUMN value.attribute IS 'of items, such as city';
COMMENT ON TABLE derived.query_keyword IS 'Keywords of searches.';
COMMENT ON COLUMN derived.query_keyword.query IS 'as it was asked';
"""

RANKS = """
ALTER TABLE derived.keyword ADD COLUMN rank INTEGER;
UPDATE derived.keyword SET rank = id;
ALTER TABLE derived.keyword ALTER COLUMN rank SET NOT NULL;
COMMENT ON COLUMN derived.keyword.id IS 'of the word';
COMMENT ON COLUMN derived.keyword.rank IS '1 is the most telling one';
DROP VIEW live.keyword;
CREATE VIEW live.keyword AS
SELECT keyword.id, keyword.rank, keyword.text, keyword.normal, keyword.weight, keyword.titles,
       keyword.queries
FROM live.artifact
JOIN derived.keyword USING (artifact);
"""

EDGES = """
CREATE TABLE derived.edge (
    kind TEXT NOT NULL,
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    mass DOUBLE PRECISION NOT NULL,
    n INTEGER NOT NULL
)
 PARTITION BY LIST (kind);
CREATE TABLE derived.edge_node (
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    node INTEGER NOT NULL,
    mass DOUBLE PRECISION NOT NULL,
    degree INTEGER NOT NULL,
    artifact INTEGER NOT NULL,
    CONSTRAINT edge_node_pkey PRIMARY KEY (kind, side, node)
);
CREATE TABLE derived.edge_kind (
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    weight TEXT NOT NULL,
    half_life DOUBLE PRECISION,
    landmark TIMESTAMP WITH TIME ZONE NOT NULL,
    moment TIMESTAMP WITH TIME ZONE NOT NULL,
    edges BIGINT NOT NULL,
    sources BIGINT NOT NULL,
    targets BIGINT NOT NULL,
    mass DOUBLE PRECISION NOT NULL,
    way TEXT NOT NULL,
    artifact INTEGER NOT NULL,
    rebuilt INTEGER NOT NULL,
    CONSTRAINT edge_kind_pkey PRIMARY KEY (kind)
);
CREATE TABLE derived.edge_seen (
    kind TEXT NOT NULL,
    day DATE NOT NULL,
    rows BIGINT NOT NULL,
    CONSTRAINT edge_seen_pkey PRIMARY KEY (kind, day)
);
COMMENT ON TABLE derived.edge IS 'What ties two nodes; read `live.edge` for weights.';
COMMENT ON COLUMN derived.edge.kind IS 'its name in the section `graph`';
COMMENT ON COLUMN derived.edge.mass IS 'what was counted, as of the kind''s landmark';
COMMENT ON COLUMN derived.edge.n IS 'how many facts or events are behind it';
COMMENT ON TABLE derived.edge_node IS 'Nodes by kind of edge, with what their edges sum up to.';
COMMENT ON COLUMN derived.edge_node.side IS 'source or target';
COMMENT ON COLUMN derived.edge_node.mass IS 'of all its edges on this side';
COMMENT ON COLUMN derived.edge_node.degree IS 'how many edges; 0 when all are gone';
COMMENT ON COLUMN derived.edge_node.artifact IS 'the run that last changed one of them';
COMMENT ON TABLE derived.edge_kind IS 'Kinds of edge, as they stand.';
COMMENT ON COLUMN derived.edge_kind.source IS 'item, person, tag, keyword or value';
COMMENT ON COLUMN derived.edge_kind.weight IS 'count, confidence, tfidf, pmi or jaccard';
COMMENT ON COLUMN derived.edge_kind.half_life IS 'in seconds; NULL: mass does not fade';
COMMENT ON COLUMN derived.edge_kind.landmark IS 'an event at this time adds its own weight';
COMMENT ON COLUMN derived.edge_kind.moment IS 'the time that counts as now for weights';
COMMENT ON COLUMN derived.edge_kind.sources IS 'nodes that have an edge from them';
COMMENT ON COLUMN derived.edge_kind.targets IS 'nodes that have an edge to them';
COMMENT ON COLUMN derived.edge_kind.mass IS 'of all edges';
COMMENT ON COLUMN derived.edge_kind.way IS 'hash of what defines it';
COMMENT ON COLUMN derived.edge_kind.artifact IS 'the run that brought it up to date';
COMMENT ON COLUMN derived.edge_kind.rebuilt IS 'the run that last made it from nothing';
COMMENT ON TABLE derived.edge_seen IS 'Which events of a day are in the edges of a kind.';
COMMENT ON COLUMN derived.edge_seen.rows IS 'events with an arrival up to this';
"""

# PMI adds logarithms: masses may be near 2^600, and their product no longer a number.
VIEW = """
CREATE VIEW live.edge AS
SELECT edge.kind, edge.source, edge.target,
    CASE whole.weight
        WHEN 'tfidf' THEN edge.mass / source.mass
            * ln(1 + whole.sources::double precision / target.degree)
        WHEN 'pmi' THEN greatest(
            0, ln(edge.mass) + ln(whole.mass) - ln(source.mass) - ln(target.mass))
        WHEN 'jaccard' THEN edge.mass / (source.mass + target.mass - edge.mass)
        ELSE edge.mass * coalesce(power(2::double precision,
            extract(epoch FROM whole.landmark - whole.moment) / whole.half_life), 1)
    END AS weight, edge.mass, edge.n
FROM derived.edge
JOIN derived.edge_kind AS whole ON whole.kind = edge.kind
JOIN derived.edge_node AS source
    ON (source.kind, source.side, source.node) = (edge.kind, 'source', edge.source)
JOIN derived.edge_node AS target
    ON (target.kind, target.side, target.node) = (edge.kind, 'target', edge.target);
"""

BACK = """
DROP VIEW live.edge;
DROP TABLE derived.edge, derived.edge_node, derived.edge_kind, derived.edge_seen;
DROP TABLE derived.query_keyword, word, value;
DROP VIEW live.keyword;
ALTER TABLE derived.keyword DROP COLUMN rank;
CREATE VIEW live.keyword AS
SELECT keyword.id, keyword.text, keyword.normal, keyword.weight, keyword.titles, keyword.queries
FROM live.artifact
JOIN derived.keyword USING (artifact);
ALTER TABLE event DROP COLUMN arrival;
"""


def upgrade() -> None:
    """Number what is there and make the tables."""
    for part in (ARRIVAL, WORDS, RANKS, EDGES, VIEW):
        op.execute(part)


def downgrade() -> None:
    """Drop them; keywords keep the numbers that they have."""
    op.execute(BACK)
