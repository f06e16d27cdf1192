"""The signing page: what, as whom, with which certificate, and the proof that it is them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast
from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.auth.passkeys import here
from api.pages import sessions, words
from api.pages.desk import actor, close_db, command_id, db, now, system
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.letters import as_signed_by, letter_view, page_image
from api.pages.route import Step
from api.pages.site import site
from api.pages.view import stamp
from engine.errors import Invalid, Rejected, TooMany
from engine.ids import parse_id
from engine.queries import tasks
from office.accounts import queries as accounts
from office.accounts.passkeys import is_answer
from office.correspondence import queries as registers
from office.documents import device_act, signing_act
from office.documents import queries as documents
from office.documents.kinds import RECORDER
from office.documents.ports import Desk
from office.documents.queries import DocumentView, SigningDesk
from office.documents.sending_codes import send_code

#: refusals that belong to one field of the page
FIELDS = {
    "wrong_pin": "pin",
    "wrong_code": "totp",
    "wrong_passkey": "totp",
    "pin_locked": "pin",
    "demo_secret": "pin",
}
#: obstacles that lie in the signer's key, and are mended on their own page
OF_THE_KEY = ("no_signing_key", "key_expired", "key_not_yet", "key_revoked")


class AskedKey(Protocol):
    """How a key is asked for its signature: as of `SigningDesk`."""

    @property
    def methods(self) -> Sequence[str]: ...
    @property
    def device(self) -> bool: ...
    @property
    def remote(self) -> Sequence[str] | None: ...


@site.get("/tasks/<task_id>/sign")
def sign_page(task_id: str) -> ResponseReturnValue:
    view = tasks.one(db(), actor(), parse_id(task_id, "task"))
    if "complete" not in view.verbs or view.task.act != "sign":
        return redirect(f"/tasks/{task_id}", 303)
    if held := documents.waiting_for_timestamp(db(), actor(), [view.task.id]):
        return redirect(f"/documents/{held[view.task.id]}/signed", 303)
    return _page(task_id, {}, None, MultiDict())


@site.get("/tasks/<task_id>/sign/pages/<int:number>.png")
def sign_sheet(task_id: str, number: int) -> ResponseReturnValue:
    """A page of the letter as it will look: with the signer's own name and capacity."""
    desk = documents.signing_desk(db(), actor(), parse_id(task_id, "task"), now())
    lines = desk.capacity.position_lines if desk.capacity else ()
    second = lines and list(lines) != [RECORDER]  # a recorder stands on the paper already
    letter = as_signed_by(desk.view, actor().name, lines) if second else desk.view
    return page_image(letter, number)


def show_again(task_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(task_id, {}, None, values)


@site.post("/tasks/<task_id>/sign")
@shows_again(show_again)
def sign(task_id: str) -> ResponseReturnValue:
    if request.form.get("read") != "1":
        errors = {"read": _("ยืนยันว่าอ่านหนังสือแล้วก่อนลงนาม")}
        return _page(task_id, errors, None, request.form), 422
    desk = documents.signing_desk(db(), actor(), parse_id(task_id, "task"), now())
    close_db()  # no transaction of ours is open while the key is at work
    try:
        answer = signing_act.sign(system().bus, actor(), _wish(task_id, desk), command_id())
    except Rejected as refused:
        return _refused(task_id, refused)
    if answer["status"] == "waiting_device":
        return redirect(f"/tasks/{task_id}/sign/device", 303)
    return redirect(f"/documents/{answer['document']['id']}/signed", 303)


@site.post("/tasks/<task_id>/sign/code")
def send_signing_code(task_id: str) -> ResponseReturnValue:
    """The signing service sends its one-time code; the page comes again with what was entered."""
    problem = sent_code()
    return _page(task_id, {}, problem, request.form, sent=problem is None)


def sent_code() -> str | None:
    """What stands in the way, in words; None: the code is on its way to its owner."""
    desk, me = cast(Desk, system().services.extra["desk"]), actor()
    close_db()  # no transaction of ours is open while the service is asked
    try:
        send_code(system().bus, me, desk, sessions.origin().ip)
    except Rejected as refused:
        return said(refused)
    return None


def _wish(task_id: str, desk: SigningDesk) -> signing_act.Wish:
    return signing_act.Wish(
        task_id=parse_id(task_id, "task"),
        outcome=None,
        comment=request.form.get("comment", "").strip() or None,
        authorization=proof_of(desk),
        seen=request.form.get("seen", ""),
    )


def proof_of(desk: AskedKey) -> signing_act.Authorization:
    """What the agency's policy asks for: the PIN alone, or the second factor with it."""
    pin, factor = request.form.get("pin", ""), request.form.get("totp", "").strip()
    otp = request.form.get("otp", "").strip() or None
    if is_answer(factor):
        return signing_act.Authorization("passkey", factor, pin, otp=otp)
    if asks_totp(desk):
        return signing_act.Authorization("totp", factor, pin, otp=otp)
    return signing_act.Authorization("pin", pin, otp=otp)


def asks_totp(desk: AskedKey) -> bool:
    """Where the key's PIN proves nobody here, because there is none or it does not suffice."""
    no_pin = desk.device or (desk.remote is not None and "pin" not in desk.remote)
    return no_pin or "pin" not in desk.methods


def has_passkey(desk: AskedKey) -> bool:
    """Whether the signer can prove by a passkey at this address."""
    party, me = here(), actor()
    if party is None or me.person_id is None or "passkey" not in desk.methods:
        return False
    held = accounts.passkeys(db(), me.agency_id, me.person_id)
    return any(one.rp_id == party.id for one in held)


def _refused(task_id: str, refused: Rejected) -> ResponseReturnValue:
    """The page again: the field that was wrong, or what stands in the way. Secrets are not kept."""
    errors = words.field_errors(refused) if isinstance(refused, Invalid) else {}
    field = FIELDS.get(refused.code)
    if field:
        errors = {field: said(refused)}
    problem = None if errors else said(refused)
    values = MultiDict(request.form)
    if refused.code == "other_than_shown":
        values.pop("read", None)  # what they had read is not what stands there now
    return _page(task_id, errors, problem, values), words.status(refused)


def said(refused: Rejected) -> str:
    if isinstance(refused, TooMany):
        minutes = max(refused.retry_after // 60, 1)
        return f"{words.say(refused)} {_('ลองใหม่ในอีก %(n)s นาที', n=minutes)}"
    return words.say(refused)


def _page(
    task_id: str,
    errors: dict[str, str],
    problem: str | None,
    values: MultiDict[str, Any],
    *,
    sent: bool = False,
) -> str:
    task = tasks.one(db(), actor(), parse_id(task_id, "task")).task
    desk = documents.signing_desk(db(), actor(), UUID(task.id), now())
    said_of = {code: str(words.REJECTIONS.get(code, text)) for code, text in desk.obstacles}
    return render_template(
        "sign.html",
        task=task,
        desk=desk,
        document=letter_view(desk.view, sheets=f"/tasks/{task.id}/sign/pages"),
        passed=_passed(desk.view),
        asks_totp=asks_totp(desk),
        passkey=has_passkey(desk),
        waits=desk.device and device_act.pending(system().bus, actor(), UUID(task.id)) is not None,
        obstacles=list(said_of.values()),
        key_lacks=next((said_of[code] for code in OF_THE_KEY if code in said_of), None),
        errors=errors,
        problem=problem,
        sent=sent,
        v={"comment": values.get("comment", ""), "read": values.get("read", "")},
    )


def _passed(view: DocumentView) -> str:
    notes = documents.endorsements(db(), actor(), UUID(view.document.id))
    return " ".join(dict.fromkeys(one.level for one in notes if not one.lapsed_at))


@site.get("/documents/<document_id>/signed")
def signed(document_id: str) -> ResponseReturnValue:
    """What came of signing: number, timestamp, register; and the next letter that waits."""
    view = documents.one(db(), actor(), parse_id(document_id, "document"))
    if view.signature is None:
        return redirect(f"/documents/{document_id}", 303)
    return render_template(
        "signed.html",
        document_id=document_id,
        instance_id=view.document.instance_id,
        number=view.document.number,
        dated=view.document.dated,
        to=view.content.get("to") or "",
        waiting=view.document.state == "waiting_timestamp",
        sha256=view.signed_sha256,
        steps=_what_happened(view),
        next_sign=_next_to_sign(),
    )


def _what_happened(view: DocumentView) -> list[Step]:
    signature = view.signature
    assert signature is not None
    capacity = " ".join(signature.position_lines)
    entry = registers.sent_entry_of(db(), actor().agency_id, UUID(view.document.id))
    level = f"PAdES {signature.level}" if signature.level else "PAdES"
    return [
        Step("done", _("ยืนยันตัวตน"), who=signature.name),
        Step("done", _("ลงลายมือชื่อดิจิทัล"), who=f"{level} · {capacity}",
             when=stamp(signature.signed_at, seconds=True)),
        *_stamping(view),
        Step("done" if entry else "next", _("ออกเลขและลงทะเบียนส่ง"),
             who=view.document.number or "",
             when=_("เลขทะเบียนส่ง %(no)s", no=entry.no) if entry else ""),
    ]  # fmt: skip


def _stamping(view: DocumentView) -> list[Step]:
    """Nothing where the installation has no timestamp authority."""
    stamped = view.signature.stamped_at if view.signature else None
    if stamped:
        return [Step("done", _("ประทับเวลา"), when=stamp(stamped, seconds=True))]
    if view.document.state == "waiting_timestamp":
        return [Step("now", _("ประทับเวลา"), when=_("รอผู้ให้บริการประทับเวลา ระบบทำต่อให้เอง"))]
    return []


def _next_to_sign() -> dict[str, Any] | None:
    waiting = [
        task
        for which in ("mine", "claimable")
        for task in tasks.inbox(db(), actor(), now=now(), view=which, page_size=100).items
        if task.act == "sign"
    ]
    held = documents.waiting_for_timestamp(db(), actor(), [task.id for task in waiting])
    waiting = [task for task in waiting if task.id not in held]
    return {"href": f"/tasks/{waiting[0].id}/sign", "count": len(waiting)} if waiting else None
