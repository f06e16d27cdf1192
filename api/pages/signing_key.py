"""An official's own signing key: had made, brought along, renewed, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.auth.passkeys import here
from api.pages import sessions, words
from api.pages.desk import actor, close_db, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.i18n import lazy_gettext
from api.pages.site import site, takes
from engine.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Rejected
from engine.ids import parse_id
from office.accounts import queries as accounts
from office.accounts.credentials import prove_present
from office.accounts.passkeys import KEY
from office.demo.secrets import is_demo_secret
from office.documents import queries as documents
from office.documents import registering
from office.documents.commands import EnrolOwnKey, RevokeKey
from office.documents.ports import Desk
from office.documents.trust import trusted
from office.people import queries as people
from signing import remote
from signing.errors import (
    RemoteRefused,
    RemoteUnavailable,
    TokenLocked,
    TokenUnavailable,
    UnusableKey,
    WeakPin,
    WrongPin,
)
from signing.hardware.taking import taken
from signing.keys import SoftwareKey
from signing.pkcs12 import MOST_BYTES, Imported, opened

#: what is wrong with a key file: the field that it is told at, and the words
FAULTS = {
    "too_large": ("file", lazy_gettext("ไฟล์ใหญ่เกิน 100 KB ไม่ใช่ไฟล์กุญแจ")),
    "too_costly": ("file", lazy_gettext("ไฟล์นี้ตั้งรอบการถอดรหัสไว้สูงเกินไป ขอไฟล์ใหม่จากผู้ออกใบรับรอง")),
    "unreadable": ("file", lazy_gettext("ไฟล์นี้ไม่ใช่ PKCS#12 (.p12 หรือ .pfx) หรือเสียหาย")),
    "wrong_password": ("password", lazy_gettext("รหัสผ่านของไฟล์ไม่ถูกต้อง")),
    "no_key": ("file", lazy_gettext("ในไฟล์มีใบรับรองแต่ไม่มีกุญแจส่วนตัว ส่งออกใหม่พร้อมกุญแจ")),
    "no_certificate": ("file", lazy_gettext("ในไฟล์มีกุญแจแต่ไม่มีใบรับรอง")),
    "kind": ("file", lazy_gettext("กุญแจชนิดนี้ใช้ลงนามไม่ได้ ใช้ RSA หรือ EC")),
    "mismatch": ("file", lazy_gettext("กุญแจกับใบรับรองในไฟล์ไม่ใช่คู่กัน")),
    "weak_key": ("file", lazy_gettext("กุญแจอ่อนเกินไป ใช้ RSA 2048 บิตขึ้นไป หรือ P-256 ขึ้นไป")),
    "not_yet_valid": ("file", lazy_gettext("ใบรับรองยังไม่เริ่มมีผล นำเข้าเมื่อถึงวันเริ่ม")),
    "expired": ("file", lazy_gettext("ใบรับรองหมดอายุแล้ว ขอใบใหม่จากผู้ออกใบรับรอง")),
    "usage": ("file", lazy_gettext("ใบรับรองนี้ไม่ได้ออกให้ใช้ลงนาม")),
    "untrusted": ("file", lazy_gettext("ผู้ออกใบรับรองนี้ไม่อยู่ในรายชื่อที่เชื่อถือ ให้ผู้ดูแลเพิ่มก่อน")),
}

#: the same of a key on a hardware token, where the words differ
TOKEN_FAULTS = {
    "no_key": lazy_gettext("ในอุปกรณ์ไม่มีกุญแจที่มีใบรับรองและใช้ลงนามได้"),
    "unreadable": lazy_gettext("ใบรับรองในอุปกรณ์เสียหาย"),
    "mismatch": lazy_gettext("กุญแจกับใบรับรองในอุปกรณ์ไม่ใช่คู่กัน"),
}
#: the same of a certificate that is registered alone
DEVICE_FAULTS = {
    "too_large": lazy_gettext("ไฟล์ใหญ่เกิน 100 KB ไม่ใช่ไฟล์ใบรับรอง"),
    "unreadable": lazy_gettext("ไฟล์นี้ไม่ใช่ใบรับรอง (PEM หรือ DER) หรือเสียหาย"),
}
#: the same of a credential at a remote service
REMOTE_FAULTS = {
    "no_key": lazy_gettext("บริการไม่มีกุญแจของผู้ใช้นี้"),
    "no_certificate": lazy_gettext("บริการไม่ได้ส่งใบรับรองของกุญแจมา"),
    "kind": lazy_gettext("กุญแจที่บริการนี้ใช้ลงนามจากที่นี่ไม่ได้ ต้องเป็นกุญแจที่เปิดด้วย PIN หรือรหัสครั้งเดียว"),
}
REMOTE_TROUBLE = {
    RemoteUnavailable: lazy_gettext("ติดต่อบริการลงนามไม่ได้ในขณะนี้ ลองใหม่หรือแจ้งผู้ดูแลระบบ"),
    RemoteRefused: lazy_gettext("บริการลงนามปฏิเสธคำขอ ตรวจรหัสผู้ใช้หรือแจ้งผู้ดูแลระบบ"),
}
#: as long as any user's name at a service
LONGEST_USER = 200
TOKEN_TROUBLE = {
    WrongPin: lazy_gettext("PIN ของอุปกรณ์ไม่ถูกต้อง"),
    TokenLocked: lazy_gettext("อุปกรณ์ล็อกตัวเองเพราะใส่ PIN ผิดหลายครั้ง ให้ผู้ดูแลอุปกรณ์ปลดล็อก"),
    TokenUnavailable: lazy_gettext("ไม่พบอุปกรณ์ของท่านหรืออุปกรณ์ไม่ตอบ แจ้งผู้ดูแลระบบ"),
}


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
    factors = accounts.factors(db(), me.agency_id, me.person_id)
    held = accounts.passkeys(db(), me.agency_id, me.person_id)
    return render_template(
        "signing_key.html",
        key=next((one for one in found if one.in_use), None),
        past=[one for one in found if not one.in_use],
        issues=_desk().issuer is not None,
        services=_services(),
        token=_token_label() if _desk().tokens is not None else None,
        factor=bool(held) or any(one.confirmed_at for one in factors),
        passkey=bool(held) and here() is not None,
        challenge=_challenge(),
        errors=errors,
        which=which,
    )


def _services() -> dict[str, str]:
    """The remote signing services that the agency has opened, by name."""
    remote = _desk().remote
    return dict(remote.names(actor().agency_id)) if remote is not None else {}


def _token_label() -> str:
    """How the actor's token is named. Nobody chooses: each wrong PIN counts on the token itself, so
    that whoever could name another's would lock it.
    """
    me = actor()
    return f"{people.agency(db(), me.agency_id).code}/{me.username}"


def _desk() -> Desk:
    return cast(Desk, system().services.extra["desk"])


@site.post("/account/key/enrol")
def enrol_key() -> ResponseReturnValue:
    """A new key and certificate from the installation's own authority."""
    try:
        issuer = _desk().issuer
        if issuer is None:
            raise Conflict("Expected an authority of our own, but certificates come from outside.")
        pin = _chosen_pin()
        agency = people.agency(db(), actor().agency_id).name
        _prove()
        key = issuer.enrol(actor().name, pin, now(), organisation=agency)
        run(EnrolOwnKey(key))
    except (Rejected, WeakPin) as refused:
        return _refused(refused, "enrol")
    return _enrolled()


@site.post("/account/key/import")
@takes(2 * MOST_BYTES + (64 << 10))
def import_key() -> ResponseReturnValue:
    """A key that an authority outside has handed out."""
    try:
        pin = _chosen_pin()
        found = _opened()
        registering.refuse_held(system().bus, actor(), found.certificate)
        _prove()
        run(
            EnrolOwnKey.brought(SoftwareKey.protect(found.key, pin, found.certificate, found.chain))
        )
    except (Rejected, WeakPin, UnusableKey) as refused:
        return _refused(refused, "import")
    return _enrolled()


@site.post("/account/key/token")
def take_token_key() -> ResponseReturnValue:
    """A key that stays on a hardware token, which has a PIN of its own."""
    try:
        desk = _desk()
        if desk.tokens is None:
            raise Conflict("Expected hardware tokens, but this installation reaches none.")
        label, pin = _token_label(), request.form.get("pin", "")
        trust = trusted(db(), actor().agency_id, desk.trust)
        _prove()
        key = taken(desk.tokens, label, pin, trust=trust, at=now())
        registering.refuse_held(system().bus, actor(), key.certificate)
        run(EnrolOwnKey.brought(key))
    except (Rejected, UnusableKey, WrongPin, TokenLocked, TokenUnavailable) as refused:
        return _refused(refused, "token")
    return _enrolled()


@site.post("/account/key/remote")
def take_remote_key() -> ResponseReturnValue:
    """A key that a remote service keeps: what the service says of it is judged like any other's."""
    try:
        desk, agency = _desk(), actor().agency_id
        service, user = request.form.get("service", ""), request.form.get("user", "").strip()
        if desk.remote is None or service not in _services():
            raise Conflict("Expected a signing service of the agency, but it has none so named.")
        if not user or len(user) > LONGEST_USER:
            raise _wrong("user", _("ใส่รหัสผู้ใช้ของท่านที่บริการลงนาม"))
        trust = trusted(db(), agency, desk.trust)
        _prove()
        key = remote.taken(desk.remote.call(agency, service), service, user, trust=trust, at=now())
        registering.refuse_held(system().bus, actor(), key.certificate)
        run(EnrolOwnKey.brought(key))
    except (Rejected, UnusableKey, RemoteUnavailable) as refused:
        return _refused(refused, "remote")
    return _enrolled()


@site.post("/account/key/device")
@takes(2 * MOST_BYTES + (64 << 10))
def take_device_key() -> ResponseReturnValue:
    """The certificate of a key that its owner's device keeps, with those above it."""
    try:
        data = _uploaded("file", MOST_BYTES)
        if not data:
            raise _wrong("file", _("เลือกไฟล์ใบรับรอง (.pem, .crt หรือ .cer)"))
        trust = trusted(db(), actor().agency_id, _desk().trust)
        asked, made = request.form.get("challenge", ""), _uploaded("signature", LONGEST)
        key = registering.device_key(system().bus, actor(), data, asked, made, trust)
        _prove()
        run(EnrolOwnKey.brought(key))
    except (Rejected, UnusableKey) as refused:
        return _refused(refused, "device")
    return _enrolled()


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
    pin = request.form.get("pin", "")
    if pin != request.form.get("repeat", ""):
        raise _wrong("repeat", _("PIN สองช่องไม่ตรงกัน"))
    if is_demo_secret(pin) and not system().settings.demo:
        raise _wrong("pin", _("PIN นี้เป็นของการสาธิต ตั้ง PIN ของท่านเอง"))
    return pin


def _uploaded(name: str, most: int) -> bytes:
    """One byte more than `most`, where there are more."""
    upload = request.files.get(name)
    return upload.stream.read(most + 1) if upload else b""


def _opened() -> Imported:
    data = _uploaded("file", MOST_BYTES)
    if not data:
        raise _wrong("file", _("เลือกไฟล์กุญแจ (.p12 หรือ .pfx)"))
    password = request.form.get("password", "")
    return opened(data, password, trust=trusted(db(), actor().agency_id, _desk().trust), at=now())


def _prove() -> None:
    """A session left open must not be enough to get a key in somebody's name."""
    close_db()
    proof = request.form.get("current", "")
    prove_present(system().bus, actor(), proof, sessions.origin(), KEY)


def _enrolled() -> ResponseReturnValue:
    flash(_("กุญแจลงนามพร้อมใช้แล้ว กุญแจเดิมเลิกใช้"), "ok")
    return redirect("/account/key", 303)


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, [FieldError(field, text, words.OWN)])


def _refused(refused: Exception, which: str) -> ResponseReturnValue:
    """Secrets are typed anew; the message stands at its field."""
    if isinstance(refused, UnusableKey):
        field, text = FAULTS[refused.fault]
        if which == "token":
            field, text = "pin", TOKEN_FAULTS.get(refused.fault, text)
        if which == "device":
            text = DEVICE_FAULTS.get(refused.fault, text)
        if which == "remote":
            field, text = "user", REMOTE_FAULTS.get(refused.fault, text)
        return _page({field: str(text)}, which), 422
    if isinstance(refused, WrongPin | TokenLocked | TokenUnavailable):
        return _page({"pin": str(TOKEN_TROUBLE[type(refused)])}, which), 422
    if isinstance(refused, RemoteUnavailable):
        return _page({"user": str(REMOTE_TROUBLE[type(refused)])}, which), 503
    if isinstance(refused, WeakPin):
        return _page({"pin": _("PIN ต้องมีอย่างน้อย 6 ตัว และไม่ซ้ำกันทั้งหมด")}, which), 422
    if isinstance(refused, Invalid) and refused.errors:
        said = {error.path: words.say_field(error) for error in refused.errors}
        return _page(said, which), 422
    assert isinstance(refused, Rejected)
    if refused.code in {"bad_code", "bad_passkey"}:
        return _page({"current": _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}, which), 422
    return _page({"": words.say(refused)}, which), words.status(refused)
