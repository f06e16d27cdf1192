"""Columns of a result are described when somebody looks, and as the driver itself would."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

_ONE_ROW = "SELECT 1 AS first, 'x'::text AS second"


def _cursor(db: Connection) -> Any:
    raw: Any = db.connection.driver_connection
    return raw.cursor()


def test_columns_are_those_that_the_driver_describes(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as db:
        found = _cursor(db).execute(_ONE_ROW).description
        plain = psycopg.Cursor(db.connection.driver_connection)  # type: ignore[arg-type]
        described = plain.execute(_ONE_ROW).description
        assert described is not None
        assert [*map(tuple, found)] == [*map(tuple, described)]
        assert (len(found), found[1].name, found[:1][0].name) == (2, "second", "first")


def test_what_gives_no_rows_has_no_columns(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as db:
        assert _cursor(db).description is None
        assert _cursor(db).execute("SET LOCAL statement_timeout = 0").description is None


def test_columns_are_not_those_of_a_later_result(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as db:
        cursor = _cursor(db)
        columns = cursor.execute(_ONE_ROW).description
        cursor.execute("SELECT 3 AS third")
        with pytest.raises(LookupError, match="it has another"):
            len(columns)


def test_a_statement_known_already_has_none_described(
    postgres_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what the cursor is for: it was a tenth of a short request."""
    asked = sa.select(sa.literal_column("1").label("one"))
    with postgres_engine.connect() as db:
        assert db.execute(asked).one().one == 1
        monkeypatch.setattr(psycopg, "Column", _never)
        monkeypatch.setattr("psycopg._cursor_base.Column", _never)
        assert db.execute(asked).one().one == 1


def _never(*_: Any) -> None:
    raise AssertionError("a column was described")
