from sqlalchemy import Engine, text

from weft.database import current_revision, migrate, newest_revision


def test_migrations_go_down_and_up_again(engine: Engine) -> None:
    migrate(engine, "base")
    with engine.connect() as connection:
        left = connection.execute(
            text(
                "SELECT count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%' "
                "AND schemaname <> 'information_schema' AND tablename <> 'alembic_version'"
            )
        ).scalar_one()
    assert left == 0
    migrate(engine)
    with engine.connect() as connection:
        assert current_revision(connection) == newest_revision()
