"""Secrecy of cases

Revision: 0034
After: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases say how secret what they are about is; those of letters above ปกติ are told so."""
    secrecy = sa.Column("secrecy", sa.SmallInteger(), nullable=False, server_default="1")
    op.add_column("process_instance", secrecy)
    letter = sa.table(
        "document",
        sa.column("agency_id", sa.Uuid),
        sa.column("instance_id", sa.Uuid),
        sa.column("secrecy", sa.SmallInteger),
    )
    case = sa.table(
        "process_instance",
        sa.column("agency_id", sa.Uuid),
        sa.column("root_id", sa.Uuid),
        sa.column("secrecy", sa.SmallInteger),
    )
    db = op.get_bind()
    secret = sa.select(letter).where(letter.c.secrecy > 1, letter.c.instance_id.is_not(None))
    for row in db.execute(secret).all():
        mine = sa.and_(case.c.agency_id == row.agency_id, case.c.root_id == row.instance_id)
        db.execute(sa.update(case).where(mine).values(secrecy=row.secrecy))


def downgrade() -> None:
    op.drop_column("process_instance", "secrecy")
