"""The agency's electronic seal: its key brought in, renewed, revoked, and who may use it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import sessions, words
from api.pages.admin.acts import field_errors, say
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, close_db, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.i18n import lazy_gettext
from api.pages.key_words import FAULTS, REMOTE_FAULTS, REMOTE_TROUBLE, TOKEN_FAULTS, TOKEN_TROUBLE
from api.pages.proofs import proofs_of
from api.pages.site import site, takes
from api.seal_keys import SealKeys
from engine.errors import FieldError, Invalid, Rejected
from engine.ids import parse_id
from office.documents import queries as documents
from office.documents.commands import GrantSeal, RevokeSeal
from signing.errors import (
    RemoteUnavailable,
    TokenLocked,
    TokenUnavailable,
    UnusableKey,
    WrongPin,
)
from signing.pkcs12 import MOST_BYTES

PERSON = lazy_gettext("ใบรับรองนี้ออกให้บุคคล ตราของหน่วยงานใช้ใบรับรองที่ออกให้หน่วยงาน")


@site.get("/admin/seal")
def seal_page() -> ResponseReturnValue:
    return _page({})


def _page(errors: Mapping[str, str], refused: str = "", which: str = "") -> str:
    found, keys = documents.sealing(db(), actor(), now()), _keys()
    me = actor()
    assert me.person_id is not None
    proofs = proofs_of(me.person_id)
    return render_template(
        "admin_seal.html",
        sections=open_sections(),
        seal=found,
        grantable=documents.grantable(db(), me),
        issues=keys.desk.issuer is not None,
        token=keys.token_label if keys.desk.tokens is not None else None,
        services=keys.services,
        factor=proofs.factor,
        passkey=proofs.passkey,
        errors=errors,
        refused=refused,
        which=which,
    )


def _keys() -> SealKeys:
    return SealKeys(system(), actor(), sessions.origin())


@site.post("/admin/seal/enrol")
def make_seal() -> ResponseReturnValue:
    try:
        _prove()
        run(_keys().made())
    except Rejected as refused:
        return _refused(refused, "enrol")
    return _done(_("ตราของหน่วยงานพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"))


@site.post("/admin/seal/import")
@takes(2 * MOST_BYTES + (64 << 10))
def import_seal() -> ResponseReturnValue:
    try:
        upload = request.files.get("file")
        data = upload.stream.read(MOST_BYTES + 1) if upload else b""
        if not data:
            raise _wrong("file", _("เลือกไฟล์กุญแจ (.p12 หรือ .pfx)"))
        command = _keys().imported(data, request.form.get("password", ""))
        _prove()
        run(command)
    except (Rejected, UnusableKey) as refused:
        return _refused(refused, "import")
    return _done(_("ตราของหน่วยงานพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"))


@site.post("/admin/seal/token")
def take_seal_on_token() -> ResponseReturnValue:
    try:
        _prove()
        run(_keys().on_token(request.form.get("pin", "")))
    except (Rejected, UnusableKey, WrongPin, TokenLocked, TokenUnavailable) as refused:
        return _refused(refused, "token")
    return _done(_("ตราของหน่วยงานพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"))


@site.post("/admin/seal/remote")
def take_seal_at_service() -> ResponseReturnValue:
    try:
        given = [request.form.get(name, "").strip() for name in ("service", "user", "pin")]
        if not given[1]:
            raise _wrong("user", _("ใส่รหัสผู้ใช้ของหน่วยงานที่บริการลงนาม"))
        _prove()
        run(_keys().at_service(*given))
    except (Rejected, UnusableKey, WrongPin, RemoteUnavailable) as refused:
        return _refused(refused, "remote")
    return _done(_("ตราของหน่วยงานพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"))


@site.post("/admin/seal/grant")
def grant_seal() -> ResponseReturnValue:
    try:
        _prove()
        run(GrantSeal(request.form.getlist("processes")))
    except Rejected as refused:
        return _refused(refused, "grant")
    return _done(_("บันทึกแล้วว่ากระบวนการใดใช้ตราได้"))


@site.post("/admin/seal/revoke")
def revoke_seal() -> ResponseReturnValue:
    try:
        key_id = parse_id(request.form.get("key_id", ""), "key")
        if not request.form.get("reason", "").strip():
            raise _wrong("reason", _("ต้องกรอกช่องนี้"))
        _prove()
        run(RevokeSeal(key_id, request.form.get("reason", "")))
    except Rejected as refused:
        return _refused(refused, "revoke")
    return _done(_("เพิกถอนตราแล้ว เอกสารที่ประทับไว้ก่อนยังเชื่อถือได้"))


def _prove() -> None:
    close_db()
    _keys().prove(request.form.get("current", ""))


def _done(said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect("/admin/seal", 303)


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, [FieldError(field, text, words.OWN)])


def _refused(refused: Exception, which: str) -> ResponseReturnValue:
    if isinstance(refused, UnusableKey):
        return _page({_place(refused, which): _fault(refused, which)}, which=which), 422
    if which == "remote" and isinstance(refused, WrongPin):
        return _page({"pin": _("PIN ของกุญแจไม่ถูกต้อง")}, which=which), 422
    if isinstance(refused, WrongPin | TokenLocked | TokenUnavailable):
        return _page({"pin": str(TOKEN_TROUBLE[type(refused)])}, which=which), 422
    if isinstance(refused, RemoteUnavailable):
        return _page({"user": str(REMOTE_TROUBLE[type(refused)])}, which=which), 503
    assert isinstance(refused, Rejected)
    if isinstance(refused, Invalid) and refused.errors:
        return _page(field_errors(refused), which=which), 422
    if refused.code in {"bad_code", "bad_passkey"}:
        return _page({"current": _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}, which=which), 422
    return _page({}, say(refused), which), words.status(refused)


def _place(refused: UnusableKey, which: str) -> str:
    if which in ("token", "remote"):
        return {"token": "pin", "remote": "user"}[which]
    return "password" if refused.fault == "wrong_password" else "file"


def _fault(refused: UnusableKey, which: str) -> str:
    if refused.fault == "person":
        return str(PERSON)
    own = {"token": TOKEN_FAULTS, "remote": REMOTE_FAULTS}.get(which, {})
    return str(own.get(refused.fault) or FAULTS[refused.fault][1])
