"""Drafts of approval chains

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chain_draft',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content', engine.db.Json(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('published_version', sa.Integer(), nullable=True),
    sa.Column('published_revision', sa.Integer(), nullable=True),
    sa.Column('published_at', engine.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', engine.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', engine.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_chain_draft_agency_id')),
    sa.PrimaryKeyConstraint('agency_id', 'id', name=op.f('pk_chain_draft')),
    sa.UniqueConstraint('agency_id', 'key', name=op.f('uq_chain_draft_agency_id_key'))
    )


def downgrade() -> None:
    op.drop_table('chain_draft')
