"""The engine with its twins on a real database of each dialect.

On PostgreSQL the tests of this folder share one database, which is emptied before each: that takes
a tenth of the time of a fresh one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from support import postgres
from support.builders import Works, make_works

from engine.clock import SteppedClock
from engine.db import make_engine, metadata


def _empty() -> str:
    """Rows alone: TRUNCATE makes each table and index a new file, which takes twenty times as long.

    Asked for when all tables are known, whichever tests have brought in which rooms before. Any
    order does: nothing looks at foreign keys.
    """
    tables = "; ".join(f'DELETE FROM "{name}"' for name in metadata.tables)
    return f"SET LOCAL session_replication_role = replica; {tables}"


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: postgres.Server, postgres_template: str) -> Iterator[Engine]:
    url = postgres_server.create(postgres_template)
    made = make_engine(url)
    yield made
    made.dispose()
    postgres_server.drop(url)


@pytest.fixture
def postgres_engine(shared_postgres: Engine) -> Iterator[Engine]:
    """Empty, and with a pool of its own: no test sees another's listeners or connections."""
    with shared_postgres.begin() as db:
        db.exec_driver_sql(_empty())
    made = make_engine(shared_postgres.url.render_as_string(hide_password=False))
    yield made
    made.dispose()


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    """Whatever a test does, the promises of the audit hold afterwards."""
    made = make_works(db_engine, clock)
    yield made
    assert made.findings() == []


@pytest.fixture
def postgres_works(postgres_engine: Engine, clock: SteppedClock) -> Iterator[Works]:
    """For what only row locks can show."""
    made = make_works(postgres_engine, clock)
    yield made
    assert made.findings() == []
