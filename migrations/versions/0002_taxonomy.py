"""The taxonomy is edited: revisions, redirects, history, and what each source says of an item."""

from alembic import op

revision = "0002"
down_revision = "0001"

UP = """
ALTER TABLE tag
    ADD COLUMN revision INTEGER DEFAULT '1' NOT NULL,
    ADD COLUMN redirect INTEGER CONSTRAINT tag_redirect_fkey REFERENCES tag (id),
    ADD COLUMN retired_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX tag_redirect ON tag (redirect);
COMMENT ON COLUMN tag.revision IS 'counts its edits';
COMMENT ON COLUMN tag.redirect IS 'the tag it was merged into';
ALTER TABLE item_tag
    ADD COLUMN denied BOOLEAN DEFAULT 'false' NOT NULL,
    ADD COLUMN span_start INTEGER,
    ADD COLUMN span_end INTEGER,
    ADD COLUMN model TEXT;
COMMENT ON TABLE item_tag IS 'What each source says; `item.tag_ids` is what is believed.';
COMMENT ON COLUMN item_tag.source IS 'who said so: human, catalog, rule, ner, …';
COMMENT ON COLUMN item_tag.denied IS 'said not to be so';
COMMENT ON COLUMN item_tag.span_start IS 'where in the title, in characters';
COMMENT ON COLUMN item_tag.model IS 'the version of the lexicon or model that said so';
CREATE TABLE item_text (
    item INTEGER NOT NULL,
    title_hash BIGINT NOT NULL,
    lexicon TEXT NOT NULL,
    grams INTEGER[] NOT NULL,
    CONSTRAINT item_text_pkey PRIMARY KEY (item),
    CONSTRAINT item_text_item_fkey FOREIGN KEY(item) REFERENCES item (id)
);
CREATE INDEX item_text_grams ON item_text USING gin (grams);
COMMENT ON TABLE item_text IS 'Which title was read with which lexicon.';
COMMENT ON COLUMN item_text.title_hash IS 'of the title that was read';
COMMENT ON COLUMN item_text.lexicon IS 'the version that it was read with';
COMMENT ON COLUMN item_text.grams IS 'hashed pieces, to find it by a label';
CREATE TABLE taxonomy_change (
    id INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    verb TEXT NOT NULL,
    tag INTEGER NOT NULL,
    other INTEGER,
    item INTEGER,
    revision INTEGER NOT NULL,
    before JSONB,
    after JSONB NOT NULL,
    CONSTRAINT taxonomy_change_pkey PRIMARY KEY (id),
    CONSTRAINT taxonomy_change_tag_fkey FOREIGN KEY(tag) REFERENCES tag (id),
    CONSTRAINT taxonomy_change_other_fkey FOREIGN KEY(other) REFERENCES tag (id),
    CONSTRAINT taxonomy_change_item_fkey FOREIGN KEY(item) REFERENCES item (id)
);
CREATE INDEX taxonomy_change_tag ON taxonomy_change (tag);
CREATE INDEX taxonomy_change_other ON taxonomy_change (other);
COMMENT ON TABLE taxonomy_change IS 'Every edit of the taxonomy, one row each.';
COMMENT ON COLUMN taxonomy_change.other IS 'the tag that it was merged into';
COMMENT ON COLUMN taxonomy_change.item IS 'the item that it was assigned to, or not';
COMMENT ON COLUMN taxonomy_change.revision IS 'of the tag, after the change';
COMMENT ON COLUMN taxonomy_change.before IS 'the tag, or what was said of the item, before; NULL: there was no such tag';
"""

DOWN = """
DROP TABLE taxonomy_change, item_text;
DELETE FROM item_tag WHERE source <> 'catalog';
ALTER TABLE item_tag
    DROP COLUMN denied, DROP COLUMN span_start, DROP COLUMN span_end, DROP COLUMN model;
COMMENT ON TABLE item_tag IS NULL;
COMMENT ON COLUMN item_tag.source IS 'who said so: catalog';
ALTER TABLE tag DROP COLUMN revision, DROP COLUMN redirect, DROP COLUMN retired_at;
"""


def upgrade() -> None:
    """Make the taxonomy editable."""
    op.execute(UP)


def downgrade() -> None:
    """Go back to the catalogue's own tags."""
    op.execute(DOWN)
