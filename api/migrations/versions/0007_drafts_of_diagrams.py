"""Drafts of diagrams

Revision: 0007
After: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('model_draft',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('base_definition_id', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('published_revision', sa.Integer(), nullable=True),
    sa.Column('created_at', engine.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', engine.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_model_draft_agency_id')),
    sa.ForeignKeyConstraint(['base_definition_id'], ['process_definition.id'], name=op.f('fk_model_draft_base_definition_id')),
    sa.PrimaryKeyConstraint('agency_id', 'id', name=op.f('pk_model_draft'))
    )
    op.create_table('model_file',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id', 'draft_id'], ['model_draft.agency_id', 'model_draft.id'], name='fk_model_file_draft'),
    sa.PrimaryKeyConstraint('agency_id', 'draft_id', 'name', name=op.f('pk_model_file'))
    )


def downgrade() -> None:
    op.drop_table('model_file')
    op.drop_table('model_draft')
