"""Tasks, who may take them, what was said about them, and which change of state is allowed."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

#: the act, and the answer, of who only says that they have seen it; no proof of it is needed
ACKNOWLEDGE = "acknowledge"
#: the outcome of a returned task, which the diagram's gateways ask for
RETURN = "return"
OPEN, CLAIMED, COMPLETED, CANCELLED = "open", "claimed", "completed", "cancelled"
#: states in which someone still has to act
LIVE = frozenset({OPEN, CLAIMED})
#: The lifecycle: from each state, by each verb, to which state. What is not here is refused.
LIFECYCLE: dict[str, dict[str, str]] = {
    OPEN: {
        "claim": CLAIMED,
        "complete": COMPLETED,
        "return": COMPLETED,
        "delegate": CLAIMED,
        "reassign": CLAIMED,
        "offer": OPEN,
        "cancel": CANCELLED,
    },
    CLAIMED: {
        "unclaim": OPEN,
        "complete": COMPLETED,
        "return": COMPLETED,
        "delegate": CLAIMED,
        "reassign": CLAIMED,
        "offer": OPEN,
        "cancel": CANCELLED,
    },
    COMPLETED: {},
    CANCELLED: {},
}

_LIVE = "state in ('open', 'claimed')"

task = sa.Table(
    "task",
    metadata,
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    refers("instance_id", "process_instance.id"),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("documentation", sa.Text, nullable=False),
    sa.Column("lane", sa.Text),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("assignee", sa.Text),
    # [{kind, id, name}] as resolved when the task opened; task_candidate is its index
    sa.Column("candidates", Json, nullable=False),
    # sign-in names that may not (separation of duties)
    sa.Column("excluded", Json, nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    moment("due_at", optional=True),
    sa.Column("form", sa.Text),
    # a list of id, name, name_en and reason_required
    sa.Column("outcomes", Json, nullable=False),
    # element ids that a return may name
    sa.Column("returns", Json, nullable=False),
    sa.Column("act", sa.Text),
    sa.Column("escalate", sa.Text),
    # variables of this multi-instance iteration, packed
    sa.Column("local", Packed, nullable=False),
    # why it is here: new, returned, acknowledge; and the reason that was given
    sa.Column("because", sa.String(12), nullable=False),
    sa.Column("because_reason", sa.Text),
    sa.Column("returned_by", sa.Text),
    moment("created_at"),
    moment("claimed_at", optional=True),
    moment("first_opened_at", optional=True),
    sa.Column("first_opened_by", sa.Text),
    moment("ended_at", optional=True),
    sa.Column("outcome", sa.Text),
    sa.Column("completed_by", sa.Text),
    # the position acted for and by which instrument, at the claim and again at the completion
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("instrument_id", sa.Uuid),
    sa.Column("skipped", sa.Boolean, nullable=False),
    index_where("ix_task_assignee_live", _LIVE, "agency_id", "assignee"),
    index_where("ix_task_root_live", _LIVE, "agency_id", "root_id"),
    index_where("ix_task_due_live", _LIVE, "agency_id", "due_at"),
    index_where(
        "ix_task_done", "completed_by is not null", "agency_id", "completed_by", "ended_at"
    ),
    # cases that somebody took part in, long after: the tasks that others ended, for whoever
    # completes one is its assignee
    index_where(
        "ix_task_assignee",
        "assignee is not null and completed_by is null",
        "agency_id",
        "assignee",
        "root_id",
    ),
    index_where(
        "ix_task_returned", "returned_by is not null", "agency_id", "returned_by", "root_id"
    ),
    # a root is of one agency: that is not said again here, nor in the key of candidates
    sa.Index("ix_task_root_element", "root_id", "element_id", "id"),
    sa.Index("ix_task_instance", "agency_id", "instance_id"),
)

#: Conditions as the partial indexes have them.
IS_LIVE = literally(task.c.state, OPEN, CLAIMED)
IS_OPEN = literally(task.c.state, OPEN)
IS_CLAIMED = literally(task.c.state, CLAIMED)

#: of a candidate, what a list is made from: its index has all of it, and the table is not asked
_LISTED = ("barred", "free", "priority", "due_at")

task_candidate = sa.Table(
    "task_candidate",
    metadata,
    agency(),
    refers("task_id", "task.id"),
    sa.Column("principal", sa.Text, nullable=False),
    # a person who may not take the task, whatever else they hold
    sa.Column("barred", sa.Boolean, nullable=False),
    # false once the task has ended
    sa.Column("live", sa.Boolean, nullable=False),
    refers("root_id", "process_instance.id"),
    # what lists find, count and order a task by, as its own row has it while it lives: hundreds of
    # look-ups in a full house are what an inbox would else wait for. `free`: nobody has claimed it
    sa.Column("free", sa.Boolean, nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    moment("due_at", optional=True),
    # the task first: so a task's deletion finds what refers to it without reading all there is
    sa.PrimaryKeyConstraint("task_id", "principal", "barred"),
    index_where("ix_task_candidate_live", "live", "agency_id", "principal", "task_id", *_LISTED),
    # whose business a case is: asked of one case, and of all cases that are somebody's
    sa.Index("ix_task_candidate_principal", "agency_id", "principal", "root_id"),
)

CANDIDATE_LIVE: sa.ColumnElement[bool] = sa.literal_column("task_candidate.live", sa.Boolean)

task_comment = sa.Table(
    "task_comment",
    metadata,
    own_id(),
    agency(),
    refers("task_id", "task.id"),
    refers("root_id", "process_instance.id"),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    moment("at"),
    sa.Index("ix_task_comment_task", "task_id", "agency_id", "id"),
    sa.Index("ix_task_comment_root", "agency_id", "root_id", "id"),
)
