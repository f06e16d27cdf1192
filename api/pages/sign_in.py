"""Signing in and out, the second factor, the forgotten password, the reader's language."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, flash, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.auth import providers
from api.auth.passkeys import here
from api.pages import kept, sessions, words
from api.pages.desk import close_db, db, run, system
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import for_everyone, site
from api.pages.view import LANGUAGE_COOKIE, LANGUAGES, YEAR
from engine.actor import Actor
from engine.errors import Invalid, Rejected, TooMany
from office.accounts import credentials, queries
from office.accounts.commands import RevokeSession
from office.accounts.queries import SessionView
from office.accounts.sign_in import SignedIn, prove_second_factor, sign_in
from office.people.commands import ChooseLanguage


def ask_first() -> ResponseReturnValue:
    """To the sign-in page, and afterwards back to the page that was asked for."""
    return redirect(f"/sign-in?next={_quoted(request.full_path.rstrip('?'))}", 302)


def ask_again() -> ResponseReturnValue:
    """The session has ended under a form: sign in here, the form is kept."""
    return sign_in_form(kept_form=kept.seal(), back_to=_referring_page()), 401


@site.get("/sign-in")
@for_everyone
def sign_in_page() -> ResponseReturnValue:
    if g.get("actor") is not None:
        return redirect(local(request.args.get("next")))
    if _half_open():
        return _factor_page()
    return sign_in_form(back_to=local(request.args.get("next")))


@site.post("/sign-in")
@for_everyone
def sign_in_send() -> ResponseReturnValue:
    try:
        signed_in = sign_in(
            system().bus,
            request.form.get("username", "").strip(),
            request.form.get("password", ""),
            sessions.origin(),
            request.form.get("agency", "").strip() or None,
        )
    except Rejected as refused:
        return sign_in_form(
            problem=_why(refused), asks_agency=refused.code == "agency_needed"
        ), _status(refused)
    return _welcome(signed_in)


@site.post("/sign-in/factor")
@for_everyone
def sign_in_factor() -> ResponseReturnValue:
    session = g.get("session")
    if session is None or not _half_open():
        return redirect("/sign-in", 303)
    try:
        code = request.form.get("code", "")
        signed_in = prove_second_factor(system().bus, session, code, sessions.origin())
    except Rejected as refused:
        return _factor_page(problem=_why(refused)), _status(refused)
    return _welcome(signed_in)


def _welcome(signed_in: SignedIn) -> ResponseReturnValue:
    """Into the page that was asked for, or back into the form that was kept."""
    response = _next_page(signed_in)
    sessions.remember(response, signed_in)
    return response


def _next_page(signed_in: SignedIn) -> Response:
    if signed_in.needs_factor:
        sessions.adopt(signed_in)
        return make_response(_factor_page())
    form = kept.unseal(request.form.get("kept", ""))
    if form is not None:
        sessions.adopt(signed_in)
        shown = kept.show_again(form)
        if shown is not None:
            return make_response(shown)
    return make_response(redirect(local(request.form.get("next")), 303))


@site.post("/sign-out")
@for_everyone
def sign_out() -> ResponseReturnValue:
    session, elsewhere = g.get("session"), None
    if session is not None:
        elsewhere = _signed_in_elsewhere(session)
        system().bus.execute(
            RevokeSession(session.session_id),
            Actor(session.agency_id, session.person_id, session.username, session.name),
        )
        g.session = g.actor = None
    page = redirect("/sign-in", 303) if elsewhere is None else elsewhere
    response = make_response(page)
    sessions.forget(response)
    return response


def _signed_in_elsewhere(session: SessionView) -> str | None:
    """Who came by a provider is signed in there still: a page that leads there. A link, for a form
    of ours leads to no other site.
    """
    if queries.PROVIDED not in session.amr:
        return None
    kept_of = queries.provided(db(), session.agency_id, session.session_id)
    if kept_of is None:
        return None
    row = queries.provider(db(), session.agency_id, kept_of.provider_id)
    close_db()
    back = providers.left_address()
    address = providers.client(row).leaving(kept_of.sealed_token, back) if row.active else None
    return address and render_template("signed_out.html", provider=row, address=address)


@site.get("/forgot-password")
@for_everyone
def forgot_page() -> ResponseReturnValue:
    return render_template("forgot.html", sent=False, username="", problem=None)


@site.post("/forgot-password")
@for_everyone
def forgot_send() -> ResponseReturnValue:
    username = request.form.get("username", "").strip()
    try:
        credentials.request_reset(system().bus, username, sessions.origin())
    except Rejected as refused:
        page = render_template("forgot.html", sent=False, username=username, problem=_why(refused))
        return page, _status(refused)
    return render_template("forgot.html", sent=True, username=username, problem=None)


@site.get("/reset-password")
@for_everyone
def reset_page() -> ResponseReturnValue:
    token = request.args.get("token", "")
    return render_template("reset.html", token=token, errors={}, problem=None)


@site.post("/reset-password")
@for_everyone
def reset_send() -> ResponseReturnValue:
    token, new = request.form.get("token", ""), request.form.get("password", "")
    errors: dict[str, str] = {}
    if new != request.form.get("repeat", ""):
        errors = {"repeat": _("รหัสผ่านสองช่องไม่ตรงกัน")}
        return render_template("reset.html", token=token, errors=errors, problem=None), 422
    try:
        credentials.reset_password(system().bus, token, new, sessions.origin())
    except Invalid as wrong:
        errors = words.field_errors(wrong)
        return render_template("reset.html", token=token, errors=errors, problem=None), 422
    except Rejected as refused:
        page = render_template("reset.html", token="", errors={}, problem=_why(refused))
        return page, _status(refused)
    flash(_("ตั้งรหัสผ่านใหม่แล้ว เข้าสู่ระบบด้วยรหัสใหม่ได้เลย"), "ok")
    return redirect("/sign-in", 303)


@site.post("/language")
@for_everyone
def language_send() -> ResponseReturnValue:
    response = redirect(local(request.form.get("next")), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        if g.get("actor") is not None:
            run(ChooseLanguage(chosen))  # mail is written in it too
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure
        )
    return response


def sign_in_form(
    problem: str | None = None,
    kept_form: str | None = None,
    back_to: str | None = None,
    *,
    asks_agency: bool = False,
) -> str:
    named = request.args.get("agency", "").strip()[:40]
    return render_template(
        "sign_in.html",
        problem=problem,
        kept=kept_form or request.form.get("kept", ""),
        next=back_to or local(request.form.get("next")),
        username=request.form.get("username", ""),
        asks_agency=asks_agency,
        agency=named,
        providers=queries.offered(db(), named),
        **_of_agency(named),
    )


def _of_agency(named: str) -> dict[str, Any]:
    """Whose page it is, and whether there are others to choose."""
    house = queries.offers(db(), named) if named else None
    others = house is not None or bool(queries.offering(db()))
    return {"others": others, "house": house and _called(house)}


def _offering(q: str) -> list[tuple[str, str]]:
    """Codes and names of the agencies that offer providers, in the reader's language."""
    return [(one.code, _called(one)) for one in queries.offering(db(), q)]


def _called(one: queries.Offering) -> str:
    return (language() == "en" and one.name_en) or one.name


@site.get("/sign-in/agencies")
@for_everyone
def choose_agency() -> ResponseReturnValue:
    """Whose providers to sign in by: a list, and a search where it is long."""
    q = request.args.get("q", "").strip()[:100]
    return render_template(
        "sign_in_agencies.html",
        agencies=_offering(q),
        q=q,
        next=local(request.args.get("next")),
    )


def _factor_page(problem: str | None = None) -> str:
    return render_template(
        "sign_in_factor.html",
        problem=problem,
        kept=request.form.get("kept", ""),
        next=local(request.form.get("next") or request.args.get("next")),
        username="",
        **_factors(),
    )


def _factors() -> dict[str, bool]:
    """By what who stands between password and second factor can go on."""
    session, party = g.session, here()
    held = queries.passkeys(db(), session.agency_id, session.person_id)
    codes = queries.factors(db(), session.agency_id, session.person_id)
    return {
        "passkey": party is not None and any(one.rp_id == party.id for one in held),
        "app": any(one.confirmed_at for one in codes),
    }


def _half_open() -> bool:
    session = g.get("session")
    return session is not None and session.needs_factor


def _why(refused: Rejected) -> str:
    if isinstance(refused, TooMany):
        minutes = max(refused.retry_after // 60, 1)
        return _("ลองหลายครั้งเกินไป รออีก %(n)s นาทีแล้วลองใหม่ หรือติดต่อผู้ดูแลระบบ", n=minutes)
    return words.say(refused)


def _status(refused: Rejected) -> int:
    if isinstance(refused, TooMany):
        return 429
    return 401


def local(address: str | None) -> str:
    """A path of ours, whatever the form says: nobody is sent to another site."""
    address = address or "/"
    parts = urlsplit(address)
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    usable = local and not parts.path.startswith(("//", "/\\", "/sign-in", "/static"))
    return address.rstrip("?") if usable and address.isprintable() else "/"


def _referring_page() -> str:
    parts = urlsplit(request.referrer or "")
    return local(parts.path) if parts.netloc == request.host else "/"


def _quoted(path: str) -> str:
    return quote(path, safe="/")
