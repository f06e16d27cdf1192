"""Certifying a copy of a signed letter: which file, in which post, and the proof of who does."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.auth.passkeys import ask_certifier
from api.pages import words
from api.pages.desk import actor, close_db, command_id, db, now, system
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.passkeys import options
from api.pages.signing import FIELDS, asks_totp, has_passkey, proof_of, said, sent_code
from api.pages.site import site
from engine.bus import Answer
from engine.errors import Invalid, Rejected
from engine.ids import parse_id
from office.documents.certifying_act import Wish, certify
from office.documents.certifying_desk import CertifyingDesk, certifying_desk
from office.documents.certifying_held import pending
from office.documents.ports import Desk


@site.get("/documents/<document_id>/certify")
def certify_page(document_id: str) -> ResponseReturnValue:
    return _page(document_id, {}, None, request.args)


def _again(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(document_id, {}, None, values)


@site.post("/documents/<document_id>/certify")
@shows_again(_again)
def certify_copy(document_id: str) -> ResponseReturnValue:
    if request.form.get("compared") != "1":
        errors = {"compared": _("ยืนยันว่าตรวจแล้วก่อนรับรอง")}
        return _page(document_id, errors, None, request.form), 422
    desk = _desk(document_id, request.form)
    wish = Wish(
        parse_id(document_id, "document"),
        proof_of(desk),
        request.form.get("post") or None,
        request.form.get("seen") or None,
    )
    me, command = actor(), command_id()
    close_db()  # no transaction of ours is open while the key is at work
    key_desk = cast(Desk, system().services.extra["desk"])
    try:
        answer = certify(system().bus, me, key_desk, wish, command)
    except Rejected as refused:
        return _refused(document_id, refused)
    if answer.get("status") == "waiting_device":
        return redirect(f"/documents/{document_id}/certify/device", 303)
    return certified(document_id, answer)


def certified(document_id: str, answer: Answer) -> ResponseReturnValue:
    """The letter's page says what came of it."""
    if "status" in answer:
        flash(_("ลงลายมือชื่อรับรองแล้ว รอผู้ให้บริการประทับเวลา ระบบทำต่อให้เอง"), "ok")
    else:
        flash(_("รับรองสำเนาแล้ว ไฟล์ที่ลงลายมือชื่อไม่เปลี่ยนแปลง"), "ok")
    return redirect(f"/documents/{document_id}#copies", 303)


@site.post("/documents/<document_id>/certify/code")
def send_certifying_code(document_id: str) -> ResponseReturnValue:
    """As of signing a letter."""
    _desk(document_id, request.form)  # of whoever may certify it
    problem = sent_code()
    return _page(document_id, {}, problem, request.form, sent=problem is None)


@site.post("/documents/<document_id>/certify/passkey")
def ask_passkey(document_id: str) -> ResponseReturnValue:
    wanted, post = parse_id(document_id, "document"), request.form.get("post") or None
    return options(lambda: ask_certifier(wanted, post, request.form.get("seen") or None))


def _desk(document_id: str, values: MultiDict[str, Any]) -> CertifyingDesk:
    wanted = parse_id(document_id, "document")
    return certifying_desk(db(), actor(), wanted, now(), values.get("post") or None)


def _waits(desk: CertifyingDesk) -> bool:
    return pending(system().bus, actor(), desk.work.source.document_id) is not None


def _refused(document_id: str, refused: Rejected) -> ResponseReturnValue:
    """The page again: the field that was wrong, or what stands in the way. Secrets are not kept."""
    errors = words.field_errors(refused) if isinstance(refused, Invalid) else {}
    field = FIELDS.get(refused.code)
    if field:
        errors = {field: said(refused)}
    values = MultiDict(request.form)
    if refused.code == "other_than_shown":
        values.pop("compared", None)
    page = _page(document_id, errors, None if field else said(refused), values)
    return page, words.status(refused)


def _page(
    document_id: str,
    errors: dict[str, str],
    problem: str | None,
    values: MultiDict[str, Any],
    *,
    sent: bool = False,
) -> str:
    desk = _desk(document_id, values)
    return render_template(
        "certify.html",
        desk=desk,
        document_id=UUID(str(desk.work.source.document_id)),
        letter=desk.work.source.row,
        asks_totp=asks_totp(desk),
        passkey=has_passkey(desk),
        waits=desk.device and _waits(desk),
        obstacles=[str(words.REJECTIONS.get(code, text)) for code, text in desk.obstacles],
        errors=errors,
        problem=problem,
        sent=sent,
        chosen=desk.work.capacity.position_code,
        v={"compared": values.get("compared", "")},
    )
