"""Signing in by a provider, linking oneself to who one is there, being signed out from there."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from flask import Response, flash, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.auth import cookies, providers
from api.auth.oidc.flow import AWAY, Client, Found, Way
from api.auth.oidc.refusals import BadFlow, BadToken, ProviderSilent
from api.auth.oidc.tokens import IdToken
from api.pages import sessions, words
from api.pages.desk import actor, close_db, db, run, system
from api.pages.i18n import gettext as _
from api.pages.sign_in import local, sign_in_form
from api.pages.site import for_everyone, for_readers, site
from engine.actor import system_actor
from engine.db import reading
from engine.errors import Forbidden, NotFound, Rejected, TooMany
from engine.ids import parse_id
from office.accounts import credentials, passkeys, queries, targets
from office.accounts.commands import (
    AdmitAttempt,
    ClearFailures,
    EndProvided,
    LinkIdentity,
    Provided,
    SpendProof,
    UnlinkIdentity,
)
from office.accounts.guesses import WrongSecret
from office.accounts.queries import ProviderRow
from office.accounts.secrets import sha256
from office.accounts.sign_in import NOBODY, SignedIn, enter_by_provider

log = logging.getLogger(__name__)

#: cookies beside the session's: on the way to a provider, and back as somebody not linked yet
WAY, FOUND = "way", "found"
#: ID tokens that are longer are not kept: signing out at the provider then asks there
_LONGEST_KEPT = 8 << 10


# ---- there


@site.get("/sign-in/with/<provider_id>")
@for_everyone
def go_to_provider(provider_id: str) -> ResponseReturnValue:
    next_page = local(request.args.get("next"))
    if g.get("actor") is not None:
        return redirect(next_page)
    return _go(_active(provider_id), next_page)


@site.get("/account/provider/<provider_id>")
def go_to_link(provider_id: str) -> ResponseReturnValue:
    """The same way, in order to say who one is there. Nothing is linked before it is confirmed."""
    row = queries.provider(db(), actor().agency_id, parse_id(provider_id, "provider"))
    if not row.active:
        raise NotFound("Expected a provider of sign-in that is in use, but there is none.")
    return _go(row, "/account/provider", str(g.session.session_id))


def _go(row: ProviderRow, next_page: str, session: str = "") -> ResponseReturnValue:
    close_db()
    try:
        address, way = providers.client(row).begin(g.now, next_page, session)
    except ProviderSilent as silent:
        return _failed(row, silent)
    response = make_response(redirect(address, 302))
    _give(response, WAY, way)
    return response


def _active(provider_id: str) -> ProviderRow:
    with reading(system().engine) as unfenced:
        return queries.active_provider(unfenced, parse_id(provider_id, "provider"))


# ---- and back


@site.get("/sign-in/with/<provider_id>/back")
@for_everyone
def back_from_provider(provider_id: str) -> ResponseReturnValue:
    row = _active(provider_id)
    close_db()
    try:
        response = _come_back(row, providers.client(row))
    except Rejected as refused:
        response = make_response(_failed(row, refused))
    _take(response, WAY)
    return response


def _come_back(row: ProviderRow, client: Client) -> Response:
    way = client.way(request.cookies.get(cookies.name_of(WAY)), g.now)
    code = client.check_answer(way, request.args)
    _check_browser(row, way)
    target = _count(way)
    token, text = client.redeem(way, code, g.now)
    system().bus.execute(ClearFailures(target), NOBODY)
    with reading(system().engine) as unfenced:
        link = queries.linked(unfenced, row.agency_id, row.issuer, token.subject)
        who = queries.claimant_linked(unfenced, link, row.agency_id) if link else None
    if way.session or link is None:
        return _to_be_linked(row, client, way, token)
    if who is None:
        raise Rejected("Expected somebody who may sign in here.", code="no_account")
    provided = Provided(row.id, row.issuer, token.subject, token.sid, _kept(client, text))
    second = row.trusts_mfa and "mfa" in token.amr
    entered = enter_by_provider(system().bus, who, provided, sessions.origin(), second=second)
    return _inside(entered, way)


def _check_browser(row: ProviderRow, way: Way) -> None:
    """A way to link oneself ends in the session in which it began, one to sign in in none."""
    session = g.get("session")
    here = str(session.session_id) if session is not None and g.get("actor") else ""
    if here != way.session or (here and session.agency_id != row.agency_id):
        raise BadFlow("Expected to come back as whoever went.")


def _count(way: Way) -> str:
    """The state counts once, and how often an address comes with another is bounded."""
    bus = system().bus
    target = targets.provider_target(bus.services, way.state)
    bus.execute(AdmitAttempt(target, sessions.origin().ip), NOBODY)
    bus.execute(SpendProof(sha256(way.state), datetime.fromtimestamp(way.until, UTC)), NOBODY)
    return target


def _kept(client: Client, token: str) -> bytes | None:
    return client.close_token(token) if len(token) <= _LONGEST_KEPT else None


def _inside(entered: SignedIn, way: Way) -> Response:
    asked = f"/sign-in?next={quote(way.next, safe='/')}"
    next_page = asked if entered.needs_factor else way.next
    response = make_response(redirect(next_page, 303))
    sessions.remember(response, entered)
    return response


def _to_be_linked(row: ProviderRow, client: Client, way: Way, token: IdToken) -> Response:
    if way.session:
        response = make_response(redirect("/account/provider", 303))
    else:
        flash(
            _(
                "ยังไม่ได้เชื่อมบัญชี %(provider)s กับบัญชีในระบบนี้ เข้าสู่ระบบด้วยรหัสผ่านหนึ่งครั้งเพื่อยืนยัน",
                provider=row.name,
            ),
            "warn",
        )
        response = make_response(redirect("/sign-in?next=/account/provider", 303))
    _give(response, FOUND, f"{row.id}.{client.found(token, way, g.now)}")
    return response


def _failed(row: ProviderRow, refused: Rejected) -> ResponseReturnValue:
    """The sign-in page with the reason: a password still opens it."""
    if isinstance(refused, BadToken | ProviderSilent):
        log.warning("sign-in by provider %s failed (%s): %s", row.id, refused.code, refused.message)
    why = _why(row, refused)
    if g.get("actor") is not None:
        flash(why, "warn")
        return redirect("/account", 303)
    status = {TooMany: 429, ProviderSilent: 503}.get(type(refused), 401)
    return sign_in_form(problem=why), status


def _why(row: ProviderRow, refused: Rejected) -> str:
    if isinstance(refused, ProviderSilent):
        text = _("ติดต่อ %(name)s ไม่ได้ในขณะนี้ เข้าสู่ระบบด้วยรหัสผ่านแทนได้", name=row.name)
    elif isinstance(refused, BadToken):
        text = _("%(name)s ตอบมาไม่ถูกต้อง จึงไม่เปิดให้เข้า แจ้งผู้ดูแลระบบ", name=row.name)
    elif refused.code == "denied":
        text = _("%(name)s ไม่ได้ยืนยันตัวตนของท่าน ลองใหม่หรือใช้รหัสผ่าน", name=row.name)
    elif refused.code == "no_account":
        text = _("บัญชีของท่านในระบบนี้ปิดอยู่ ติดต่อผู้ดูแลระบบ")
    elif isinstance(refused, BadFlow) or refused.code in {"spent", "link_ended"}:
        text = _("การเข้าสู่ระบบนี้หมดเวลา ใช้ไปแล้ว หรือไม่ได้เริ่มจากเบราว์เซอร์นี้ เริ่มใหม่อีกครั้ง")
    else:
        text = words.say(refused)
    return text


# ---- who one is there


@site.get("/account/provider")
def confirm_page() -> ResponseReturnValue:
    found = _found()
    if found is None:
        flash(_("ไม่มีบัญชีที่รอเชื่อม เริ่มจากปุ่มเชื่อมในหน้านี้"), "warn")
        return redirect("/account#providers", 303)
    return _confirm(*found, {})


def _confirm(row: ProviderRow, found: Found, errors: dict[str, str]) -> str:
    return render_template("link_identity.html", provider=row, found=found, errors=errors)


def _found() -> tuple[ProviderRow, Found] | None:
    """Whom a provider proved in this browser, if they may be linked to who is signed in."""
    named, _dot, sealed = request.cookies.get(cookies.name_of(FOUND), "").partition(".")
    try:
        row = queries.provider(db(), actor().agency_id, parse_id(named, "provider"))
        return row, providers.client(row).who(sealed, g.session.session_id, g.now)
    except (NotFound, BadFlow):
        return None


@site.post("/account/provider")
@for_readers
def confirm_send() -> ResponseReturnValue:
    """Proved once more: what is linked opens the account for ever, an open desk is not enough."""
    pending, me = _found(), actor()
    if pending is None or me.person_id is None:
        return redirect("/account/provider", 303)
    row, found = pending
    close_db()
    try:
        credentials.prove_present(
            system().bus, me, request.form.get("proof", ""), sessions.origin(), passkeys.LINK
        )
        run(LinkIdentity(row.id, me.person_id, found.subject))
    except WrongSecret:
        return _confirm(row, found, {"proof": _("รหัสไม่ถูกต้อง")}), 422
    except Forbidden:
        raise
    except Rejected as refused:
        taken = _("บัญชีนี้ของ %(name)s เชื่อมกับผู้อื่นอยู่ ติดต่อผู้ดูแลระบบ", name=row.name)
        why = taken if refused.code == "linked" else words.say(refused)
        return _confirm(row, found, {"proof": why}), words.status(refused)
    flash(_("เชื่อมแล้ว ครั้งต่อไปเข้าสู่ระบบด้วย %(name)s ได้", name=row.name), "ok")
    response = make_response(redirect("/account#providers", 303))
    _take(response, FOUND)
    return response


@site.post("/account/identities/<identity_id>/end")
@for_readers
def unlink_own(identity_id: str) -> ResponseReturnValue:
    wanted, me = parse_id(identity_id, "identity"), actor()
    mine = queries.identities(db(), me.agency_id, me.person_id or UUID(int=0))
    if wanted not in {one.id for one in mine}:
        raise NotFound("Expected one of your links to a provider, but there is none with this id.")
    run(UnlinkIdentity(wanted))
    flash(_("เลิกเชื่อมแล้ว"), "ok")
    return redirect("/account#providers", 303)


# ---- signed out from there


@site.post("/back-channel-logout/<provider_id>")
@for_everyone
def logout_from_provider(provider_id: str) -> ResponseReturnValue:
    """OpenID Connect Back-Channel Logout 1.0: the provider's own server says who has left."""
    row, text, bus = _active(provider_id), request.form.get("logout_token", ""), system().bus
    close_db()
    # one that is right is not counted: a provider may sign out a whole office in a minute
    target = targets.provider_target(bus.services, sha256(f"logout {row.id} {text}"))
    try:
        bus.execute(AdmitAttempt(target, sessions.origin().ip), NOBODY)
        token = providers.client(row).check_logout(text, g.now)
        name = sha256(f"logout {row.id} {token.jti}")
        bus.execute(SpendProof(name, token.until), NOBODY)
    except TooMany as many:
        return jsonify(error="slow_down"), 429, {"Retry-After": str(many.retry_after)}
    except ProviderSilent:
        return jsonify(error="temporarily_unavailable"), 503
    except Rejected as refused:
        log.warning("logout by provider %s refused (%s)", row.id, refused.code)
        return jsonify(error="invalid_request", error_description=refused.code), 400
    ended = EndProvided(row.id, row.issuer, token.subject, token.sid)
    bus.execute(ended, system_actor(row.agency_id))
    bus.execute(ClearFailures(target), NOBODY)
    return "", 200


# ---- cookies that live as long as a way takes


def _give(response: Response, what: str, value: str) -> None:
    response.set_cookie(
        cookies.name_of(what), value, max_age=int(AWAY.total_seconds()), path="/",
        httponly=True, samesite="Lax", secure=request.is_secure,
    )  # fmt: skip


def _take(response: Response, what: str) -> None:
    response.delete_cookie(
        cookies.name_of(what), path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )
