"""Copies of a signed letter and slips of what was said: made from its page, and downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from api.downloads import name_download
from api.pages import words
from api.pages.desk import actor, close_db, command_id, db, system
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.site import site
from api.pages.view import when
from engine.errors import Conflict, Invalid, Rejected
from engine.ids import parse_id
from office.correspondence import queries as registers
from office.correspondence import stamping
from office.documents import access, rules
from office.documents import queries as documents
from office.documents.commands.certifying import check_certifier
from office.documents.ports import Desk
from office.documents.queries import CopyRow, DocumentView, WaitingCopy
from office.documents.slipping import make_slip
from office.files import storage
from office.people import queries as people


@dataclass(frozen=True, slots=True)
class CopyView:
    name: str
    note: str
    href: str
    #: hash of the signed file that it was made of
    #: None: a slip of a letter that was not signed then
    of: str | None


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A certified copy that is not there yet. `href`: where who certifies it goes on."""

    name: str
    state: str
    href: str | None
    failed: bool


@dataclass(frozen=True, slots=True)
class StampOffer:
    """A line of a register of letters received whose stamped copy is not made yet."""

    entry_id: str
    unit: str
    no: int
    when: str


@dataclass(frozen=True, slots=True)
class CopiesView:
    """The card of copies on a letter's page: shown where there is anything to show or to make."""

    made: list[CopyView]
    waiting: list[WaitingView]
    stamps: list[StampOffer]
    may_certify: bool


def slips_of(document_id: str, found: Sequence[CopyRow]) -> list[CopyView]:
    """Of the copies that were found, those that tell what was said."""
    slips = [one for one in found if one.kind == rules.SLIP]
    meet([one.made_by for one in slips])
    return [_copy_view(document_id, one) for one in slips]


def copies_of(view: DocumentView, found: Sequence[CopyRow]) -> CopiesView | None:
    """Of the copies that were found, those of the signed file."""
    if view.document.state != rules.SIGNED:
        return None
    document_id = UUID(view.document.id)
    made = [one for one in found if one.kind != rules.SLIP]
    waiting = documents.waiting_copies(db(), actor(), document_id)
    meet([one.made_by for one in made])
    stamped = {one.entry_id for one in made}
    lines = registers.receipts(db(), actor(), document_id)
    offers = [] if actor().reads_only else [one for one in lines if one.id not in stamped]
    return CopiesView(
        [_copy_view(view.document.id, one) for one in made],
        [_waiting(view.document.id, one) for one in waiting],
        [_offer(one) for one in offers],
        may_certify=_may_certify(view),
    )


def _may_certify(view: DocumentView) -> bool:
    row = access.find(db(), actor().agency_id, UUID(view.document.id))
    try:
        check_certifier(actor(), row)
    except Rejected:
        return False
    return not actor().reads_only


def _copy_view(document_id: str, one: CopyRow) -> CopyView:
    return CopyView(
        name=_name(one),
        note=" · ".join([face(one.made_by).name, when(one.made_at), *_lasting(one)]),
        href=f"/documents/{document_id}/copies/{one.id}",
        of=one.of_sha256,
    )


def _lasting(one: CopyRow) -> list[str]:
    """How long its signature can be proved; what it still waits for is told."""
    if one.archived_at is not None:
        return [_("ประทับเวลาเก็บถาวร %(when)s", when=when(one.archived_at))]
    waits = one.level == rules.STAMPED
    return [_("รอประทับเวลาเก็บถาวร")] if waits else []


def _waiting(document_id: str, one: WaitingCopy) -> WaitingView:
    mine = one.status == rules.WAITING_DEVICE and one.username == actor().username
    states = {
        rules.WAITING_DEVICE: _("รออุปกรณ์ของผู้รับรองลงนาม"),
        rules.WAITING_TIMESTAMP: _("รอผู้ให้บริการประทับเวลา ระบบทำต่อให้เอง"),
    }
    return WaitingView(
        name=_("สำเนาถูกต้อง รับรองโดย %(name)s", name=one.told["name"]),
        state=states.get(one.status) or _("รับรองไม่สำเร็จ: %(cause)s", cause=one.cause),
        href=f"/documents/{document_id}/certify/device" if mine else None,
        failed=one.status == rules.FAILED,
    )


def _name(one: CopyRow) -> str:
    told = one.told
    if one.kind == rules.SLIP:
        return _("ใบเกษียน %(count)s รายการ", count=told["endorsements"])
    if one.kind == rules.CERTIFIED_COPY:
        name = _("สำเนาถูกต้อง รับรองโดย %(name)s", name=told["name"])
        return " · ".join([name, *told["marks"]])
    return _("ฉบับประทับตรารับ %(unit)s เลขที่รับ %(no)s", unit=told["agency"], no=told["number"])


def _offer(line: registers.EntryRow) -> StampOffer:
    unit = people.unit(db(), actor().agency_id, line.unit).name
    return StampOffer(line.id, unit, line.no, when(line.entered_at))


@site.post("/documents/<document_id>/copies/stamped")
def make_stamped(document_id: str) -> ResponseReturnValue:
    entry = parse_id(request.form.get("entry_id", ""), "entry")
    command = command_id()
    me = actor()
    close_db()  # no transaction of ours is open while the copy is drawn
    desk = cast(Desk, system().services.extra["desk"])
    try:
        stamping.stamp(system().bus, me, desk, entry, command)
    except (Invalid, Conflict) as wrong:
        flash(words.say(wrong), "danger")
        return redirect(f"/documents/{document_id}#copies", 303)
    flash(_("ทำฉบับประทับตรารับแล้ว ไฟล์ที่ลงลายมือชื่อไม่เปลี่ยนแปลง"), "ok")
    return redirect(f"/documents/{document_id}#copies", 303)


@site.post("/documents/<document_id>/copies/slip")
def make_a_slip(document_id: str) -> ResponseReturnValue:
    wanted = parse_id(document_id, "document")
    command, me = command_id(), actor()
    close_db()  # no transaction of ours is open while the slip is drawn
    desk = cast(Desk, system().services.extra["desk"])
    try:
        made = make_slip(system().bus, me, desk, wanted, command)
    except (Invalid, Conflict) as wrong:
        flash(words.say(wrong), "danger")
        return redirect(f"/documents/{document_id}#endorsements", 303)
    if made["ordinal"]:
        flash(_("ทำใบเกษียนแล้ว หนังสือไม่เปลี่ยนแปลง"), "ok")
    else:
        flash(_("ยังไม่มีเกษียนใหม่ ใช้ใบเกษียนล่าสุดได้"), "ok")
    return redirect(f"/documents/{document_id}#endorsements", 303)


@site.get("/documents/<document_id>/copies/<copy_id>")
def get_copy(document_id: str, copy_id: str) -> ResponseReturnValue:
    ids = parse_id(document_id, "document"), parse_id(copy_id, "copy")
    found = documents.copy_file(db(), actor(), *ids)
    data = storage.read(system().storage, actor().agency_id, found.sha256)
    response = Response(data, mimetype="application/pdf")
    name_download(response, found.file_name)
    return response
