"""Seals out of use

Revision: 0030
After: 0029
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

import engine.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_AGENCY = sa.table("agency", sa.column("id", sa.Uuid), sa.column("policy", sa.Text))
_DEFINITION = sa.table(
    "process_definition",
    sa.column("agency_id", sa.Uuid),
    sa.column("id", sa.Uuid),
    sa.column("key", sa.Text),
)


def upgrade() -> None:
    """Keys whose PIN is refused; those out of use lose what opens them; grants name versions."""
    faulty = sa.Column("faulty_at", engine.db.UtcDateTime(timezone=True), nullable=True)
    op.add_column("seal_key", faulty)
    key = sa.table(
        "seal_key",
        *(sa.column(name) for name in ("retired_at", "encrypted_key")),
        sa.column("secret", sa.LargeBinary),
    )
    out = sa.update(key).where(key.c.retired_at.is_not(None))
    op.execute(out.values(encrypted_key=sa.null(), secret=b""))
    db = op.get_bind()
    for row in db.execute(sa.select(_AGENCY)).all():
        policy = json.loads(row.policy)
        if isinstance(policy.get("seal"), list):
            policy["seal"] = _versions(db, row.id, policy["seal"])
            text = json.dumps(policy, ensure_ascii=False)
            db.execute(sa.update(_AGENCY).where(_AGENCY.c.id == row.id).values(policy=text))


def _versions(db: sa.Connection, agency_id: object, keys: list[str]) -> dict[str, list[str]]:
    """What was granted by key: all that was published until now."""
    mine = _DEFINITION.c.agency_id == agency_id, _DEFINITION.c.key.in_(keys)
    found: dict[str, list[str]] = {}
    for row in db.execute(sa.select(_DEFINITION).where(*mine).order_by(_DEFINITION.c.id)):
        found.setdefault(row.key, []).append(str(row.id))
    return found


def downgrade() -> None:
    op.drop_column("seal_key", "faulty_at")
    db = op.get_bind()
    for row in db.execute(sa.select(_AGENCY)).all():
        policy = json.loads(row.policy)
        if isinstance(policy.get("seal"), dict):
            policy["seal"] = sorted(policy["seal"])
            text = json.dumps(policy, ensure_ascii=False)
            db.execute(sa.update(_AGENCY).where(_AGENCY.c.id == row.id).values(policy=text))
