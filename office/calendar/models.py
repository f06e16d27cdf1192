"""Tables of calendars: the week's hours, and the days that differ from it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata

calendar = sa.Table(
    "calendar",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("timezone", sa.String(40), nullable=False, default="Asia/Bangkok"),
    # seven lists of spans, Monday first: [[["08:30", "16:30"]], …]
    sa.Column("week", Json, nullable=False),
    # the one that deadlines of the agency are counted in
    sa.Column("is_default", sa.Boolean, nullable=False, default=False),
    # grows with every change of the calendar or of one of its days
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("agency_id", "code"),
)

calendar_day = sa.Table(
    "calendar_day",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("calendar_id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False, default=""),
    # what is worked on this day: [] on a holiday, [["08:30", "12:00"]] on a half day
    sa.Column("spans", Json, nullable=False),
    # "library" (public holidays as imported) or "hand"; an import never touches a hand-made day
    sa.Column("source", sa.String(10), nullable=False),
    sa.ForeignKeyConstraint(["agency_id", "calendar_id"], ["calendar.agency_id", "calendar.id"]),
)
