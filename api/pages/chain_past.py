"""Changes of a draft of cards that are taken back, or made again, with what that comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from api.pages.desk import actor, db, run, whole_number
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Conflict, Stale
from engine.ids import parse_id
from office.chains import past, queries
from office.chains.commands import RIGHT, StepBack, StepForward
from office.chains.differences import CardDifference, compare
from office.chains.model import Chain
from office.chains.queries import DraftRow
from office.people.rights import demand

#: so many cards are named of one change
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """A button: its words, what it does in full, and whose change it is where it is another's."""

    text: str
    title: str
    others: str = ""


def offered(row: DraftRow) -> tuple[Offered | None, Offered | None]:
    """Back and again; None where there is nothing of the kind."""
    found = past.around(db(), actor().agency_id, row)
    return _back(row, found.back), _again(row, found.again)


def _back(row: DraftRow, change: past.Change | None) -> Offered | None:
    if change is None:
        return None
    what, others = told(change.chain, row.chain), ""
    text = _("เลิกทำ")
    if change.by != actor().username:
        meet([change.by])
        others = face(change.by).name
        text = _("เลิกทำของ %(name)s", name=others)
    return Offered(text, f"{text}: {what}", others)


def _again(row: DraftRow, change: past.Change | None) -> Offered | None:
    if change is None:
        return None
    text = _("ทำซ้ำ")
    return Offered(text, f"{text}: {told(row.chain, change.chain)}")


def told(before: Chain, after: Chain) -> str:
    """What the change between them did, in a few words."""
    found = compare(before, after)
    said = [*(_card(one) for one in found.cards), *_facts(bool(found.facts))]
    if len(said) > _NAMED + 1:
        said = [*said[:_NAMED], _("และอีก %(n)s อย่าง", n=len(said) - _NAMED)]
    return ", ".join(said)


def _card(one: CardDifference) -> str:
    step = one.after or one.before
    name = step.name if step else one.id
    match one.verb:
        case "added":
            return _("เพิ่ม “%(name)s”", name=name)
        case "removed":
            return _("ลบ “%(name)s”", name=name)
        case "moved":
            return _("ย้าย “%(name)s”", name=name)
        case "changed":
            return _("แก้ “%(name)s”", name=name)


def _facts(changed: bool) -> Iterator[str]:
    if changed:
        yield _("แก้ชื่อและแบบฟอร์ม")


@site.post("/chains/<chain_id>/undo")
def undo_change(chain_id: str) -> ResponseReturnValue:
    """The button says whose change it takes back, so `others` comes from who has read that."""
    row = _draft(chain_id)
    seen = whole_number(request.form.get("revision", ""))
    return _gone(row, StepBack(row.id, seen, "others" in request.form), _("เลิกทำแล้ว"))


@site.post("/chains/<chain_id>/redo")
def redo_change(chain_id: str) -> ResponseReturnValue:
    row = _draft(chain_id)
    seen = whole_number(request.form.get("revision", ""))
    return _gone(row, StepForward(row.id, seen), _("ทำซ้ำแล้ว"))


def _gone(row: DraftRow, command: StepBack | StepForward, done: str) -> ResponseReturnValue:
    before = row.chain
    try:
        run(command, part=type(command).__name__)
        what = told(before, _draft(str(row.id)).chain)  # nothing where it was pressed twice
        flash(f"{done}: {what}" if what else done, "ok")
    except Stale:
        flash(_("มีผู้แก้สายอนุมัตินี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
    except Conflict as refused:
        theirs = refused.code == "of_another"
        flash(_("การแก้ล่าสุดเป็นของผู้อื่น ดูก่อนแล้วกดอีกครั้ง") if theirs else _("ไม่มีอะไรให้ย้อน"), "warn")
    return redirect(f"/chains/{row.id}", 303)


def _draft(chain_id: str) -> DraftRow:
    demand(actor(), RIGHT)
    return queries.draft(db(), actor().agency_id, parse_id(chain_id, "chain"))
