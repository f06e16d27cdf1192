"""Several changes as one: the same rows on both databases, whichever way they are carried out."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Engine

from engine.db import begin_write
from engine.joint import Joint, named, rows_of

META = sa.MetaData()
HEAD = sa.Table("joint_head", META, sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("seq", sa.Integer))  # fmt: skip
LINE = sa.Table("joint_line", META, sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("head", sa.ForeignKey("joint_head.id")),
                sa.Column("said", sa.Text), sa.Column("raw", sa.LargeBinary))  # fmt: skip
_NEXT = (
    HEAD.update()
    .where(HEAD.c.id == sa.bindparam("which"), HEAD.c.seq == sa.bindparam("was"))
    .values(seq=sa.bindparam("now"))
)


def _line(id_: int, said: str | None) -> dict[str, object]:
    return {"id": id_, "head": 1, "said": said, "raw": b"\0\xff"}


def test_all_are_carried_out_and_the_last_one_is_counted(db_engine: Engine) -> None:
    META.create_all(db_engine)
    begin = Joint(rows_of(LINE, 1), rows_of(HEAD, 1))
    telling = Joint(rows_of(LINE, 2), _NEXT)
    lines = [_line(2, "ก"), _line(3, None)]
    with begin_write(db_engine) as db:
        if db.dialect.name == "postgresql":  # a key into a row of the same statement
            begin.execute(db, named(LINE, [_line(1, "0")]) | named(HEAD, [{"id": 1, "seq": 7}]))
        else:
            db.execute(HEAD.insert(), {"id": 1, "seq": 7})
            db.execute(LINE.insert(), _line(1, "0"))
        step = {"which": 1, "was": 7, "now": 8} | named(LINE, lines)
        assert telling.execute(db, step).rowcount == 1
        late = {"which": 1, "was": 7, "now": 9} | named(LINE, [_line(4, "x"), _line(5, "y")])
        assert telling.execute(db, late).rowcount == 0
        assert db.execute(sa.select(HEAD.c.seq)).scalar_one() == 8
        kept = db.execute(sa.select(LINE).order_by(LINE.c.id)).mappings()
        assert [dict(row) for row in kept][1:3] == lines
        db.rollback()
    META.drop_all(db_engine)
