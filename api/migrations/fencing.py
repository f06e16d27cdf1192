"""The second fence between agencies: PostgreSQL's policies on every table that names an agency.

The first is the column that every statement names. Should one forget it, a row is seen and written
only while the transaction's `saraban.agency` (`engine.db.FENCE`) is empty or is the row's agency.
Empty is what clock, sweeps, operators' commands and migrations leave it: they work for all.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db import FENCE

POLICY = "one_agency"
#: Read once a statement, not once a row; and COALESCE keeps the planner's estimates of rows near
#: what they are, where a bare comparison would have it believe in one row of two hundred.
_SEEN = f"COALESCE(agency_id = (SELECT NULLIF(current_setting('{FENCE}', true), '')::uuid), true)"


def raise_fences(db: Connection) -> None:
    """Fence every table that names an agency and has no fence yet; its owner is bound as well.

    A migration that adds such a table calls this at its end. SQLite has nothing of the kind.
    """
    for table in _tables(db, fenced=False):
        db.exec_driver_sql(f"CREATE POLICY {POLICY} ON {table} USING ({_SEEN})")
        db.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        db.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def lower_fences(db: Connection) -> None:
    for table in _tables(db, fenced=True):
        db.exec_driver_sql(f"DROP POLICY {POLICY} ON {table}")
        db.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        db.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def passed_by(db: Connection) -> bool:
    """Whether who is connected passes every policy, because PostgreSQL lets such a role."""
    if db.dialect.name != "postgresql":
        return False
    role = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(db.scalar(sa.text(role)))


def _tables(db: Connection, *, fenced: bool) -> Iterator[str]:
    if db.dialect.name != "postgresql":
        return
    named = sa.text(
        "SELECT quote_ident(relname) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
        " AND attname = 'agency_id' AND relrowsecurity = :fenced ORDER BY relname"
    )
    yield from db.scalars(named, {"fenced": fenced}).all()
