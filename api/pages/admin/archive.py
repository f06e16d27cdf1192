"""How long ended cases stay, and the archive of those that were put away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.archiving import route, sending
from api.archiving.commands import MOST_SPARED, RunArchiving, StartDestruction
from api.archiving.deciding import HoldCase, ReleaseCase
from api.pages.admin.acts import act, answer, someone, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, page_number, system
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.jobs import OWN_JOBS
from api.pages.paging import window_of
from api.pages.site import site
from engine.commands.archiving import (
    LEAST_YEARS,
    MOST_DAYS,
    MOST_YEARS,
    RETENTION,
    SetArchivePolicy,
)
from engine.errors import Conflict, Forbidden
from engine.ids import parse_id
from engine.queries import archive, definitions, destruction
from office.documents.queries.evidence import reads_case
from office.people.queries import PositionRow

PAGE = "/admin/archive"
#: Fields for the members of a committee, the chair first.
MEMBERS = tuple(f"member-{n}" for n in range(1, 8))


@site.get(PAGE)
def archive_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    if not (actor().may(RETENTION) or actor().may("audit")):
        raise Forbidden("Expected the right retention or audit to see the archive.")
    q = request.args.get("q", "").strip()[:200]
    page = archive.listing(db(), actor(), q=q or None, page=page_number())
    policies = archive.policies(db(), actor().agency_id)
    meet(one.set_by for one in policies)
    return render_template(
        "admin_archive.html",
        sections=open_sections(),
        page=page,
        window=window_of(page),
        page_url=lambda number: f"{PAGE}?" + urlencode({"q": q, "page": number}) + "#cases",
        q=q,
        force=archive.in_force(policies).values(),
        policies=policies,
        names={row.key: row.name for row in definitions.named(db(), actor().agency_id)},
        can_set=actor().may(RETENTION),
        due=len(destruction.due(db(), actor().agency_id, now())),
        most_listed=destruction.MOST_LISTED,
        deciding=destruction.running(db(), actor().agency_id),
        members=MEMBERS,
        head_post=_head(),
        errors=errors,
        refused=refused,
        v=request.form,
    )


def _head() -> PositionRow | None:
    """The post that would approve. None: the agency has not set one."""
    try:
        return route.head(db(), actor().agency_id, actor().username, now())
    except Conflict:
        return None


@site.post(PAGE)
def set_policy() -> ResponseReturnValue:
    return answer(_policy, _page, _("ตั้งกำหนดการเก็บแล้ว"), PAGE)


def _policy() -> SetArchivePolicy:
    values: Mapping[str, Any] = request.form
    key = str(values.get("definition_key", "")).strip() or None
    reason = str(values.get("reason", "")).strip()
    if not reason:
        raise wrong("reason", _("ใส่เหตุผลหรือระเบียบที่อ้าง"))
    days = _whole(values, "keep_days", 0, MOST_DAYS)
    years = _whole(values, "destroy_years", LEAST_YEARS, MOST_YEARS)
    return SetArchivePolicy(key, days, "old_versions" in values, reason, years)


def _whole(values: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    """None: left empty. In Thai or Arabic digits."""
    text = str(values.get(name, "")).strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6 or not least <= int(text) <= most:
        limits = {"least": least, "most": f"{most:,}"}
        raise wrong(name, _("ใส่จำนวนตั้งแต่ %(least)s ถึง %(most)s", **limits))
    return int(text)


@site.post(f"{PAGE}/run")
def run_archiving() -> ResponseReturnValue:
    done = _("สั่งให้ระบบเก็บเรื่องที่ครบกำหนดเข้าคลังแล้ว")
    return act(RunArchiving(), _page, done, OWN_JOBS)


@site.post(f"{PAGE}/destruction")
def ask_destruction() -> ResponseReturnValue:
    done = _("เริ่มกระบวนการทำลายแล้ว หัวหน้าส่วนราชการได้งานแต่งตั้งคณะกรรมการ")
    return answer(_destruction, _page, done, PAGE)


def _destruction() -> StartDestruction:
    values: Mapping[str, Any] = request.form
    members = [someone(values, name) for name in MEMBERS if str(values.get(name, "")).strip()]
    years = _whole(values, "spare_years", 1, MOST_SPARED) or 5
    reason = str(values.get("destroy_reason", "")).strip()
    if len(set(members)) < 3 or len(set(members)) != len(members):
        raise wrong(MEMBERS[0], _("เลือกประธานและกรรมการอย่างน้อยสองคน ไม่ซ้ำกัน"))
    if not reason:
        raise wrong("destroy_reason", _("ใส่เหตุผลหรือระเบียบที่อ้าง"))
    return StartDestruction(members, reason, years)


def archived_case(instance_id: str) -> str:
    """The page of a case that was put away; NotFound where it was not."""
    return _stone_page(parse_id(instance_id, "case"), {}, "")


def _stone_page(root_id: UUID, errors: Mapping[str, str], refused: str) -> str:
    stone, may = archive.one(db(), actor(), root_id), actor().may("audit")
    reads = may and reads_case(db(), actor(), root_id)
    meet(one for one in (stone.held_by, stone.approved_by, stone.started_by) if one)
    return render_template(
        "archived.html",
        stone=stone,
        can_audit=reads and stone.destroyed_at is None,
        secret=may and not reads,
        can_hold=actor().may(RETENTION),
        errors=errors,
        refused=refused,
        v=request.form,
    )


@site.post("/archived/<instance_id>/hold")
def hold_case(instance_id: str) -> ResponseReturnValue:
    return _hold(HoldCase, instance_id, _("ห้ามทำลายเรื่องนี้แล้ว"))


@site.post("/archived/<instance_id>/release")
def release_case(instance_id: str) -> ResponseReturnValue:
    return _hold(ReleaseCase, instance_id, _("ยกเลิกการห้ามทำลายแล้ว"))


def _hold(
    make: type[HoldCase] | type[ReleaseCase], instance_id: str, done: str
) -> ResponseReturnValue:
    root_id = parse_id(instance_id, "case")
    command = make(root_id, request.form.get("reason", ""))
    return act(command, partial(_stone_page, root_id), done, f"/instances/{root_id}")


@site.get("/archived/<instance_id>/evidence")
def archived_evidence(instance_id: str) -> ResponseReturnValue:
    return sending.sent(system().bus, actor(), parse_id(instance_id, "case"))
