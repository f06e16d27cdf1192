"""API tokens on a page: whose they are, what was typed, what was refused, one shown this once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request

from api.pages import sessions, words
from api.pages.desk import actor, close_db, command_id, db, now, system, whole_number
from api.pages.i18n import LazyText, lazy_gettext
from api.pages.i18n import gettext as _
from api.pages.proofs import proofs_of
from engine.errors import Invalid, Rejected
from office.accounts import credentials
from office.accounts import queries as accounts
from office.accounts.queries import TokenRow

#: each of `office.accounts.commands.tokens.SCOPES` in words
SCOPES: Mapping[str, LazyText] = {
    "read": lazy_gettext("อ่าน"),
    "write": lazy_gettext("ทำงานและพิจารณา"),
    "deploy": lazy_gettext("เผยแพร่กระบวนการ"),
    "operate": lazy_gettext("ดูแลระบบ"),
    "sign": lazy_gettext("ลงนาม"),
}
USUAL_DAYS = 90
_FIELDS = {"name": "name-token", "scopes": "scopes-token", "expires_at": "days-token"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the part `_tokens.html` shows."""

    url: str
    own: bool
    #: those that still open something
    held: Sequence[TokenRow]
    #: whether the form stands there
    issuable: bool
    factor: bool
    passkey: bool
    issued: str = ""
    open: bool = False
    typed: Mapping[str, Any] = field(default_factory=dict)
    chosen: Sequence[str] = ("read",)
    scopes: Mapping[str, LazyText] = field(default_factory=lambda: SCOPES)


def tokens_of(
    person_id: UUID, url: str, issuable: bool, issued: str = "", again: bool = False
) -> Tokens:
    """`again`: the form was refused, and shows what was typed."""
    me = actor()
    live = [
        one
        for one in accounts.tokens(db(), me.agency_id, person_id)
        if one.revoked_at is None and one.expires_at > now()
    ]
    assert me.person_id is not None
    proofs = proofs_of(me.person_id)
    return Tokens(
        url=url,
        own=person_id == me.person_id,
        held=live,
        issuable=issuable,
        factor=proofs.factor,
        passkey=proofs.passkey,
        issued=issued,
        open=again,
        typed=request.form if again else {},
        chosen=request.form.getlist("scopes") if again else ("read",),
    )


def issue(person_id: UUID) -> str:
    """By the form that was sent, with its proof. Raises what refuses it."""
    form = request.form
    close_db()
    return credentials.issue_token_present(
        system().bus,
        actor(),
        form.get("current", ""),
        sessions.origin(),
        form.get("name", "").strip(),
        form.getlist("scopes"),
        timedelta(days=whole_number(form.get("days", ""))),
        person_id,
        command_id("token"),
    )


def refusal(refused: Rejected) -> tuple[dict[str, str], str]:
    """At its field, or of the whole."""
    if refused.code == "idempotency_mismatch":
        return {}, _("ออกโทเค็นนี้ไปแล้วจากการกดครั้งก่อน ถ้าไม่ได้คัดลอกไว้ ให้ยกเลิกแล้วออกใหม่")
    if refused.code in {"bad_code", "bad_passkey"}:
        return {"current-token": _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}, ""
    if isinstance(refused, Invalid) and refused.errors:
        return {_FIELDS.get(e.path, e.path): _said(e.path) for e in refused.errors}, ""
    return {}, words.say(refused)


def _said(path: str) -> str:
    return {
        "name": _("บอกว่าใช้ทำอะไร ไม่เกิน 100 ตัวอักษร"),
        "scopes": _("เลือกอย่างน้อยหนึ่งอย่าง"),
        "expires_at": _("ใส่จำนวนวัน 1 ถึง 366"),
    }.get(path, _("ค่าในช่องนี้ใช้ไม่ได้"))
