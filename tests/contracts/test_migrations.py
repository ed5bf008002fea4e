from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Computed, Connection, Engine, Index, text

from migrations.tables import everything
from weft.database import current_revision, migrate, newest_revision

MADE_BY_OTHERS = ("jobs", "tuning")
ALEMBICS_OWN = "alembic_version"
LEFT = text("""
    SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND relname !~ '^alembic_version' AND NOT EXISTS (
          SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    UNION ALL
    SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
    UNION ALL
    SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = 'public' AND NOT EXISTS (
          SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
""")
DECLARED = text("""
    ALTER TABLE item ADD city text GENERATED ALWAYS AS (attributes->>'city') STORED;
    CREATE INDEX item_city ON item (city);
    CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-05-01') TO ('2026-05-02');
    CREATE TABLE derived.ranked_1 PARTITION OF derived.ranked FOR VALUES IN (1);
""")
PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')")


def test_migrations_make_what_the_code_declares(engine: Engine) -> None:
    with engine.connect() as connection:
        assert _differences(connection) == []


def test_downgrade_leaves_nothing_and_upgrade_works_again(engine: Engine) -> None:
    migrate(engine, "base")
    with engine.connect() as connection:
        assert connection.execute(LEFT).scalars().all() == []
    migrate(engine)
    with engine.connect() as connection:
        assert current_revision(connection) == newest_revision()
        assert _differences(connection) == []


def test_what_a_shop_adds_is_no_difference(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(DECLARED)
        assert _differences(connection) == []


def _differences(connection: Connection) -> list[object]:
    partitions = set(connection.execute(PARTITIONS).scalars())

    def is_ours(thing, name, kind, reflected, _) -> bool:
        if kind == "table":
            return name not in {*partitions, ALEMBICS_OWN} and thing.schema not in MADE_BY_OTHERS
        return not (reflected and _declared_by_a_shop(thing))

    options = {"include_schemas": True, "include_object": is_ours, "version_table_schema": "public"}
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, everything)


def _declared_by_a_shop(thing: object) -> bool:
    """Tell a generated column, and an index on one, that `catalog` of some spec has asked for."""
    columns = thing.columns if isinstance(thing, Index) else [thing]
    return any(isinstance(c, Column) and isinstance(c.server_default, Computed) for c in columns)
