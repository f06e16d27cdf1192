"""What people said in a destruction, held against whom it was asked of. Whatever does not hold is a
Conflict: in the job an incident, and nothing goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from api.archiving.numbers import numbers_in
from engine.bus import Context
from engine.errors import Conflict
from engine.models.archive import CONDEMNED
from engine.queries import destruction
from engine.queries.destruction import APPOINT, APPROVE, APPROVED, ARCHIVES, Asked, Word
from office.people import queries as people

#: A committee has a chair and at least two more.
LEAST_MEMBERS = 3


def asked(ctx: Context, destruction_id: UUID) -> Asked:
    """The destruction as it was asked for, while it runs by the version that was started."""
    agency_id = ctx.actor.agency_id
    found = destruction.asked(ctx.db, agency_id, destruction_id)
    if found is None:
        raise Conflict(
            f"Expected a destruction that was asked for in the archive of ended cases, but"
            f" {destruction_id} was started otherwise. Cancel it and ask there (/admin/archive).",
            code="not_asked",
        )
    runs = destruction.runs(ctx.db, agency_id, destruction_id)
    if runs is None or runs.definition_id != found.definition_id:
        raise Conflict(
            "Expected the destruction to run by the version that it was started with, but it was"
            " moved to another. Cancel it and ask again.",
            code="route_changed",
        )
    return found


def weighed(ctx: Context, wish: Asked) -> Mapping[str, frozenset[int]]:
    """By member, the numbers that they would keep, under the name of whoever said it."""
    said = destruction.words(ctx.db, wish.agency_id, wish.id)
    _by_head(ctx, wish, destruction.last(said, APPOINT), "appoint")
    votes = destruction.votes(said)
    who = [one.by for one in votes]
    members = sorted(wish.committee)
    if len(set(members)) < LEAST_MEMBERS or sorted(who) != members:
        raise Conflict(
            f"Expected one vote of each of {', '.join(members)}, who were appointed, but"
            f" {', '.join(who) or 'nobody'} voted. Cancel the destruction and ask again.",
            code="other_committee",
        )
    known = _numbers(ctx, wish)
    return {one.by: numbers_in(one.values.get("keeps"), known, "keeps") for one in votes}


def claimed(ctx: Context, wish: Asked) -> frozenset[int]:
    """The numbers that the National Archives claim."""
    said = destruction.words(ctx.db, wish.agency_id, wish.id)
    answer = destruction.last(said, ARCHIVES)
    text = answer.values.get("claimed") if answer else None
    return numbers_in(text, _numbers(ctx, wish), "claimed")


def _numbers(ctx: Context, wish: Asked) -> list[int]:
    return [one.ordinal for one in destruction.items(ctx.db, wish.agency_id, wish.id)]


def approval(ctx: Context, wish: Asked, case_id: UUID) -> Word:
    """The word on which this case goes: its list condemns it as it was decided about, and the head
    has approved. Conflict (not_approved) and its like otherwise.
    """
    lines = destruction.items(ctx.db, wish.agency_id, wish.id)
    mine = next((one for one in lines if one.case_id == case_id), None)
    said = destruction.last(destruction.words(ctx.db, wish.agency_id, wish.id), APPROVE)
    if mine is None or mine.fate != CONDEMNED or said is None or said.outcome != APPROVED:
        raise Conflict(
            f"Expected case {case_id} on a list that condemns it and that its head has approved,"
            " but it is on none.",
            code="not_approved",
        )
    if destruction.vouched(ctx.db, wish.agency_id, wish.id) != destruction.list_hash(lines):
        raise Conflict(
            "Expected the list that was decided about, but it differs by now from what its history"
            " has. Cancel the destruction and ask again.",
            code="list_changed",
        )
    return _by_head(ctx, wish, said, "approve")


def _by_head(ctx: Context, wish: Asked, said: Word | None, verb: str) -> Word:
    """Whoever said it held the head's post then, or acted for it by an order; and has no other part
    in it.
    """
    code = wish.approver.removeprefix("position:")
    if said is not None and said.by not in (wish.asker, *wish.committee):
        holders = people.holders(ctx.db, wish.agency_id, [code], said.at)[code]
        acts = said.instrument_id is not None and said.on_behalf_of == wish.approver
        if said.by in holders or acts:
            return said
    who = said.by if said else "nobody"
    raise Conflict(
        f"Expected the holder of {code} to {verb}, or who acts for it, and neither a member nor who"
        f" asked, but {who} did. Cancel the destruction and ask again.",
        code="other_approver",
    )


def is_listed_still(ctx: Context, wish: Asked) -> bool:
    """Whether its steps show the list that it has."""
    runs = destruction.runs(ctx.db, wish.agency_id, wish.id)
    lines = destruction.items(ctx.db, wish.agency_id, wish.id)
    return runs is not None and runs.variables.get("listing") == listing(lines)


def listing(lines: Sequence[destruction.Item]) -> str:
    return "\n".join(one.shown for one in lines)
