"""What Alembic runs: the engine comes from the caller, never from a file."""

from __future__ import annotations

from alembic import context

from api.migrations import all_tables

database = context.config.attributes["engine"]
with database.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        # SQLite cannot alter a column: Alembic copies the table there.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # keys and indexes of a large house are not made within what a page may take
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        context.run_migrations()
    connection.commit()
