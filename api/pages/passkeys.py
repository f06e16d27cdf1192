"""Passkeys: what a browser asks of its device for us, and the list on one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from api.auth.passkeys import ask_signer, demanded
from api.pages import sessions, words
from api.pages.account import account_page, present_session
from api.pages.desk import actor, close_db, run, system
from api.pages.i18n import gettext as _
from api.pages.site import for_everyone, for_readers, site
from engine.actor import Actor
from engine.errors import Invalid, NotFound, Rejected
from engine.ids import parse_id
from office.accounts import credentials, passkeys
from office.accounts.commands import RemovePasskey, RenamePasskey
from office.accounts.guesses import WrongSecret

#: where the list stands on the page
LIST = "/account#passkeys"


def options(ask: Callable[[], dict[str, Any]]) -> ResponseReturnValue:
    """What the island hands to the browser; or why not, in words for the person."""
    close_db()
    try:
        return jsonify(ask())
    except Rejected as refused:
        return jsonify(problem=words.say(refused)), words.status(refused)


def _ip() -> str:
    return sessions.origin().ip


@site.post("/sign-in/passkey")
@for_everyone
def ask_at_sign_in() -> ResponseReturnValue:
    """Between password and second factor: for who has proved the password."""
    session = g.get("session")
    if session is None:
        return jsonify(problem=_("เซสชันนี้จบไปแล้ว เข้าสู่ระบบอีกครั้ง")), 401
    me = Actor(session.agency_id, session.person_id, session.username, session.name)
    purpose, act = passkeys.PRESENT, passkeys.SIGN_IN
    return options(lambda: passkeys.ask(system().bus, me, demanded(), purpose, _ip(), act))


@site.post("/account/passkeys/ask")
@for_readers
def ask_present() -> ResponseReturnValue:
    """For the act that the page names: the answer is good for no other."""
    act = request.args.get("for", "")
    if act not in passkeys.OWN_ACTS:
        raise NotFound("Expected one of the acts that passkeys prove, but got another.")
    purpose = passkeys.PRESENT
    return options(lambda: passkeys.ask(system().bus, actor(), demanded(), purpose, _ip(), act))


@site.post("/account/passkeys/begin")
@for_readers
def ask_new_passkey() -> ResponseReturnValue:
    return options(lambda: passkeys.ask_new(system().bus, actor(), demanded(), _ip()))


@site.post("/tasks/<task_id>/sign/passkey")
def ask_for_signature(task_id: str) -> ResponseReturnValue:
    wanted = parse_id(task_id, "task")
    return options(lambda: ask_signer(wanted, request.form.get("seen") or None))


@site.post("/account/passkeys")
@for_readers
def add_passkey() -> ResponseReturnValue:
    """Proved by what proves them so far, so that an open desk is not enough."""
    close_db()
    bus, name = system().bus, request.form.get("name", "")
    try:
        passkeys.check_room(bus, actor(), name)
        credentials.prove_present(
            bus, actor(), request.form.get("proof", ""), sessions.origin(), passkeys.ADD
        )
        answer = request.form.get("answer", "")
        codes = passkeys.enrol(bus, actor(), name, answer, _ip(), present_session())
        sessions.look_again()
    except Rejected as refused:
        return account_page(_at_field(refused, "proof", "name"), passkey_name=name), _status(
            refused
        )
    if codes:
        return account_page({}, recovery_codes=codes)
    flash(_("เพิ่มพาสคีย์แล้ว"), "ok")
    return redirect(LIST, 303)


def _at_field(refused: Rejected, proof: str, name: str) -> dict[str, str]:
    """Where on the account's page a refusal is told."""
    if isinstance(refused, Invalid):
        return {name: _("ตั้งชื่อพาสคีย์ 1 ถึง 60 ตัวอักษร")}
    if isinstance(refused, WrongSecret) and not isinstance(refused, passkeys.WrongPasskey):
        return {proof: _("ยืนยันตัวตนไม่ผ่าน ใส่ใหม่อีกครั้ง")}
    return {proof: words.say(refused)}


def _status(refused: Rejected) -> int:
    return 422 if isinstance(refused, WrongSecret) else words.status(refused)


@site.post("/account/passkeys/<passkey_id>/rename")
@for_readers
def rename_passkey(passkey_id: str) -> ResponseReturnValue:
    try:
        run(RenamePasskey(parse_id(passkey_id, "passkey"), request.form.get("name", "")))
    except Invalid as refused:
        return account_page(_at_field(refused, "", f"name-{passkey_id}")), 422
    flash(_("เปลี่ยนชื่อพาสคีย์แล้ว"), "ok")
    return redirect(LIST, 303)


@site.post("/account/passkeys/<passkey_id>/remove")
@for_readers
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Proved by a second factor: the passkey itself, another, a code."""
    close_db()
    try:
        credentials.prove_present(
            system().bus, actor(), request.form.get("code", ""), sessions.origin(), passkeys.REMOVE
        )
        run(RemovePasskey(parse_id(passkey_id, "passkey")))
    except Rejected as refused:
        field = f"code-{passkey_id}"
        return account_page(_at_field(refused, field, field)), _status(refused)
    flash(_("ถอดพาสคีย์แล้ว"), "ok")
    return redirect(LIST, 303)


@site.post("/people/<person_id>/passkeys/<passkey_id>/remove")
def remove_lost_passkey(person_id: str, passkey_id: str) -> ResponseReturnValue:
    run(RemovePasskey(parse_id(passkey_id, "passkey"), parse_id(person_id, "person")))
    flash(_("ถอดพาสคีย์แล้ว เจ้าของบัญชีตั้งใหม่ได้เอง"), "ok")
    return redirect(f"/people/{person_id}#account", 303)
