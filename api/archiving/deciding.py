"""The end of archived files: what holds them, the lists people decide about, and that they go.

Nobody destroys anything by a command alone: a file goes when a destruction's list condemns it, its
head has approved, and nothing holds it at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.archiving import deeds
from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.archiving import RETENTION
from engine.commands.vouching import vouch
from engine.errors import Conflict, Forbidden, NotFound
from engine.models.archive import (
    CONDEMNED,
    DESTROYED,
    GONE,
    KEPT,
    LISTED,
    SPARED,
    archived_instance,
    destruction_item,
)
from engine.models.columns import AnyRow
from engine.queries import destruction
from engine.queries.destruction import Item, Word
from office.documents.queries.evidence import secret_cases
from office.documents.thai import office_day

_stone, _item = archived_instance.c, destruction_item.c
_KEY = sa.and_(_stone.agency_id == sa.bindparam("agency"), _stone.id == sa.bindparam("this"))
#: Under its lock: whether it is held and whether it goes are decided one after the other.
_STONE = sa.select(archived_instance).where(_KEY).with_for_update()
_ON_LIST = sa.and_(
    _item.agency_id == sa.bindparam("agency"),
    _item.destruction_id == sa.bindparam("list"),
)
_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.",
           "พ.ย.", "ธ.ค.")  # fmt: skip
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class HoldCase:
    """While it is held, nothing of an archived case is destroyed. Right: retention. Conflict
    (held_already, destroyed). Answer: {id}.
    """

    root_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseCase:
    """The hold ends; its policy counts again. Right: retention. Conflict (not_held).

    Answer: {id}.
    """

    root_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ListDue:
    """What may be destroyed now is this destruction's list, and its history has the hash of it.
    Part of the route alone; the second time it stays as it is. Conflict (not_asked, route_changed)
    for a process that nobody asked for, as in the commands below. Answer: {items}.
    """

    destruction_id: UUID


@dataclass(frozen=True, slots=True)
class WeighList:
    """Each file goes that fewer than half of the members would keep, as they themselves said it.
    Part of the route alone. Conflict (other_committee, other_approver) where others spoke for them.
    Answer: {condemned, spared}.
    """

    destruction_id: UUID


@dataclass(frozen=True, slots=True)
class SpareFiles:
    """Those that the National Archives claim are spared too, and all spared ones kept on. For the
    system alone. Answer: {spared}.
    """

    destruction_id: UUID


@dataclass(frozen=True, slots=True)
class DestroyCase:
    """The file of an archived case counts as destroyed; its tombstone says who approved. For the
    system alone. Conflict (not_approved, list_changed, other_approver) unless its list condemns it
    and its head approved that list. Answer: {destroyed}: False where it is held or has more time by
    now (it is kept), or another destruction had it (it is gone).
    """

    root_id: UUID
    destruction_id: UUID


def hold_case(command: HoldCase, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    stone = _locked(ctx, command.root_id)
    if stone.destroyed_at is not None:
        raise Conflict(
            f"Expected a case whose file is there, but it was destroyed on"
            f" {office_day(stone.destroyed_at)}.",
            code="destroyed",
        )
    if stone.held_at is not None:
        raise Conflict(
            f"Expected a case that nothing holds, but {stone.held_by} holds it already.",
            code="held_already",
        )
    reason = checks.text(command.reason, "reason", limit=LONGEST)
    values = {"held_at": ctx.now, "held_by": ctx.actor.username, "hold_reason": reason}
    _tell(ctx, stone.id, "case.held", {"reason": reason}, values)
    return {"id": stone.id}


def release_case(command: ReleaseCase, ctx: Context) -> Answer:
    checks.demand(ctx.actor, RETENTION)
    stone = _locked(ctx, command.root_id)
    if stone.held_at is None:
        raise Conflict("Expected a case that is held, but nothing holds it.", code="not_held")
    reason = checks.text(command.reason, "reason", limit=LONGEST)
    values = {"held_at": None, "held_by": None, "hold_reason": None}
    _tell(ctx, stone.id, "case.released", {"reason": reason}, values)
    return {"id": stone.id}


def _locked(ctx: Context, root_id: UUID) -> AnyRow:
    stone = ctx.db.execute(_STONE, {"agency": ctx.actor.agency_id, "this": root_id}).first()
    if stone is None:
        raise NotFound(f"Expected the id of an archived case, but found none with {root_id}.")
    return stone


def _tell(
    ctx: Context, root_id: UUID, event: str, data: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    vouch(ctx, root_id, event, data)
    key = {"agency": ctx.actor.agency_id, "this": root_id}
    ctx.db.execute(archived_instance.update().where(_KEY).values(values), key)


def list_due(command: ListDue, ctx: Context) -> Answer:
    _demand_route(ctx)
    wish = deeds.asked(ctx, command.destruction_id)
    there = destruction.items(ctx.db, wish.agency_id, wish.id)
    if there:
        return {"items": len(there)}
    found = destruction.due(ctx.db, wish.agency_id, ctx.now)
    secret = secret_cases(ctx.db, wish.agency_id, [one.id for one in found])
    rows = [
        {
            "agency_id": wish.agency_id,
            "destruction_id": wish.id,
            "ordinal": ordinal,
            "case_id": one.id,
            "shown": line(ordinal, one, secret=one.id in secret),
            "spared_by": [],
            "fate": LISTED,
        }
        for ordinal, one in enumerate(found, 1)
    ]
    if rows:
        ctx.db.execute(destruction_item.insert(), rows)
        listed = destruction.items(ctx.db, wish.agency_id, wish.id)
        made = {"items": len(rows), "sha256": destruction.list_hash(listed)}
        vouch(ctx, wish.id, destruction.LIST_MADE, made)
    return {"items": len(rows)}


def line(ordinal: int, one: destruction.DueFile, *, secret: bool) -> str:
    """As people read it, on one line: by its address, cases of one title are told apart. All who
    read the list read the same, so it names no case that has a secret letter.
    """
    ended = office_day(one.ended_at)
    named = " ".join((one.title or one.definition_name).split())
    key = f" เลขอ้างอิง {' '.join(one.business_key.split())}" if one.business_key else ""
    told = "มีหนังสือชั้นความลับ" if secret else named + key
    day = f"{ended.day} {_MONTHS[ended.month - 1]} {ended.year + 543}"
    return f"{ordinal}. {told} (จบ {day}) /instances/{one.id}"


def weigh_list(command: WeighList, ctx: Context) -> Answer:
    _demand_route(ctx)
    wish = deeds.asked(ctx, command.destruction_id)
    kept_by = deeds.weighed(ctx, wish)
    condemned = 0
    listed = destruction.items(ctx.db, wish.agency_id, wish.id)
    for one in listed:
        spared_by = sorted(who for who, kept in kept_by.items() if one.ordinal in kept)
        goes = len(spared_by) * 2 < len(kept_by)
        condemned += goes
        fate = CONDEMNED if goes else SPARED
        _settle(ctx, wish.id, one, fate=fate, spared_by=spared_by)
    return {"condemned": condemned, "spared": len(listed) - condemned}


def spare_files(command: SpareFiles, ctx: Context) -> Answer:
    _demand_system(ctx)
    wish = deeds.asked(ctx, command.destruction_id)
    also, until = deeds.claimed(ctx, wish), destruction.years_after(ctx.now, wish.spare_years)
    spared = 0
    for one in destruction.items(ctx.db, wish.agency_id, wish.id):
        if one.fate == SPARED or (one.is_open and one.ordinal in also):
            spared += 1
            _settle(ctx, wish.id, one, fate=SPARED)
            key = {"agency": wish.agency_id, "this": one.case_id}
            longer = archived_instance.update().where(_KEY, _stone.destroyed_at.is_(None), sa.or_(
                _stone.keep_until.is_(None), _stone.keep_until < until))  # fmt: skip
            ctx.db.execute(longer.values(keep_until=until), key)
    return {"spared": spared}


def _settle(ctx: Context, destruction_id: UUID, one: Item, **values: Any) -> None:
    key = {"agency": ctx.actor.agency_id, "list": destruction_id}
    this = destruction_item.update().where(_ON_LIST, _item.ordinal == one.ordinal)
    ctx.db.execute(this.values(values), key)


def _demand_route(ctx: Context) -> None:
    if not ctx.depth:
        raise Forbidden("Expected a part of the route, but this command came alone.")
    _demand_system(ctx)


def _demand_system(ctx: Context) -> None:
    if not ctx.actor.is_system:
        raise Forbidden("Expected a part of the route, but this command came alone.")


def destroy_case(command: DestroyCase, ctx: Context) -> Answer:
    _demand_system(ctx)
    wish = deeds.asked(ctx, command.destruction_id)
    stone = _locked(ctx, command.root_id)
    if stone.destroyed_at is not None and stone.destruction_id == wish.id:
        return {"destroyed": True}
    said = deeds.approval(ctx, wish, command.root_id)
    fate = _fate(ctx, stone)
    this = destruction_item.update().where(_ON_LIST, _item.case_id == sa.bindparam("case"))
    where = {"agency": wish.agency_id, "list": wish.id, "case": command.root_id}
    ctx.db.execute(this.values(fate=fate), where)
    if fate == DESTROYED:
        _bury(ctx, stone, wish.id, said)
    return {"destroyed": fate == DESTROYED}


def _fate(ctx: Context, stone: AnyRow) -> str:
    if stone.destroyed_at is not None:
        return GONE
    goes = destruction.is_due(ctx.db, stone.agency_id, stone.id, ctx.now)
    return DESTROYED if goes else KEPT


def _bury(ctx: Context, stone: AnyRow, destruction_id: UUID, said: Word) -> None:
    told = {
        "evidence_sha256": stone.evidence_sha256,
        "seal": stone.seal,
        "approved_by": said.by,
        "approved_at": said.at,
        "on_behalf_of": said.on_behalf_of,
    }
    values = {
        "destroyed_at": ctx.now,
        "approved_by": said.by,
        "approved_at": said.at,
        "destruction_id": destruction_id,
    }
    _tell(ctx, stone.id, destruction.EVENT, {**told, "destruction": destruction_id}, values)
    # the case in which it was decided proves what went, too
    vouch(ctx, destruction_id, destruction.CARRIED_OUT, {**told, "case": stone.id})


HANDLERS: dict[type, Handler] = {
    HoldCase: hold_case,
    ReleaseCase: release_case,
    ListDue: list_due,
    WeighList: weigh_list,
    SpareFiles: spare_files,
    DestroyCase: destroy_case,
}
