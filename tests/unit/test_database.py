"""engine.db: times, JSON and transactions behave alike on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from engine.db import Json, UtcDateTime, begin_write, reading

TABLE = sa.Table(
    "probe",
    sa.MetaData(),
    sa.Column("at", UtcDateTime),
    sa.Column("data", Json),
    sa.Column("n", sa.Integer),
)


@pytest.fixture
def probe(db_engine: Engine) -> Engine:
    TABLE.create(db_engine)
    return db_engine


def _write(engine: Engine, **values: object) -> None:
    with begin_write(engine) as db:
        db.execute(TABLE.insert().values(**values))
        db.commit()


def test_times_come_back_in_utc(probe: Engine) -> None:
    local = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
    _write(probe, at=local)
    with reading(probe) as db:
        assert db.execute(sa.select(TABLE.c.at)).scalar_one() == datetime(
            2026, 11, 23, 2, tzinfo=UTC
        )


def test_a_naive_time_is_a_bug(probe: Engine) -> None:
    with pytest.raises(sa.exc.StatementError, match="aware datetime"):
        _write(probe, at=datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


def test_numbers_in_json_stay_exact(probe: Engine) -> None:
    _write(probe, data={"z": Decimal("0.10"), "a": 12345678901234567890})
    with reading(probe) as db:
        data = db.execute(sa.select(TABLE.c.data)).scalar_one()
    assert data == {"z": Decimal("0.10"), "a": 12345678901234567890}
    assert list(data) == ["z", "a"]


def test_leaving_without_commit_writes_nothing(probe: Engine) -> None:
    with begin_write(probe) as db:
        db.execute(TABLE.insert().values(n=1))
    with reading(probe) as db:
        assert db.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar_one() == 0


def test_an_error_does_not_tell_what_was_to_be_written(db_engine: Engine) -> None:
    statement = sa.text("INSERT INTO nowhere (password_hash) VALUES (:secret)")
    with pytest.raises(sa.exc.DBAPIError) as wrong, begin_write(db_engine) as db:
        db.execute(statement, {"secret": "$argon2id$of-somebody"})
    assert "of-somebody" not in str(wrong.value)
