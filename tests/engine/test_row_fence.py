"""The second fence, on PostgreSQL: a transaction that names an agency has no other's rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.db import begin_write, make_engine, reader, reading
from engine.models.command_log import ENTER, command_log

OURS, THEIRS = uuid4(), uuid4()
NAMED = sa.text("SELECT current_setting('saraban.agency', true)")


@pytest.fixture
def fenced(postgres_engine: Engine) -> Iterator[Engine]:
    """Two agencies' rows behind one connection: whoever comes next gets it as it was left."""
    one = make_engine(
        postgres_engine.url.render_as_string(hide_password=False), pool_size=1, max_overflow=0
    )
    with begin_write(one) as db:
        assert db.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = user")) is False
        _enter(db, OURS)
        _enter(db, THEIRS)
        db.commit()
    yield one
    one.dispose()


def _enter(db: Connection, agency: UUID) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    row = {"agency_id": agency, "actor": "clerk", "command_id": uuid4(), "body": b"", "at": at}
    db.execute(ENTER, row)


def _seen(db: Connection) -> set[UUID]:
    return set(db.scalars(sa.select(command_log.c.agency_id)))


def test_a_transaction_that_names_an_agency_sees_its_rows_alone(fenced: Engine) -> None:
    with begin_write(fenced, OURS) as db:
        assert _seen(db) == {OURS}
    with reading(fenced, THEIRS) as db:
        assert _seen(db) == {THEIRS}
        assert _seen(db) == {THEIRS}
    with reading(fenced, uuid4()) as db:
        assert _seen(db) == set()


def test_who_names_none_sees_all(fenced: Engine) -> None:
    with begin_write(fenced) as db:
        assert _seen(db) == {OURS, THEIRS}
    with reading(fenced) as db:
        assert _seen(db) == {OURS, THEIRS}


def test_another_agencys_rows_are_neither_changed_nor_added(fenced: Engine) -> None:
    with begin_write(fenced, OURS) as db:
        assert db.execute(command_log.update().values(body=b"x")).rowcount == 1
        assert db.execute(command_log.delete()).rowcount == 1
        db.commit()
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        begin_write(fenced, OURS) as db,
    ):
        _enter(db, THEIRS)
    with reading(fenced) as db:
        assert db.execute(sa.select(command_log.c.agency_id, command_log.c.body)).all() == [
            (THEIRS, b"")
        ]


def test_no_connection_keeps_the_agency(fenced: Engine) -> None:
    def left() -> str | None:
        with reading(fenced) as db:
            return db.scalar(NAMED)

    with begin_write(fenced, OURS) as db:
        assert db.scalar(NAMED) == str(OURS)
        db.commit()
    assert not left()
    with begin_write(fenced, OURS):
        pass
    assert not left()
    with pytest.raises(ZeroDivisionError), begin_write(fenced, OURS):
        raise ZeroDivisionError
    assert not left()
    with reading(fenced, OURS) as db:
        assert db.scalar(NAMED) == str(OURS)
    assert not left()
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"), reading(fenced, OURS) as db:
        db.execute(sa.text("SELECT 1 / 0"))
    assert not left()
    with begin_write(fenced) as db:
        assert not db.scalar(NAMED)


def test_a_reader_goes_on_after_a_statement_that_failed(fenced: Engine) -> None:
    with reader(fenced, OURS) as db:
        with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
            db.execute(sa.text("SELECT 1 / 0"))
        assert _seen(db) == {OURS}
