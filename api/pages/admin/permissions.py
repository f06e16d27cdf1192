"""Who may do what with a process or a page, and why somebody may or may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer, someone, wrong
from api.pages.admin.sections import SECTIONS, open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import LazyText, gettext, language
from api.pages.i18n import lazy_gettext as _
from api.pages.site import site
from engine.actor import STEWARD
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.people import queries as people
from office.people.commands import EndProcessGrant, GrantProcess
from office.people.permissions import Matter, Verdict, granting, judge, process_matters
from office.people.queries import ProcessGrantRow, RoleRow
from office.people.rights import demand
from office.people.rules import PROCESS_MATTERS

MATTERS: Mapping[str, LazyText] = {
    "start": _("เริ่มเรื่อง"),
    "see_cases": _("เห็นทุกเรื่องของกระบวนการ"),
    "reassign": _("มอบหมายงานของผู้อื่นใหม่"),
    "administer": _("ดูแลเรื่อง แก้เหตุขัดข้อง ยกเลิก"),
    "migrate": _("ย้ายเรื่องที่เดินอยู่ไปรุ่นอื่น"),
    "publish": _("เผยแพร่รุ่นใหม่"),
}
KINDS: Mapping[str, LazyText] = {
    "person": _("คน"),
    "position": _("ตำแหน่ง"),
    "role": _("บทบาท"),
    "unit": _("หน่วย"),
}
#: people named of each matter; the rest is on the pages of the roles
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: who may, and what holds for the person asked about."""

    name: str
    rights: str
    roles: Sequence[RoleRow]
    holders: Sequence[str]
    more: int
    everyone: bool
    verdict: Verdict | None
    because: str


@site.get("/admin/permissions")
def permissions_page() -> ResponseReturnValue:
    asked = {"matter": request.args.get("matter", "")}
    return _page(request.args.get("about", ""), asked, {}, "")


def _page(key: str, values: Mapping[str, str], errors: Mapping[str, str], refused: str) -> str:
    if not actor().may("audit"):
        demand(actor(), "people")
    agency = actor().agency_id
    processes = definitions.latest(db(), agency)
    chosen = next((row for row in processes if row.key == key), None)
    matters = _of_process(chosen) if chosen else _pages()
    grants = people.process_grants(db(), agency, chosen.key) if chosen else ()
    username = request.args.get("username", "").strip().lower()[:60]
    known = people.persons_named(db(), agency, [username]) if username else {}
    return render_template(
        "admin_permissions.html",
        sections=open_sections(),
        processes=[(row.key, row.name) for row in processes],
        about=chosen.key if chosen else "",
        username=username,
        unknown=bool(username) and not known,
        person=known.get(username),
        lines=_lines(matters, username if known else "", grants),
        role_name=_role_name,
        grants=[(one, said.chosen(PROCESS_MATTERS, one.matter), _whom(one)) for one in grants],
        grants_here=bool(chosen) and actor().may("people"),
        grant_matters=said.options(PROCESS_MATTERS),
        choices=_choices(),
        v=values,
        errors=errors,
        refused=refused,
    )


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a grant may be given to but for people: (its kind, principals and names)."""
    agency = actor().agency_id
    roles = [(one.code, _role_name(one)) for one in people.roles(db(), agency)]
    posts = [(one.code, one.name) for one in people.positions(db(), agency) if one.active]
    units = [(one.code, one.name) for one in people.units(db(), agency) if one.active]
    return [
        (str(KINDS[kind]), [(f"{kind}:{code}", name) for code, name in found])
        for kind, found in (("role", roles), ("unit", units), ("position", posts))
    ]


def _whom(grant: ProcessGrantRow) -> str:
    kind, _sign, code = grant.principal.partition(":")
    return f"{KINDS[kind]} {_name(grant.principal) or code}"


def _name(principal: str) -> str:
    kind, _sign, code = principal.partition(":")
    if kind == "person":
        found = people.persons_named(db(), actor().agency_id, [code])
        return found[code].name if code in found else code
    return next((name for _k, each in _choices() for held, name in each if held == principal), "")


@site.post("/admin/permissions/<key>/grants")
def grant_process(key: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: GrantProcess(key, form.get("matter", ""), _principal(form)),
        lambda errors, refused: _page(key, form, errors, refused),
        gettext("ให้สิทธิแล้ว มีผลตั้งแต่คำขอถัดไปของผู้ได้รับ"),
        f"/admin/permissions?about={quote(key)}",
    )


def _principal(form: Mapping[str, str]) -> str:
    """Somebody typed, or a role, a unit or a post chosen: one of both."""
    typed, picked = form.get("grantee", "").strip(), form.get("principal", "")
    if bool(typed) == bool(picked):
        raise wrong("grantee", gettext("พิมพ์ชื่อคน หรือเลือกบทบาท หน่วย หรือตำแหน่ง อย่างใดอย่างหนึ่ง"))
    return picked or f"person:{someone(form, 'grantee')}"


@site.post("/admin/permissions/<key>/grants/<grant_id>/end")
def end_grant(key: str, grant_id: str) -> ResponseReturnValue:
    return answer(
        lambda: EndProcessGrant(parse_id(grant_id, "grant")),
        lambda errors, refused: _page(key, {}, errors, refused),
        gettext("ถอนสิทธิแล้ว"),
        f"/admin/permissions?about={quote(key)}",
    )


def _of_process(row: DefinitionRow) -> tuple[Matter, ...]:
    return process_matters(row.start_role, startable=row.startable)


def _pages() -> tuple[Matter, ...]:
    """Pages that ask for a right, by their addresses; looking at history changes nothing. What only
    the installation gives is told where one of the agency's roles has it.
    """
    roles = people.roles(db(), actor().agency_id)
    steward = any(STEWARD in role.rights for role in roles)
    return tuple(
        Matter(section.key, tuple(section.rights), looks=section.key in {"history", "permissions"})
        for section in SECTIONS
        if steward or STEWARD not in section.rights
    )


def _lines(
    matters: Sequence[Matter], username: str, grants: Sequence[ProcessGrantRow]
) -> list[Line]:
    agency = actor().agency_id
    every = people.roles(db(), agency)
    verdicts: dict[str, Verdict] = {}
    if username:
        who = people.person(db(), agency, username)
        if who.active:
            they = people.actor_for(db(), agency, who.id, now())
            own = people.roles_of(db(), agency, who.id, now())
            verdicts = {matter.key: judge(matter, they, own, every, grants) for matter in matters}
    return [_line(matter, every, verdicts.get(matter.key)) for matter in matters]


def _line(matter: Matter, every: Sequence[RoleRow], verdict: Verdict | None) -> Line:
    codes = granting(matter, every)
    names = [] if matter.everyone else _holders(codes)
    section = next((one for one in SECTIONS if one.key == matter.key), None)
    title = MATTERS.get(matter.key) or (section.title if section else matter.key)
    return Line(
        name=str(title),
        rights=", ".join(said.right(right) for right in matter.rights),
        roles=[role for role in every if role.code in codes],
        holders=names[:MOST_NAMED],
        more=max(len(names) - MOST_NAMED, 0),
        everyone=matter.everyone,
        verdict=verdict,
        because=_because(verdict, every) if verdict else "",
    )


def _holders(codes: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for code in codes:
        for grant in people.grants_of_role(db(), actor().agency_id, code, now()):
            if grant.state == "running":
                found[grant.username] = grant.name
    return sorted(found.values())


def _role_name(role: RoleRow) -> str:
    return (role.name_en or role.name) if language() == "en" else role.name


def _because(verdict: Verdict, every: Sequence[RoleRow]) -> str:
    names = ", ".join(_role_name(role) for role in every if role.code in verdict.roles)
    if verdict.why == "everyone":
        return gettext("ทุกคนทำได้")
    if verdict.why == "read_only":
        return gettext("บทบาท %(roles)s ให้อ่านอย่างเดียว จึงเปลี่ยนแปลงสิ่งใดไม่ได้", roles=names)
    if verdict.why == "grant":
        whom = ", ".join(
            f"{KINDS[one.partition(':')[0]]} {_name(one)}" for one in verdict.principals
        )
        return gettext("เพราะให้สิทธิกระบวนการนี้แก่ %(whom)s", whom=whom)
    if verdict.may:
        return gettext("เพราะมีบทบาท %(roles)s", roles=names)
    return gettext("ไม่มีบทบาทที่ให้สิทธินี้ ให้บทบาทใดบทบาทหนึ่ง: %(roles)s", roles=names or "–")
