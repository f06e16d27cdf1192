"""Providers of sign-in

Revision: 0020
After: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = engine.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Whom an agency lets sign its people in, who they are there, and proofs used once."""
    _proofs()
    _providers()
    _identities()
    _sessions()
    raise_fences(op.get_bind())


def downgrade() -> None:
    for table in ("provider_session", "sign_in_identity", "sign_in_provider", "spent_proof"):
        op.drop_table(table)


def _proofs() -> None:
    op.create_table(
        "spent_proof",
        sa.Column("proof_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("proof_sha256", name=op.f("pk_spent_proof")),
    )
    op.create_index(op.f("ix_spent_proof_expires_at"), "spent_proof", ["expires_at"])


def _providers() -> None:
    op.create_table(
        "sign_in_provider",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary()),
        sa.Column("trusts_mfa", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_sign_in_provider_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_sign_in_provider")),
    )


def _identities() -> None:
    op.create_table(
        "sign_in_identity",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_by", sa.String(length=60), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "person_id"],
            ["person.agency_id", "person.id"],
            name=op.f("fk_sign_in_identity_agency_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_sign_in_identity")),
        sa.UniqueConstraint(
            "agency_id",
            "issuer",
            "subject",
            name=op.f("uq_sign_in_identity_agency_id_issuer_subject"),
        ),
    )
    op.create_index(
        op.f("ix_sign_in_identity_agency_id_person_id"),
        "sign_in_identity",
        ["agency_id", "person_id"],
    )


def _sessions() -> None:
    op.create_table(
        "provider_session",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sid", sa.String(length=255), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["agency_id", "provider_id"],
            ["sign_in_provider.agency_id", "sign_in_provider.id"],
            name=op.f("fk_provider_session_agency_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "session_id"],
            ["session.agency_id", "session.id"],
            name=op.f("fk_provider_session_agency_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agency_id", "session_id", name=op.f("pk_provider_session")),
    )
    op.create_index(
        op.f("ix_provider_session_agency_id_issuer_subject"),
        "provider_session",
        ["agency_id", "issuer", "subject"],
    )
