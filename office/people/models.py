"""Tables of agencies, their units and positions, the persons and what binds the two.

Periods are half-open instants `[starts_at, ends_at)`; an empty end means "until further notice".
They are kept as instants, not dates, because every request asks "now?". Keys begin with the
agency, so no foreign key can leave it.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata

agency = sa.Table(
    "agency",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    sa.Column("timezone", sa.String(40), nullable=False, default="Asia/Bangkok"),
    # choices of the agency, each with a command of its own (commands/policy)
    sa.Column("policy", Json, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)


def _key() -> list[sa.Column[uuid.UUID]]:
    return [
        sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
    ]


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["agency_id", column], [f"{table}.agency_id", f"{table}.id"])


def _period() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="period"),
    ]


unit = sa.Table(
    "unit",
    metadata,
    *_key(),
    sa.Column("parent_id", sa.Uuid),
    sa.Column("code", sa.String(60), nullable=False),
    # one of rules.UNIT_KINDS
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    sa.Column("sort_key", sa.Text, nullable=False),
    # letters' number prefix such as "ตย 0201"; empty: the nearest unit above that has one
    sa.Column("number_code", sa.String(40)),
    sa.Column("phone", sa.String(60)),
    sa.Column("email", sa.String(200)),
    sa.Column("address", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.UniqueConstraint("agency_id", "code"),
    _to("unit", "parent_id"),
    sa.Index(None, "agency_id", "parent_id"),
)

position = sa.Table(
    "position",
    metadata,
    *_key(),
    sa.Column("unit_id", sa.Uuid, nullable=False),
    sa.Column("superior_id", sa.Uuid),
    sa.Column("code", sa.String(60), nullable=False),
    # names repeat (two deputies have one name); codes do not
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    # one of rules.LEVELS: the rung of the approval chain
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.UniqueConstraint("agency_id", "code"),
    _to("unit", "unit_id"),
    _to("position", "superior_id"),
    sa.Index(None, "agency_id", "unit_id"),
    # a letter names its signer's post by the name that is printed
    sa.Index(None, "agency_id", "name"),
)

person = sa.Table(
    "person",
    metadata,
    *_key(),
    # sign-in name, kept in lower case
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("title", sa.String(60), nullable=False, default=""),
    sa.Column("given_name", sa.Text, nullable=False),
    sa.Column("family_name", sa.Text, nullable=False, default=""),
    # title, given and family name as they are printed
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    sa.Column("sort_key", sa.Text, nullable=False),
    sa.Column("initials", sa.String(8), nullable=False),
    sa.Column("colour", sa.SmallInteger, nullable=False),
    sa.Column("email", sa.String(200)),
    sa.Column("phone", sa.String(60)),
    sa.Column("language", sa.String(2), nullable=False, default="th"),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    # what words are looked for in, in small letters: folding case at each search took three
    # quarters of its time over a hundred thousand names
    sa.Column(
        "sought",
        sa.Text,
        sa.Computed("lower(name || ' ' || name_en || ' ' || username)", persisted=True),
    ),
    sa.UniqueConstraint("agency_id", "username"),
    # sign-in by name or mail does not know the agency yet
    sa.Index("ix_person_username", "username"),
    sa.Index("ix_person_email", "email"),
    sa.Index(None, "agency_id", "sort_key"),
)

holding = sa.Table(
    "holding",
    metadata,
    *_key(),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("position_id", sa.Uuid, nullable=False),
    sa.Column("is_primary", sa.Boolean, nullable=False, default=True),
    *_period(),
    _to("person", "person_id"),
    _to("position", "position_id"),
    sa.Index(None, "agency_id", "person_id"),
    sa.Index(None, "agency_id", "position_id"),
)

role = sa.Table(
    "role",
    metadata,
    *_key(),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    sa.Column("rights", Json, nullable=False),
    sa.UniqueConstraint("agency_id", "code"),
)

person_role = sa.Table(
    "person_role",
    metadata,
    *_key(),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("role_id", sa.Uuid, nullable=False),
    *_period(),
    _to("person", "person_id"),
    _to("role", "role_id"),
    sa.Index(None, "agency_id", "person_id"),
    sa.Index(None, "agency_id", "role_id"),
)

instrument = sa.Table(
    "instrument",
    metadata,
    *_key(),
    # one of rules.MODES
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("person_id", sa.Uuid, nullable=False),
    # the post acted for
    sa.Column("position_id", sa.Uuid, nullable=False),
    # the order: "คำสั่ง… ที่ ๒๑/๒๕๖๗", and its date
    sa.Column("order_ref", sa.Text, nullable=False),
    sa.Column("order_date", sa.Date, nullable=False),
    # kinds of documents and words of subjects that a delegation covers; empty lists: all
    sa.Column("kinds", Json, nullable=False),
    sa.Column("subjects", Json, nullable=False),
    *_period(),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_reason", sa.Text),
    _to("person", "person_id"),
    _to("position", "position_id"),
    sa.Index(None, "agency_id", "person_id"),
    sa.Index(None, "agency_id", "position_id"),
)

#: Who may come to know secrets of the state, up to which degree and by whose order. Rows end; they
#: are never changed otherwise.
clearance = sa.Table(
    "clearance",
    metadata,
    *_key(),
    sa.Column("person_id", sa.Uuid, nullable=False),
    # one of rules.CLEARANCES
    sa.Column("level", sa.SmallInteger, nullable=False),
    # the order or the letter: "คำสั่งที่ ๑๒/๒๕๖๙"
    sa.Column("order_ref", sa.Text, nullable=False),
    # sign-in name of whoever recorded it
    sa.Column("granted_by", sa.String(60), nullable=False),
    *_period(),
    _to("person", "person_id"),
    sa.Index(None, "agency_id", "person_id"),
)

leave = sa.Table(
    "leave",
    metadata,
    *_key(),
    sa.Column("person_id", sa.Uuid, nullable=False),
    # one of rules.LEAVE_KINDS
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    # half days are in the instants: a leave may begin or end at noon
    *_period(),
    sa.Column("cancelled_at", UtcDateTime),
    # ids of the instruments that were recorded with it, and end when it is cancelled
    sa.Column("orders", Json, nullable=False, default=list, server_default="[]"),
    _to("person", "person_id"),
    sa.Index(None, "agency_id", "person_id", "ends_at"),
)

#: A table that is too large for one request, on its way in. Its file is in the parts below until it
#: has come to an end.
table_import = sa.Table(
    "table_import",
    metadata,
    *_key(),
    # one of transfer.columns.TABLES
    sa.Column("of_table", sa.String(20), nullable=False),
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    # one of transfer.states
    sa.Column("state", sa.String(20), nullable=False),
    # why it was not carried out, as a code
    sa.Column("refused", sa.String(60)),
    # the hash of all that would be done: what was shown and confirmed
    sa.Column("plan", sa.String(64)),
    # {add, change, leave}, and how many terms would end
    sa.Column("counts", Json),
    sa.Column("ends", sa.Integer),
    # the first that add or change something: [row, code, verb, {column: [before, after]}]
    sa.Column("lines", Json),
    # what FieldErrors say: path, message and code of each
    sa.Column("mistakes", Json),
    # who asked for the work at hand; None: nobody of the agency
    sa.Column("by_person", sa.Uuid),
    sa.Column("asked_by", sa.String(60), nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("job_id", sa.Uuid, nullable=False),
)

import_part = sa.Table(
    "import_part",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _to("table_import", "import_id"),
)

#: What happened to any of the above, by whom. Rows are only ever added.
org_event = sa.Table(
    "org_event",
    metadata,
    *_key(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    # "position.changed", "instrument.revoked", "account.locked", …
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("data", Json, nullable=False),
    # the table that it came with, where many did: lists tell the table, its subject tells it
    sa.Column("import_id", sa.Uuid),
    sa.Index(None, "agency_id", "subject_id", "at"),
    sa.Index(
        "ix_org_event_import",
        "agency_id",
        "import_id",
        "id",
        sqlite_where=sa.text("import_id IS NOT NULL"),
        postgresql_where=sa.text("import_id IS NOT NULL"),
    ),
)
