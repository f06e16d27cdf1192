"""How secret the cases about one matter are: said anew where the matter's own degree changes."""

from __future__ import annotations

import sqlalchemy as sa

from engine.bus import Context
from engine.models.instance import process_instance

_case, _of_case = process_instance.alias("about"), process_instance.c
_ABOUT = sa.select(_case.c.root_id).where(
    _case.c.agency_id == sa.bindparam("agency"),
    _case.c.business_key == sa.bindparam("key"),
)
_CLASSIFY = (
    sa.update(process_instance)
    .where(_of_case.agency_id == sa.bindparam("agency"), _of_case.root_id.in_(_ABOUT))
    .values(secrecy=sa.bindparam("degree"))
)


def classify(ctx: Context, business_key: str, degree: int) -> None:
    """Every case with this key, and what it called, is as secret as this from now on. The caller
    holds the instance that it is in: always the instance first.
    """
    binds = {"agency": ctx.actor.agency_id, "key": business_key, "degree": degree}
    ctx.db.execute(_CLASSIFY, binds)
