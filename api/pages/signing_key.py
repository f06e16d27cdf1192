"""An official's own signing key: had made, brought along, renewed, revoked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.own_keys import OwnKeys
from api.pages import key_words, sessions, words
from api.pages.desk import actor, close_db, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.proofs import proofs_of
from api.pages.site import site, takes
from engine.errors import FieldError, Forbidden, Invalid, NotFound, Rejected
from engine.ids import parse_id
from office.documents import queries as documents
from office.documents import registering
from office.documents.commands import EnrolOwnKey, RevokeKey
from signing.errors import RemoteUnavailable
from signing.pkcs12 import MOST_BYTES

#: as long as any user's name at a service
LONGEST_USER = 200
#: no signature of a key that we take is longer
LONGEST = 4096


@site.get("/account/key")
def key_page() -> ResponseReturnValue:
    return _page({})


def _page(errors: Mapping[str, str], which: str = "") -> str:
    me = actor()
    if me.person_id is None:
        raise Forbidden("Expected a person, but the system signs nothing.")
    found = documents.keys_of(db(), me, me.username, now())
    proofs, keys = proofs_of(me.person_id), _keys()
    return render_template(
        "signing_key.html",
        key=next((one for one in found if one.in_use), None),
        past=[one for one in found if not one.in_use],
        issues=keys.desk.issuer is not None,
        services=keys.services,
        token=keys.token_label if keys.desk.tokens is not None else None,
        factor=proofs.factor,
        passkey=proofs.passkey,
        challenge=_challenge(),
        errors=errors,
        which=which,
    )


def _keys() -> OwnKeys:
    return OwnKeys(system(), actor(), sessions.origin())


def _taken(which: str, bring: Callable[[], EnrolOwnKey]) -> ResponseReturnValue:
    """What was brought is in use, or its form says why not."""
    try:
        close_db()
        run(bring())
    except (Rejected, *get_args(key_words.Trouble)) as refused:
        return _refused(refused, which)
    flash(_("กุญแจลงนามพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"), "ok")
    return redirect("/account/key", 303)


def _typed(name: str) -> str:
    return request.form.get(name, "")


@site.post("/account/key/enrol")
def enrol_key() -> ResponseReturnValue:
    return _taken("enrol", lambda: _keys().made(_chosen_pin(), _typed("current")))


@site.post("/account/key/import")
@takes(2 * MOST_BYTES + (64 << 10))
def import_key() -> ResponseReturnValue:
    def bring() -> EnrolOwnKey:
        pin = _chosen_pin()
        data = _uploaded("file", MOST_BYTES)
        if not data:
            raise _wrong("file", _("เลือกไฟล์กุญแจ (.p12 หรือ .pfx)"))
        return _keys().imported(data, _typed("password"), pin, _typed("current"))

    return _taken("import", bring)


@site.post("/account/key/token")
def take_token_key() -> ResponseReturnValue:
    return _taken("token", lambda: _keys().on_token(_typed("pin"), _typed("current")))


@site.post("/account/key/remote")
def take_remote_key() -> ResponseReturnValue:
    def bring() -> EnrolOwnKey:
        user = _typed("user").strip()
        if not user or len(user) > LONGEST_USER:
            raise _wrong("user", _("ใส่รหัสผู้ใช้ของท่านที่บริการลงนาม"))
        proofs = (_typed(name) for name in ("pin", "otp", "current"))
        return _keys().at_service(_typed("service"), user, *proofs)

    return _taken("remote", bring)


@site.post("/account/key/device")
@takes(2 * MOST_BYTES + (64 << 10))
def take_device_key() -> ResponseReturnValue:
    def bring() -> EnrolOwnKey:
        data = _uploaded("file", MOST_BYTES)
        if not data:
            raise _wrong("file", _("เลือกไฟล์ใบรับรอง (.pem, .crt หรือ .cer)"))
        signature = _uploaded("signature", LONGEST)
        return _keys().on_device(data, _typed("challenge"), signature, _typed("current"))

    return _taken("device", bring)


@site.get("/account/key/device/challenge.txt")
def device_challenge() -> ResponseReturnValue:
    """What the device signs, to the byte."""
    asked = request.args.get("challenge", "")
    if not registering.is_open(system().bus, actor(), asked):
        raise NotFound("Expected the challenge of the page as it is now; load that page again.")
    response = Response(asked, mimetype="text/plain")
    response.headers["Content-Disposition"] = "attachment; filename=challenge.txt"
    return response


def _challenge() -> str:
    """The one that was asked stays while it may be answered: what was signed is not lost."""
    asked = request.form.get("challenge", "")
    ours = registering.is_open(system().bus, actor(), asked)
    return asked if ours else registering.challenge(system().bus, actor())


@site.post("/account/key/revoke")
def revoke_own_key() -> ResponseReturnValue:
    try:
        key_id = parse_id(request.form.get("key_id", ""), "key")
        run(RevokeKey(key_id, request.form.get("reason", "")))
    except Invalid as refused:
        return _refused(refused, "revoke")
    flash(_("เพิกถอนกุญแจแล้ว หนังสือที่ลงนามไว้ก่อนหน้านี้ยังเชื่อถือได้"), "ok")
    return redirect("/account/key", 303)


def _chosen_pin() -> str:
    pin = _typed("pin")
    if pin != _typed("repeat"):
        raise _wrong("repeat", _("PIN สองช่องไม่ตรงกัน"))
    return pin


def _uploaded(name: str, most: int) -> bytes:
    """One byte more than `most`, where there are more."""
    upload = request.files.get(name)
    return upload.stream.read(most + 1) if upload else b""


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, [FieldError(field, text, words.OWN)])


def _refused(refused: Exception, which: str) -> ResponseReturnValue:
    """Secrets are typed anew; the message stands at its field."""
    if isinstance(refused, key_words.Trouble):
        field, text = key_words.placed(refused, which)
        return _page({field: text}, which), 503 if isinstance(refused, RemoteUnavailable) else 422
    if isinstance(refused, Invalid) and refused.errors:
        said = {error.path: words.say_field(error) for error in refused.errors}
        return _page(said, which), 422
    assert isinstance(refused, Rejected)
    if refused.code == "wrong_pin":
        return _page({"pin": str(key_words.SERVICE_PROOF)}, which), 422
    if refused.code in {"bad_code", "bad_passkey"}:
        return _page({"current": _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}, which), 422
    return _page({"": words.say(refused)}, which), words.status(refused)
