"""Tables of the registry: books, every number they ever gave out, and the registers' lines."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from engine.db import UtcDateTime, metadata


def _key() -> list[sa.Column[uuid.UUID]]:
    return [
        sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
    ]


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["agency_id", column], [f"{table}.agency_id", f"{table}.id"])


#: A counter that starts at 1 each calendar year. Its row is what concurrent signers queue at.
letter_book = sa.Table(
    "letter_book",
    metadata,
    *_key(),
    # one of rules.BOOKS, or of a series
    sa.Column("kind", sa.String(20), nullable=False),
    # letters: what stands before the stroke, "ตย 0201"; registers: code of the unit. Two units with
    # one prefix share a book, or two letters would share a number.
    sa.Column("code", sa.String(60), nullable=False),
    # Christian era
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("agency_id", "kind", "code", "year"),
)

#: A book that went on from paper: the numbers above `after` and below `first` were given out there
#: and have no rows here.
book_start = sa.Table(
    "book_start",
    metadata,
    *_key(),
    sa.Column("book_id", sa.Uuid, nullable=False),
    # the last number that this book had given out itself
    sa.Column("after", sa.Integer, nullable=False),
    # the first one that it gives out from then on
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("started_by", sa.String(60), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    _to("letter_book", "book_id"),
    sa.UniqueConstraint("agency_id", "book_id", "first"),
    sa.CheckConstraint("after >= 0 and first > after + 1", name="range"),
)

#: Every number from 1 to the book's last has exactly one row, for ever, but those that were given
#: out on paper. A lost one was given out after the backup that this database was restored from: its
#: letter is in the world, not here.
letter_number = sa.Table(
    "letter_number",
    metadata,
    *_key(),
    sa.Column("book_id", sa.Uuid, nullable=False),
    sa.Column("value", sa.Integer, nullable=False),
    # Arabic digits: "ตย 0201/123", "ตย 0201/ว 45"
    sa.Column("text", sa.String(120), nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    # one of rules.NUMBER_STATES
    sa.Column("state", sa.String(10), nullable=False),
    # None: lost, and nobody knows which letter had it
    sa.Column("document_id", sa.Uuid),
    sa.Column("reserved_by", sa.String(60), nullable=False),
    sa.Column("reserved_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    # why it is void or lost
    sa.Column("cause", sa.Text),
    # of the signed PDF that carries it
    sa.Column("sha256", sa.String(64)),
    _to("letter_book", "book_id"),
    sa.UniqueConstraint("agency_id", "book_id", "value"),
    sa.CheckConstraint("state in ('reserved', 'final', 'void', 'lost')", name="state"),
    sa.CheckConstraint("document_id is not null or state = 'lost'", name="document"),
    sa.Index(None, "agency_id", "document_id"),
    sa.Index("ix_letter_number_reserved", "state", "dated"),
)

#: ทะเบียนหนังสือส่ง (แบบที่ 14) and ทะเบียนหนังสือรับ (แบบที่ 13): the columns of the forms.
register_entry = sa.Table(
    "register_entry",
    metadata,
    *_key(),
    # send, receive, issue, secret_out or secret_in
    sa.Column("register", sa.String(10), nullable=False),
    sa.Column("unit", sa.String(60), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    # เลขทะเบียน, 1 … n in the year
    sa.Column("no", sa.Integer, nullable=False),
    # ที่, ลงวันที่, จาก, ถึง, เรื่อง, การปฏิบัติ, หมายเหตุ
    sa.Column("number", sa.String(120), nullable=False, default=""),
    sa.Column("dated", sa.Date),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("handling", sa.Text, nullable=False, default=""),
    sa.Column("remark", sa.Text, nullable=False, default=""),
    sa.Column("urgency", sa.SmallInteger, nullable=False, default=1),
    # as it was when the line was entered: the letter may be gone, and its subject stands here
    sa.Column("secrecy", sa.SmallInteger, nullable=False, default=1, server_default="1"),
    sa.Column("document_id", sa.Uuid),
    sa.Column("entered_by", sa.String(60), nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    # received out of office hours counts from the opening of the next working day
    sa.Column("deemed_at", UtcDateTime, nullable=False),
    # opened or acknowledged by the receiving unit
    sa.Column("acknowledged_by", sa.String(60)),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.UniqueConstraint("agency_id", "register", "unit", "year", "no"),
    # a letter is delivered to a unit once, however often the job runs
    sa.UniqueConstraint("agency_id", "document_id", "register", "unit"),
    sa.Index(None, "agency_id", "register", "entered_at"),
)
