"""What is refused to those who complete a step of a destruction: numbers that its list has not, and
a list on the page that is not its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.archiving import deeds
from api.archiving.numbers import numbers_in
from engine.bus import Context
from engine.errors import Conflict
from engine.events import TaskCompleted
from engine.ports import Listener
from engine.queries import destruction
from engine.queries.destruction import ARCHIVES, CONSIDER

_FIELDS = {CONSIDER: "keeps", ARCHIVES: "claimed"}


def task_completed(happened: TaskCompleted, ctx: Context) -> None:
    this = happened.task
    if this.definition_key != destruction.PROCESS:
        return
    wish = destruction.asked(ctx.db, this.agency_id, this.instance_id)
    if wish is None:
        return
    lines = destruction.items(ctx.db, wish.agency_id, wish.id)
    if not deeds.is_listed_still(ctx, wish):
        raise Conflict(
            "Expected the step to show the list of this destruction, but its variable listing was"
            " changed. Cancel the destruction and ask again.",
            code="list_changed",
        )
    if field := _FIELDS.get(this.element_id):
        known = [one.ordinal for one in lines]
        numbers_in(happened.variables.get(field), known, field)


LISTENERS: dict[type, Sequence[Listener]] = {TaskCompleted: (task_completed,)}
