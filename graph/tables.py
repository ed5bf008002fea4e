"""The graph's facts: items, persons, tags and what ties them (schema `public`)."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from weft.tables import DERIVED, MACHINERY, metadata, moment

item = Table(
    "item",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True, comment="the shop's own name for it"),
    Column("title", Text, nullable=False),
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'")),
    Column(
        "tag_ids",
        ARRAY(Integer),
        nullable=False,
        server_default=text("'{}'"),
        comment="its tags and everything above them",
    ),
    Column("added_at", moment, nullable=False, server_default=func.now()),
    Column("changed_at", moment, nullable=False, server_default=func.now()),
    Column("removed_at", moment),
    Index("item_tag_ids", "tag_ids", postgresql_using="gin"),
    Index("item_changed_at", "changed_at"),
    comment="What the shop offers. Declared attributes are columns, generated from `attributes`.",
)

arrival = Table(
    "arrival",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column(
        "transaction",
        BigInteger,
        nullable=False,
        server_default=text("CAST(CAST(pg_current_xact_id() AS text) AS bigint)"),
        comment="that stored it; a build of an older snapshot has not seen it",
    ),
    schema=MACHINERY,
    comment="Items that came or changed by requests and that the live release may not hold.",
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'")),
    Column("added_at", moment, nullable=False, server_default=func.now()),
    Column("changed_at", moment, nullable=False, server_default=func.now()),
    comment="Who visits. A person is made by a row of a users file or by their first event.",
)

tag = Table(
    "tag",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("facet", Text, nullable=False, index=True),
    Column("revision", Integer, nullable=False, server_default="1", comment="counts its edits"),
    Column(
        "redirect",
        Integer,
        ForeignKey("tag.id"),
        index=True,
        comment="the tag it was merged into",
    ),
    Column("retired_at", moment),
    Column("added_at", moment, nullable=False, server_default=func.now()),
    Column("changed_at", moment, nullable=False, server_default=func.now()),
)

tag_label = Table(
    "tag_label",
    metadata,
    Column("tag", Integer, ForeignKey("tag.id"), primary_key=True),
    Column("language", Text, primary_key=True),
    Column("kind", Text, primary_key=True, comment="preferred, synonym or hidden"),
    Column("text", Text, primary_key=True),
    Column("normal", Text, nullable=False, index=True, comment="the form that is compared"),
)

tag_relation = Table(
    "tag_relation",
    metadata,
    Column("tag", Integer, ForeignKey("tag.id"), primary_key=True),
    Column("kind", Text, primary_key=True, comment="broader or related"),
    Column("other", Integer, ForeignKey("tag.id"), primary_key=True, index=True),
)

item_tag = Table(
    "item_tag",
    metadata,
    Column("item", Integer, ForeignKey("item.id"), primary_key=True),
    Column("tag", Integer, ForeignKey("tag.id"), primary_key=True, index=True),
    Column("source", Text, primary_key=True, comment="who said so: human, catalog, rule, ner, …"),
    Column("confidence", Double, nullable=False, server_default="1"),
    Column("denied", Boolean, nullable=False, server_default="false", comment="said not to be so"),
    Column("span_start", Integer, comment="where in the title, in characters"),
    Column("span_end", Integer),
    Column("model", Text, comment="the version of the lexicon or model that said so"),
    comment="What each source says; `item.tag_ids` is what is believed.",
)

item_text = Table(
    "item_text",
    metadata,
    Column("item", Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False),
    Column("title_hash", BigInteger, nullable=False, comment="of the title that was read"),
    Column("lexicon", Text, nullable=False, comment="the version that it was read with"),
    Column("grams", ARRAY(Integer), nullable=False, comment="hashed pieces, to find it by a label"),
    Index("item_text_grams", "grams", postgresql_using="gin"),
    comment="Which title was read with which lexicon.",
)

word = Table(
    "word",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("normal", Text, nullable=False, unique=True, comment="the form that is compared"),
    Column("text", Text, nullable=False, comment="as it was first found"),
    comment="Every keyword there ever was; its number stays.",
)

value = Table(
    "value",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("attribute", Text, nullable=False, comment="of items, such as city"),
    Column("text", Text, nullable=False),
    UniqueConstraint("attribute", "text"),
    comment="Every word that a keyword attribute ever held; its number stays.",
)

taxonomy_change = Table(
    "taxonomy_change",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", moment, nullable=False, server_default=func.now()),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("tag", Integer, ForeignKey("tag.id"), nullable=False, index=True),
    Column(
        "other",
        Integer,
        ForeignKey("tag.id"),
        index=True,
        comment="the tag that it was merged into, or related to",
    ),
    Column(
        "item",
        Integer,
        ForeignKey("item.id"),
        comment="the item that it was assigned to, or not",
    ),
    Column("revision", Integer, nullable=False, comment="of the tag, after the change"),
    Column(
        "before",
        JSONB,
        comment="the tag, or what was said of the item, before; NULL: there was no such tag",
    ),
    Column("after", JSONB, nullable=False),
    comment="Every edit of the taxonomy, one row each.",
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False, comment="synonym, misspelling, entity, ambiguous or idle"),
    Column("tag", Integer, ForeignKey("tag.id"), index=True, comment="what it is about, if a tag"),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False, comment="a label's form to compare, or a tag's name"),
    Column("score", Double, nullable=False, comment="0 to 1, to sort by within a kind"),
    Column("state", Text, nullable=False, server_default="open", comment="open until decided"),
    Column("first_seen", moment, nullable=False),
    Column("last_seen", moment, nullable=False),
    Column("evidence", JSONB, nullable=False, comment="numbers, example items and queries"),
    UniqueConstraint("kind", "tag", "text", postgresql_nulls_not_distinct=True),
    comment="What the data suggests to whoever keeps the taxonomy.",
)

reading = Table(
    "reading",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False, server_default="1"),
    Column(
        "way",
        Text,
        nullable=False,
        comment="hash of everything but the taxonomy that shapes reading",
    ),
    Column(
        "change",
        Integer,
        nullable=False,
        comment="the last taxonomy change that all titles were read with",
    ),
    schema=MACHINERY,
    comment="How titles were last read.",
)

keyword = Table(
    "keyword",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("id", Integer, nullable=False, comment="of the word"),
    Column("rank", Integer, nullable=False, comment="1 is the most telling one"),
    Column("text", Text, nullable=False, comment="its most frequent form"),
    Column("normal", Text, nullable=False, comment="the form that is compared"),
    Column("weight", Double, nullable=False, comment="how often, times how telling (TF-IDF)"),
    Column("titles", Integer, nullable=False, comment="how many titles hold it"),
    Column("queries", BigInteger, nullable=False, comment="how many searches held it"),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Words of titles and searches; read `live.keyword` for the live release.",
)

item_keyword = Table(
    "item_keyword",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("keyword", Integer, nullable=False),
    Column("weight", Double, nullable=False, comment="how telling it is (IDF)"),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Keywords of titles; read `live.item_keyword` for the live release.",
)

keyword_tag = Table(
    "keyword_tag",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("keyword", Integer, nullable=False),
    Column("tag", Integer, nullable=False),
    Column("weight", Double, nullable=False, comment="how surely the keyword means it, up to 1"),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="What keywords mean; read `live.keyword_tag` for the live release.",
)

query_keyword = Table(
    "query_keyword",
    metadata,
    Column("artifact", Integer, nullable=False),
    Column("query", Text, nullable=False, comment="as it was asked"),
    Column("keyword", Integer, nullable=False),
    schema=DERIVED,
    postgresql_partition_by="LIST (artifact)",
    comment="Keywords of searches.",
)
