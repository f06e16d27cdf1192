"""Changes held back: the same rows on both databases, whichever way they are carried out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.db import Json, UtcDateTime, begin_write
from engine.ids import new_id
from engine.joint import APART, add_later, later, send
from engine.rows_as_json import from_json

META = sa.MetaData()
HEAD = sa.Table("joint_head", META, sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("seq", sa.Integer))  # fmt: skip
LINE = sa.Table("joint_line", META, sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("head", sa.ForeignKey("joint_head.id")), sa.Column("said", sa.Text),
                sa.Column("raw", sa.LargeBinary), sa.Column("own", sa.Uuid),
                sa.Column("at", UtcDateTime), sa.Column("data", Json),
                sa.Column("yes", sa.Boolean))  # fmt: skip
_NEXT = (
    HEAD.update()
    .where(HEAD.c.id == sa.bindparam("which"), HEAD.c.seq == sa.bindparam("was"))
    .values(seq=sa.bindparam("now"))
)
_GONE = LINE.delete().where(LINE.c.id == sa.bindparam("which"))
_SAID = LINE.update().where(LINE.c.id == sa.bindparam("which")).values(said=sa.bindparam("new"))
_ALL = sa.select(LINE).order_by(LINE.c.id)
AT = datetime(2026, 11, 29, 3, 4, 5, 678901, tzinfo=UTC)


def _line(id_: int, said: str | None = None) -> dict[str, Any]:
    data = {"ก": ["\0", "\\", '"'], "n": 10**20}
    return {"id": id_, "head": 1, "said": said, "raw": b"\0\xff", "own": new_id(), "at": AT,
            "data": data, "yes": True}  # fmt: skip


@pytest.fixture
def db(db_engine: Engine) -> Iterator[Connection]:
    META.create_all(db_engine)
    with begin_write(db_engine) as db:
        add_later(db, HEAD, [{"id": 1, "seq": 7}])
        yield db
    META.drop_all(db_engine)


def _lines(db: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(_ALL).mappings()]


def _sent(db: Connection) -> list[str]:
    """What goes to the database from now on."""
    told: list[str] = []

    @sa.event.listens_for(db, "before_cursor_execute")
    def _tell(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        told.append(text)

    return told


def test_rows_come_back_as_they_were_given(db: Connection) -> None:
    rows = [_line(1, "ครุฑ 'x' \\ %s"), _line(2), {**_line(3), "raw": None, "yes": None}]
    add_later(db, LINE, rows)
    assert _lines(db) == rows


@pytest.mark.parametrize("db_engine", ["postgresql"], indirect=True)  # SQLite has no need of it
def test_rows_read_as_json_are_those_that_a_select_gives(db: Connection) -> None:
    add_later(db, LINE, [_line(1, "ครุฑ 'x' \\ %s"), {**_line(2), "raw": None, "data": None}])
    rows = sa.cast(sa.func.json_agg(sa.literal_column("joint_line")), sa.Text)
    text = db.execute(sa.select(rows).select_from(LINE)).scalar_one()
    assert from_json(LINE, db.dialect, text) == _lines(db)
    assert from_json(LINE, db.dialect, None) == []


def test_neighbours_are_one_statement_with_keys_into_each_other(db: Connection) -> None:
    told = _sent(db)
    add_later(db, LINE, [_line(1), _line(2)])  # their head is held back still
    send(db)
    assert len(told) == 1
    assert len(_lines(db)) == 2


@pytest.mark.parametrize("first", ["change", "removal"])
def test_what_touches_the_same_rows_goes_one_after_the_other(db: Connection, first: str) -> None:
    add_later(db, LINE, [_line(1, "old")])
    if first == "change":
        later(db, _SAID, {"which": 1, "new": "new"})
        later(db, _SAID, {"which": 1, "new": "newest"})
        assert [row["said"] for row in _lines(db)] == ["newest"]
    else:
        later(db, _GONE, {"which": 1})
        add_later(db, LINE, [_line(1, "again")])
        assert [row["said"] for row in _lines(db)] == ["again"]


def test_new_rows_join_a_change_of_others_in_their_table(db: Connection) -> None:
    add_later(db, LINE, [_line(1, "old")])
    send(db)
    told = _sent(db)
    later(db, _SAID, {"which": 1, "new": "new"})
    add_later(db, LINE, [_line(2, "second")])
    send(db)
    assert len(told) == (1 if db.dialect.name == "postgresql" else 2)
    assert [row["said"] for row in _lines(db)] == ["new", "second"]


def test_a_question_sees_what_was_held_back_unless_it_is_of_other_tables(db: Connection) -> None:
    seq = sa.select(HEAD.c.seq)
    aside = db.execute(seq, execution_options=APART).scalar_one_or_none()
    assert aside == (None if db.dialect.name == "postgresql" else 7)
    assert db.execute(seq).scalar_one() == 7


def test_a_change_that_must_find_its_row_and_does_not_is_a_bug(db: Connection) -> None:
    send(db)
    add_later(db, LINE, [_line(1)])

    def stale() -> None:
        later(db, _NEXT, {"which": 1, "was": 6, "now": 8}, touches=1)
        send(db)

    with pytest.raises(AssertionError, match="joint_head to have 1 such rows, not 0"):
        stale()


def test_what_must_find_rows_is_counted_whatever_follows_it(db: Connection) -> None:
    send(db)
    later(db, _NEXT, {"which": 1, "was": 7, "now": 8}, touches=1)
    add_later(db, LINE, [_line(1), _line(2)])
    send(db)
    assert db.execute(sa.select(HEAD.c.seq)).scalar_one() == 8


def test_nothing_that_was_rolled_back_is_sent_by_the_next(db_engine: Engine) -> None:
    META.create_all(db_engine)
    with begin_write(db_engine) as db:
        add_later(db, HEAD, [{"id": 1, "seq": 7}])
    with begin_write(db_engine) as db:
        assert db.execute(sa.select(HEAD)).all() == []
        db.rollback()
    META.drop_all(db_engine)
