"""How long ended cases stay, and the archive of those that were put away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.archiving import sending
from api.archiving.commands import RunArchiving
from api.pages.admin.acts import act, answer, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, page_number, system
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.jobs import OWN_JOBS
from api.pages.paging import window_of
from api.pages.site import site
from engine.commands.archiving import MOST_DAYS, RETENTION, SetArchivePolicy
from engine.errors import Forbidden
from engine.ids import parse_id
from engine.queries import archive, definitions
from office.documents.queries.evidence import reads_case

PAGE = "/admin/archive"


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
        errors=errors,
        refused=refused,
        v=request.form,
    )


@site.post(PAGE)
def set_policy() -> ResponseReturnValue:
    return answer(_policy, _page, _("ตั้งกำหนดการเก็บแล้ว"), PAGE)


def _policy() -> SetArchivePolicy:
    values: Mapping[str, Any] = request.form
    key = str(values.get("definition_key", "")).strip() or None
    reason = str(values.get("reason", "")).strip()
    if not reason:
        raise wrong("reason", _("ใส่เหตุผลหรือระเบียบที่อ้าง"))
    days, old = _days(str(values.get("keep_days", ""))), "old_versions" in values
    return SetArchivePolicy(key, days, old, reason)


def _days(text: str) -> int | None:
    """None: for ever. Days in Thai or Arabic digits."""
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6 or int(text) > MOST_DAYS:
        raise wrong("keep_days", _("ใส่จำนวนวันตั้งแต่ 0 ถึง %(most)s", most=f"{MOST_DAYS:,}"))
    return int(text)


@site.post(f"{PAGE}/run")
def run_archiving() -> ResponseReturnValue:
    done = _("สั่งให้ระบบเก็บเรื่องที่ครบกำหนดเข้าคลังแล้ว")
    return act(RunArchiving(), _page, done, OWN_JOBS)


def archived_case(instance_id: str) -> str:
    """The page of a case that was put away; NotFound where it was not."""
    root_id = parse_id(instance_id, "case")
    stone, may = archive.one(db(), actor(), root_id), actor().may("audit")
    reads = may and reads_case(db(), actor(), root_id)
    return render_template("archived.html", stone=stone, can_audit=reads, secret=may and not reads)


@site.get("/archived/<instance_id>/evidence")
def archived_evidence(instance_id: str) -> ResponseReturnValue:
    return sending.sent(system().bus, actor(), parse_id(instance_id, "case"))
