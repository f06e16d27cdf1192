"""One's own account: password, second factor, sessions, how to be told, the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import segno
from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.auth.passkeys import here
from api.pages import sessions, words
from api.pages.desk import actor, close_db, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.site import for_readers, site
from api.pages.tokens import Tokens, tokens_of
from api.pages.view import KEYS_COOKIE, YEAR
from engine.errors import Forbidden, Invalid, Rejected
from engine.ids import parse_id
from office.accounts import credentials, factors, passkeys, queries
from office.accounts.commands import RemoveFactor, RevokeSession, RevokeSessions
from office.accounts.compulsion import compels
from office.accounts.guesses import WrongProof
from office.accounts.queries import SessionRow
from office.accounts.settings import settings_of
from office.notices import queries as notices
from office.notices.commands import ChooseNotice
from office.notices.rules import KINDS

#: what a browser calls itself, in the order to look for
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


@site.get("/account")
def account() -> ResponseReturnValue:
    return account_page({})


def account_page(errors: Mapping[str, str], **more: Any) -> str:
    me = actor()
    if me.person_id is None:
        raise Forbidden("Expected a person, but the system has no account.")
    settings = settings_of(system().services)
    found = queries.factors(db(), me.agency_id, me.person_id)
    confirmed = next((one for one in found if one.confirmed_at), None)
    return render_template(
        "account.html",
        errors=errors,
        must_change=getattr(g.get("session"), "must_change", False),
        must_enrol=getattr(g.get("session"), "must_enrol", False),
        compelled=compels(db(), me.agency_id, me.person_id, now()),
        factor=confirmed,
        passkeys=queries.passkeys(db(), me.agency_id, me.person_id),
        passkeys_here=here() is not None,
        recovery_left=queries.recovery_codes_left(db(), me.agency_id, me.person_id),
        sessions=[
            _session(row)
            for row in queries.sessions(db(), me.agency_id, me.person_id, now(), settings.idle)
        ],
        kinds=KINDS,
        wishes=notices.wishes(db(), me.agency_id, [me.person_id])[me.person_id],
        keys_on=request.cookies.get(KEYS_COOKIE) != "off",
        **links_of(me.agency_id, me.person_id),
        tok=more.pop("tok", None) or own_tokens(),
        **more,
    )


def own_tokens(issued: str = "", again: bool = False) -> Tokens:
    me = actor()
    assert me.person_id is not None
    return tokens_of(me.person_id, "/account/tokens", not me.reads_only, issued, again)


def links_of(agency_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Who a person is at the agency's providers, and by which they could be somebody yet."""
    known = queries.providers(db(), agency_id)
    names = {one.issuer: one.name for one in known}
    links = queries.identities(db(), agency_id, person_id)
    return {
        "links": [{"row": one, "name": names.get(one.issuer, one.issuer)} for one in links],
        "unlinked": [
            one for one in known if one.active and one.issuer not in {link.issuer for link in links}
        ],
    }


def _session(row: SessionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "what": device(row.agent),
        "ip": row.ip,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "present": row.id == present_session(),
        "phone": any(word in row.agent for word in ("Android", "iPhone")),
    }


def device(agent: str) -> str:
    browser = next((name for name in BROWSERS if name in agent), "")
    machine = next((name for name in SYSTEMS if name in agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    parts = [names.get(part, part) for part in (browser, machine) if part]
    return " · ".join(parts) or _("เครื่องที่ไม่รู้จัก")


def present_session() -> UUID | None:
    session = g.get("session")
    return session.session_id if session is not None else None


@site.post("/account/password")
@for_readers
def change_password() -> ResponseReturnValue:
    new = request.form.get("password", "")
    if new != request.form.get("repeat", ""):
        return account_page({"repeat": _("รหัสผ่านสองช่องไม่ตรงกัน")}), 422
    close_db()
    try:
        credentials.change_password(
            system().bus, actor(), request.form.get("current", ""), new, sessions.origin(),
            keep_session=present_session(),
        )  # fmt: skip
    except Invalid as wrong:
        return account_page(words.field_errors(wrong)), 422
    except Rejected as refused:
        return account_page({"current": _why(refused)}), words.status(refused)
    flash(_("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นถูกออกจากระบบ"), "ok")
    return redirect("/account", 303)


def _why(refused: Rejected) -> str:
    return _("รหัสผ่านปัจจุบันไม่ถูกต้อง") if refused.code == "bad_code" else words.say(refused)


# ---- the second factor


@site.post("/account/factor/begin")
@for_readers
def begin_factor() -> ResponseReturnValue:
    """The secret is shown now and never again; it counts once a first code has proved it."""
    close_db()
    enrolment = factors.begin_enrolment(system().bus, actor())
    return account_page({}, enrolment=_shown(enrolment.secret, enrolment.uri))


def _shown(secret: str, uri: str) -> dict[str, str]:
    picture = segno.make(uri, error="m").svg_data_uri(scale=6, border=2)
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"secret": secret, "grouped": grouped, "uri": uri, "picture": picture}


@site.post("/account/factor/confirm")
@for_readers
def confirm_factor() -> ResponseReturnValue:
    close_db()
    code = request.form.get("code", "")
    try:
        codes = factors.confirm_enrolment(
            system().bus, actor(), code, sessions.origin().ip, keep_session=present_session(),
            proof=request.form.get("totp", ""),
        )  # fmt: skip
        sessions.look_again()
    except Rejected as refused:
        enrolment = _shown(request.form.get("secret", ""), request.form.get("uri", ""))
        field = "totp" if isinstance(refused, WrongProof) else "code"
        return account_page({field: words.say(refused)}, enrolment=enrolment), words.status(refused)
    return account_page({}, recovery_codes=codes)


@site.post("/account/factor/remove")
@for_readers
def remove_factor() -> ResponseReturnValue:
    """Proved by a code of the factor itself, so that an open desk is not enough."""
    close_db()
    try:
        code = request.form.get("code", "")
        ip = sessions.origin().ip
        factors.check_second_factor(system().bus, actor(), code, ip, passkeys.REMOVE)
        run(RemoveFactor())
    except Rejected as refused:
        return account_page({"remove_code": words.say(refused)}), words.status(refused)
    flash(_("เลิกใช้การยืนยันตัวตนขั้นที่สองแล้ว"), "ok")
    return redirect("/account", 303)


@site.post("/account/factor/codes")
@for_readers
def renew_codes() -> ResponseReturnValue:
    close_db()
    try:
        code = request.form.get("code", "")
        codes = factors.renew_codes(system().bus, actor(), code, sessions.origin().ip)
    except Rejected as refused:
        return account_page({"codes_code": words.say(refused)}), words.status(refused)
    return account_page({}, recovery_codes=codes)


# ---- sessions, notices, keyboard


@site.post("/account/sessions/<session_id>/end")
@for_readers
def end_session(session_id: str) -> ResponseReturnValue:
    run(RevokeSession(parse_id(session_id, "session")))
    flash(_("ออกจากระบบบนเครื่องนั้นแล้ว"), "ok")
    return redirect("/account#sessions", 303)


@site.post("/account/sessions/end-others")
@for_readers
def end_other_sessions() -> ResponseReturnValue:
    run(RevokeSessions(keep=present_session()))
    flash(_("ออกจากระบบบนเครื่องอื่นทั้งหมดแล้ว"), "ok")
    return redirect("/account#sessions", 303)


@site.post("/account/notices")
@for_readers
def choose_notices() -> ResponseReturnValue:
    for kind in KINDS:
        chosen = request.form.getlist(kind)
        run(ChooseNotice(kind, "page" in chosen, "mail" in chosen), part=kind)
    flash(_("บันทึกวิธีแจ้งแล้ว"), "ok")
    return redirect("/account#notices", 303)


@site.post("/account/keys")
@for_readers
def choose_keys() -> ResponseReturnValue:
    response = redirect("/account#keys", 303)
    value = "on" if request.form.get("keys") == "on" else "off"
    response.set_cookie(KEYS_COOKIE, value, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    flash(_("บันทึกแล้ว"), "ok")
    return response
