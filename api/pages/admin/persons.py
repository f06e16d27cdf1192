"""One person: names, posts, roles, tasks, account; added, changed, let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.account import device, links_of
from api.pages.accounts import show_people
from api.pages.admin import said
from api.pages.admin.acts import answer, day, field_errors, optional_day, say, today
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.i18n import ngettext
from api.pages.kept import shows_again
from api.pages.site import site
from api.pages.tokens import Tokens, tokens_of
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from engine.ids import parse_id
from office.accounts import queries as accounts
from office.accounts.commands import (
    CreateAccount,
    LinkIdentity,
    OpenReset,
    RevokeSession,
    UnlinkIdentity,
)
from office.accounts.queries import PasskeyRow, ProviderRow
from office.accounts.settings import settings_of
from office.accounts.targets import password_target
from office.documents import queries as documents
from office.documents.access import named_anywhere
from office.documents.commands import RevokeKey
from office.people import queries as people
from office.people.commands import AddPerson, ChangePerson, GrantRole, HandOnTasks, LetGo
from office.people.queries import PersonRow
from office.people.rights import beyond, demand, holds_post
from office.people.rules import CLEARANCES, MODES

Values = Mapping[str, Any]
NAMES = ("title", "given_name", "family_name", "name_en", "email", "phone")


@dataclass(frozen=True, slots=True)
class Account:
    """How a person signs in, as an administrator sees it."""

    exists: bool
    #: they have rights that the reader has not, who may end what is there and open nothing
    beyond: bool
    locked_until: Any
    factor: Any
    passkeys: Sequence[PasskeyRow]
    sessions: list[dict[str, Any]]
    #: who they are at providers, and the providers at which they are nobody yet
    links: list[dict[str, Any]]
    unlinked: list[ProviderRow]


def _account(row: PersonRow) -> Account:
    agency, services = actor().agency_id, system().services
    target = password_target(services, agency, row.username)
    factors = accounts.factors(db(), agency, row.id)
    live = accounts.sessions(db(), agency, row.id, now(), settings_of(services).idle)
    return Account(
        exists=accounts.claimant(db(), agency, row.id) is not None,
        beyond=_beyond(row),
        locked_until=accounts.locked(db(), [target], now()).get(target),
        factor=next((one for one in factors if one.confirmed_at), None),
        passkeys=accounts.passkeys(db(), agency, row.id),
        sessions=[
            {"id": one.id, "what": device(one.agent), "ip": one.ip, "seen_at": one.seen_at}
            for one in live
        ],
        **links_of(agency, row.id),
    )


def _beyond(row: PersonRow) -> bool:
    """As `refuse_beyond` asks: by the roles that they have, or are to have."""
    agency = actor().agency_id
    grants = people.grants_of_person(db(), agency, row.username, now())
    codes = {one.role_code for one in grants if one.state != "ended"}
    held = (
        right for one in people.roles(db(), agency) if one.code in codes for right in one.rights
    )
    return row.id != actor().person_id and bool(beyond(actor(), held))


def account_of(person_id: str) -> PersonRow:
    if not actor().may("accounts"):
        demand(actor(), "people")
    return people.person_by_id(db(), actor().agency_id, parse_id(person_id, "person"))


@site.get("/people/<person_id>")
def person_page(person_id: str) -> ResponseReturnValue:
    return person_again(person_id, None, {}, "")


def person_again(
    person_id: str,
    values: Values | None,
    errors: Mapping[str, str],
    refused: str,
    which: str = "person",
    issued: str = "",
) -> str:
    """`issued`: an API token that is shown this once."""
    row, agency = account_of(person_id), actor().agency_id
    sent = values if values is not None else {}
    keeps_people = actor().may("people")
    return render_template(
        "admin_person.html",
        sections=open_sections(),
        row=row,
        tenures=people.tenures_of_person(db(), agency, row.username, now()),
        grants=people.grants_of_person(db(), agency, row.username, now()),
        acting=people.posts_acted_for(db(), agency, row.id, now()),
        tasks=people.duties_of_person(db(), agency, row.username),
        task_count=len(people.tasks_of(db(), agency, row.username)),
        roles=people.roles(db(), agency) if keeps_people else (),
        account=_account(row) if actor().may("accounts") else None,
        version=people.version(db(), agency, "person", row.username),
        v=sent
        if which == "person" and values is not None
        else {name: getattr(row, name) or "" for name in NAMES},
        r=sent if which == "role" else {"first_day": today()},
        sees_clearances=keeps_people or actor().may("audit"),
        clearances=people.clearances_of(db(), agency, row.id, now()),
        own_page=row.id == actor().person_id,
        levels=[(str(key), said.chosen(CLEARANCES, key)) for key in CLEARANCES],
        level=lambda key: said.chosen(CLEARANCES, key),
        c_=sent if which == "clearance" else {"first_day": today()},
        w=sent if which == "withdraw" else {},
        h=sent if which in {"hand-on", "let-go"} else {},
        k=sent if which == "link" else {},
        tok=_tokens(row, issued, which == "token" and not issued)
        if actor().may("accounts")
        else None,
        which=which,
        errors=errors,
        summary=_by_id(errors, which, str(sent.get("clearance", ""))),
        refused=refused,
        keeps_people=keeps_people,
        mode=lambda key: said.chosen(MODES, key),
        may_reassign=actor().may("operate") or actor().may("reassign"),
        keys=documents.keys_of(db(), actor(), row.username, now()),
        events=said.told(people.events_of(db(), agency, row.id)),
    )


def _tokens(row: PersonRow, issued: str, again: bool) -> Tokens:
    """An official issues theirs on their own account's page."""
    free = row.active and (row.id == actor().person_id or not (_official(row) or _beyond(row)))
    return tokens_of(row.id, f"/people/{row.id}/tokens", free, issued, again)


def _official(row: PersonRow) -> bool:
    theirs = people.actor_for(db(), actor().agency_id, row.id, now())
    return holds_post(theirs) or named_anywhere(db(), theirs)


def _by_id(errors: Mapping[str, str], which: str, clearance: str) -> dict[str, str]:
    """Several forms of the page ask for a receiver, a reason or a day: their ids say which."""
    part = {"hand-on": "hand", "let-go": "go", "withdraw": clearance}.get(which)
    if which == "clearance":
        days = {"first_day": "first_day-clear", "last_day": "last_day-clear"}
        return {days.get(name, name): text for name, text in errors.items()}
    return {f"{name}-{part}" if part else name: text for name, text in errors.items()}


def _list_again(values: Values) -> ResponseReturnValue:
    return show_people(values, {}, "")


@site.post("/people")
@shows_again(_list_again)
def add_person() -> ResponseReturnValue:
    """The person, and where it is asked for their account: the first password comes by mail."""
    form = request.form
    names = {name: form.get(name, "").strip() for name in NAMES}
    wanted = AddPerson(form.get("username", "").strip().lower(), **names)
    try:
        made = run(wanted)
    except Invalid as wrong:
        return show_people(form, field_errors(wrong), ""), 422
    except Conflict as refused:
        return show_people(form, {}, say(refused)), words.status(refused)
    if form.get("account") and actor().may("accounts"):
        person_id = parse_id(made["id"])
        run(CreateAccount(person_id), part="account")
        if names["email"]:
            run(OpenReset(person_id), part="reset")
    flash(_("เพิ่มคนแล้ว ตั้งผู้ดำรงตำแหน่งได้ที่หน้าตำแหน่ง"), "ok")
    return redirect(f"/people/{made['id']}", 303)


def _person_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "")


@site.post("/people/<person_id>")
@shows_again(_person_again)
def change_person(person_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    form, row = request.form, account_of(person_id)
    given: dict[str, Any] = {name: form[name].strip() for name in NAMES if name in form}
    return answer(
        lambda: ChangePerson(row.username, expected=form.get("version"), **given),
        lambda errors, refused: person_again(person_id, form, errors, refused),
        _("บันทึกข้อมูลแล้ว"),
        f"/people/{person_id}",
    )


def _key_again(person_id: str, key_id: str, values: Values) -> ResponseReturnValue:  # noqa: ARG001
    return person_again(person_id, values, {}, "", "key")


@site.post("/people/<person_id>/keys/<key_id>/revoke")
@shows_again(_key_again)
def revoke_key(person_id: str, key_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    form = request.form
    account_of(person_id)
    return answer(
        lambda: RevokeKey(parse_id(key_id, "key"), form.get("reason", "")),
        lambda errors, refused: person_again(person_id, form, errors, refused, "key"),
        _("เพิกถอนกุญแจแล้ว หนังสือที่ลงนามไว้ก่อนหน้านี้ยังเชื่อถือได้"),
        f"/people/{person_id}",
    )


def _role_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "", "role")


@site.post("/people/<person_id>/roles")
@shows_again(_role_again)
def give_role(person_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    form, row = request.form, account_of(person_id)
    return answer(
        lambda: GrantRole(
            row.username,
            form.get("role", ""),
            day(form, "first_day"),
            optional_day(form, "last_day"),
        ),
        lambda errors, refused: person_again(person_id, form, errors, refused, "role"),
        _("ให้บทบาทแล้ว"),
        f"/people/{person_id}",
    )


def _hand_on_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "", "hand-on")


@site.post("/people/<person_id>/hand-on")
@shows_again(_hand_on_again)
def hand_on_tasks(person_id: str) -> ResponseReturnValue:
    row, form = account_of(person_id), request.form
    errors = _blank(form, "to", "reason")
    if errors:
        return person_again(person_id, form, errors, "", "hand-on"), 422
    try:
        made = run(HandOnTasks(row.username, form["to"].strip(), form["reason"].strip()))
    except Rejected as refused:
        return _refused(person_id, refused, "hand-on")
    flash(_handed_on(made["moved"], made["left"]), "warn" if made["left"] else "ok")
    return redirect(f"/people/{person_id}", 303)


def _let_go_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "", "let-go")


@site.post("/people/<person_id>/let-go")
@shows_again(_let_go_again)
def let_go(person_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    row, form = account_of(person_id), request.form
    errors = _blank(form, "reason")
    if errors:
        return person_again(person_id, form, errors, "", "let-go"), 422
    to = form.get("to", "").strip() or None
    try:
        made = run(LetGo(row.username, form["reason"].strip(), to))
    except Rejected as refused:
        return _refused(person_id, refused, "let-go")
    done = _("%(name)s พ้นหน้าที่แล้ว ตำแหน่ง บทบาท และคำสั่งรักษาการสิ้นสุด", name=row.name)
    flash(f"{done} · {_handed_on(made['moved'], 0)}" if made["moved"] else done, "ok")
    return redirect(f"/people/{person_id}", 303)


def _handed_on(moved: int, left: int) -> str:
    text = ngettext("ส่งต่อแล้ว %(num)d งาน", "ส่งต่อแล้ว %(num)d งาน", moved)
    rest = ngettext("เหลือ %(num)d งานที่ส่งต่อไม่ได้", "เหลือ %(num)d งานที่ส่งต่อไม่ได้", left)
    return f"{text} · {rest}" if left else text


def _blank(form: Values, *names: str) -> dict[str, str]:
    said_of = {"to": _("ระบุผู้รับงานต่อ"), "reason": _("ใส่เหตุผล")}
    return {name: said_of[name] for name in names if not str(form.get(name, "")).strip()}


def _refused(person_id: str, refused: Rejected, which: str) -> ResponseReturnValue:
    """A name that nobody has is a mistake in the field, not a page that is missing."""
    form = request.form
    if isinstance(refused, NotFound):
        nobody = {"to": _("ไม่มีชื่อผู้ใช้นี้ในหน่วยงาน เลือกจากรายการ")}
        return person_again(person_id, form, nobody, "", which), 422
    if isinstance(refused, Invalid):
        return person_again(person_id, form, field_errors(refused), "", which), 422
    if isinstance(refused, Forbidden) and not actor().may("people"):
        raise refused
    return person_again(person_id, form, {}, say(refused), which), words.status(refused)


@site.post("/people/<person_id>/return")
def take_back(person_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    row = account_of(person_id)
    return answer(
        lambda: ChangePerson(row.username, active=True),
        lambda errors, refused: person_again(person_id, None, errors, refused, "return"),
        _("กลับเข้าปฏิบัติงานแล้ว ให้ตำแหน่งและบทบาทใหม่ตามคำสั่ง"),
        f"/people/{person_id}",
    )


@site.post("/people/<person_id>/account")
def open_account(person_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    row = account_of(person_id)
    return answer(
        lambda: CreateAccount(row.id),
        lambda errors, refused: person_again(person_id, None, errors, refused, "account"),
        _("เปิดบัญชีแล้ว ส่งลิงก์ตั้งรหัสผ่านให้เจ้าของได้เลย"),
        f"/people/{person_id}",
    )


@site.post("/people/<person_id>/sessions/<session_id>/end")
def end_one_session(person_id: str, session_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    account_of(person_id)
    return answer(
        lambda: RevokeSession(parse_id(session_id, "session")),
        lambda errors, refused: person_again(person_id, None, errors, refused, "sessions"),
        _("ออกจากระบบให้แล้ว"),
        f"/people/{person_id}#account",
    )


def _link_again(person_id: str, values: Values) -> ResponseReturnValue:
    return person_again(person_id, values, {}, "", "link")


@site.post("/people/<person_id>/identities")
@shows_again(_link_again)
def link_identity(person_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    row, form = account_of(person_id), request.form
    return answer(
        lambda: LinkIdentity(
            parse_id(form.get("provider", ""), "provider"), row.id, form.get("subject", "").strip()
        ),
        lambda errors, refused: person_again(person_id, form, errors, refused, "link"),
        _("เชื่อมบัญชีแล้ว เจ้าของบัญชีได้รับแจ้ง"),
        f"/people/{person_id}#account",
    )


@site.post("/people/<person_id>/identities/<identity_id>/end")
def unlink_identity(person_id: str, identity_id: str) -> ResponseReturnValue:
    demand(actor(), "accounts")
    row, wanted = account_of(person_id), parse_id(identity_id, "identity")
    if wanted not in {one.id for one in accounts.identities(db(), actor().agency_id, row.id)}:
        raise NotFound("Expected a link of this person, but there is none with this id.")
    return answer(
        lambda: UnlinkIdentity(wanted),
        lambda errors, refused: person_again(person_id, None, errors, refused, "link"),
        _("เลิกเชื่อมแล้ว ผู้ที่เข้ามาทางนั้นถูกออกจากระบบ"),
        f"/people/{person_id}#account",
    )
