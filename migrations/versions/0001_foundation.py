"""The foundation: facts, machinery and ranked lists."""

from importlib.resources import files

from alembic import op

revision = "0001"
down_revision = None

SCHEMAS = """
CREATE SCHEMA weft;
CREATE SCHEMA derived;
CREATE SCHEMA live;
CREATE SCHEMA jobs;
COMMENT ON SCHEMA weft IS 'machinery: builds, artifacts, releases, keys';
COMMENT ON SCHEMA derived IS 'what build steps made, every version';
COMMENT ON SCHEMA live IS 'views of the live release, for analysts';
COMMENT ON SCHEMA jobs IS 'the job queue';
"""

TABLES = """
CREATE TABLE derived.ranked (
    artifact INTEGER NOT NULL,
    context TEXT[] NOT NULL,
    rank INTEGER NOT NULL,
    item INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL
)
 PARTITION BY LIST (artifact);
CREATE TABLE event (
    id TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT NOT NULL,
    person INTEGER NOT NULL,
    item INTEGER,
    scene TEXT,
    position INTEGER,
    keyword TEXT,
    trace TEXT,
    CONSTRAINT event_pkey PRIMARY KEY (id, time)
)
 PARTITION BY RANGE (time);
CREATE INDEX event_person_time ON event (person, time DESC);
CREATE TABLE event_day (
    day DATE NOT NULL,
    rows BIGINT NOT NULL,
    CONSTRAINT event_day_pkey PRIMARY KEY (day)
);
CREATE TABLE item (
    id INTEGER NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    attributes JSONB DEFAULT '{}' NOT NULL,
    tag_ids INTEGER[] DEFAULT '{}' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT item_pkey PRIMARY KEY (id),
    CONSTRAINT item_key_key UNIQUE (key)
);
CREATE INDEX item_tag_ids ON item USING gin (tag_ids);
CREATE TABLE person (
    id INTEGER NOT NULL,
    key TEXT NOT NULL,
    attributes JSONB DEFAULT '{}' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT person_pkey PRIMARY KEY (id),
    CONSTRAINT person_key_key UNIQUE (key)
);
CREATE TABLE tag (
    id INTEGER NOT NULL,
    key TEXT NOT NULL,
    facet TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT tag_pkey PRIMARY KEY (id),
    CONSTRAINT tag_key_key UNIQUE (key)
);
CREATE INDEX tag_facet ON tag (facet);
CREATE TABLE trace (
    id TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    scene TEXT NOT NULL,
    person INTEGER,
    release INTEGER NOT NULL,
    question JSONB NOT NULL,
    items INTEGER[] NOT NULL,
    channels TEXT[] NOT NULL,
    CONSTRAINT trace_pkey PRIMARY KEY (id, time)
)
 PARTITION BY RANGE (time);
CREATE INDEX trace_person_time ON trace (person, time DESC);
CREATE TABLE weft.api_key (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    roles TEXT[] NOT NULL,
    hash BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_key_pkey PRIMARY KEY (id)
);
CREATE TABLE weft.artifact (
    id INTEGER NOT NULL,
    step TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    build INTEGER NOT NULL,
    section JSONB NOT NULL,
    inputs JSONB NOT NULL,
    marks JSONB NOT NULL,
    tables TEXT[] NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    dropped_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT artifact_pkey PRIMARY KEY (id)
);
CREATE INDEX artifact_step_fingerprint ON weft.artifact (step, fingerprint);
CREATE TABLE weft.build (
    id INTEGER NOT NULL,
    state TEXT NOT NULL,
    spec_hash TEXT NOT NULL,
    marks JSONB NOT NULL,
    moment TIMESTAMP WITH TIME ZONE NOT NULL,
    artifacts JSONB NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    author TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    error TEXT,
    CONSTRAINT build_pkey PRIMARY KEY (id)
);
CREATE TABLE weft.live (
    slot INTEGER DEFAULT '1' NOT NULL,
    release INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT live_pkey PRIMARY KEY (slot)
);
CREATE TABLE weft.log_line (
    id BIGSERIAL NOT NULL,
    build INTEGER NOT NULL,
    step TEXT,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    message TEXT NOT NULL,
    CONSTRAINT log_line_pkey PRIMARY KEY (id)
);
CREATE INDEX log_line_build ON weft.log_line (build);
CREATE TABLE weft.metric (
    artifact INTEGER NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    CONSTRAINT metric_pkey PRIMARY KEY (artifact, name)
);
CREATE TABLE weft.release (
    id INTEGER NOT NULL,
    build INTEGER,
    spec JSONB NOT NULL,
    artifacts JSONB NOT NULL,
    author TEXT NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT release_pkey PRIMARY KEY (id)
);
CREATE TABLE weft.watermark (
    subject TEXT NOT NULL,
    changes BIGINT NOT NULL,
    CONSTRAINT watermark_pkey PRIMARY KEY (subject)
);
CREATE TABLE item_tag (
    item INTEGER NOT NULL,
    tag INTEGER NOT NULL,
    source TEXT NOT NULL,
    confidence DOUBLE PRECISION DEFAULT '1' NOT NULL,
    CONSTRAINT item_tag_pkey PRIMARY KEY (item, tag, source),
    CONSTRAINT item_tag_item_fkey FOREIGN KEY(item) REFERENCES item (id),
    CONSTRAINT item_tag_tag_fkey FOREIGN KEY(tag) REFERENCES tag (id)
);
CREATE INDEX item_tag_tag ON item_tag (tag);
CREATE TABLE tag_label (
    tag INTEGER NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    normal TEXT NOT NULL,
    CONSTRAINT tag_label_pkey PRIMARY KEY (tag, language, kind, text),
    CONSTRAINT tag_label_tag_fkey FOREIGN KEY(tag) REFERENCES tag (id)
);
CREATE INDEX tag_label_normal ON tag_label (normal);
CREATE TABLE tag_relation (
    tag INTEGER NOT NULL,
    kind TEXT NOT NULL,
    other INTEGER NOT NULL,
    CONSTRAINT tag_relation_pkey PRIMARY KEY (tag, kind, other),
    CONSTRAINT tag_relation_tag_fkey FOREIGN KEY(tag) REFERENCES tag (id),
    CONSTRAINT tag_relation_other_fkey FOREIGN KEY(other) REFERENCES tag (id)
);
CREATE INDEX tag_relation_other ON tag_relation (other);
COMMENT ON TABLE derived.ranked IS 'Items in order, by channel and context; read `live.ranked` for the live release.';
COMMENT ON COLUMN derived.ranked.context IS 'the values of the channel''s `by`; NULL is any';
COMMENT ON TABLE event IS 'What people did; one partition a day (UTC).';
COMMENT ON TABLE event_day IS 'How many events each day holds; events are only ever added, so this is their version.';
COMMENT ON TABLE item IS 'What the shop offers. Declared attributes are columns, generated from `attributes`.';
COMMENT ON COLUMN item.key IS 'the shop''s own name for it';
COMMENT ON COLUMN item.tag_ids IS 'its tags and everything above them';
COMMENT ON TABLE person IS 'Who visits. A person is made by a row of a users file or by their first event.';
COMMENT ON TABLE trace IS 'What was answered to whom; one partition a day (UTC).';
COMMENT ON COLUMN trace.channels IS 'which channel found each item';
COMMENT ON COLUMN weft.api_key.id IS 'the public first part of the key';
COMMENT ON COLUMN weft.artifact.section IS 'the filled-in section that made it';
COMMENT ON COLUMN weft.artifact.inputs IS 'fingerprints of the artifacts it was made from';
COMMENT ON COLUMN weft.artifact.marks IS 'the data watermarks it was made from';
COMMENT ON COLUMN weft.artifact.tables IS 'the tables that hold its rows';
COMMENT ON COLUMN weft.build.state IS 'running, done, failed or stopped';
COMMENT ON COLUMN weft.build.marks IS 'the data watermarks this build works from';
COMMENT ON COLUMN weft.build.moment IS 'the time that counts as now for its steps';
COMMENT ON COLUMN weft.build.artifacts IS 'the artifact id promised to each step';
COMMENT ON TABLE weft.live IS 'The one release that requests read.';
COMMENT ON COLUMN weft.release.spec IS 'the whole spec, every default filled in';
COMMENT ON COLUMN weft.release.artifacts IS 'step name to artifact id';
COMMENT ON TABLE weft.watermark IS 'How many rows of a subject were added or changed since the beginning.';
COMMENT ON COLUMN item_tag.source IS 'who said so: catalog';
COMMENT ON COLUMN tag_label.kind IS 'preferred, synonym or hidden';
COMMENT ON COLUMN tag_label.normal IS 'the form that is compared';
COMMENT ON COLUMN tag_relation.kind IS 'broader';
"""

FUNCTIONS = r"""
CREATE FUNCTION weft.to_moment(text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS 'SELECT $1::timestamptz';
COMMENT ON FUNCTION weft.to_moment IS
    'a time with its offset written out, which is why this may be called immutable';
CREATE FUNCTION weft.to_words(jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS 'SELECT array_agg(word) FROM jsonb_array_elements_text($1) AS words(word)';
"""

VIEWS = """
CREATE VIEW live.artifact AS
SELECT parts.name AS step, parts.id::integer AS artifact
FROM weft.live JOIN weft.release ON release.id = live.release,
     jsonb_each_text(release.artifacts) AS parts(name, id);
CREATE VIEW live.ranked AS
SELECT artifact.step, ranked.context, ranked.rank, item.key AS item, ranked.score
FROM live.artifact
JOIN derived.ranked USING (artifact)
JOIN item ON item.id = ranked.item;
"""


def upgrade() -> None:
    """Make everything."""
    for part in (SCHEMAS, TABLES, FUNCTIONS, VIEWS):
        op.execute(part)
    _make_job_tables()


def downgrade() -> None:
    """Drop everything, in one go."""
    op.execute("DROP SCHEMA live, derived, weft, jobs CASCADE")
    op.execute("DROP TABLE item_tag, tag_relation, tag_label, tag, item, person")
    op.execute("DROP TABLE event, event_day, trace")


def _make_job_tables() -> None:
    script = (files("procrastinate") / "sql" / "schema.sql").read_text()
    op.execute("SET LOCAL search_path TO jobs")
    op.get_bind().connection.cursor().execute(script)
    op.execute("SET LOCAL search_path TO public")
