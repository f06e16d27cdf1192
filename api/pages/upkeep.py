"""For operators: what the machine has to do, what is stuck or late, and the act that mends each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import thdate
from api.pages.desk import actor, db, now, page_number, run
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.kept import shows_again
from api.pages.paging import Window, window_of
from api.pages.site import site
from engine.commands.dead_jobs import RetryJob, SkipJob
from engine.commands.incidents import RetryIncident
from engine.commands.late import FireLate
from engine.ids import parse_id
from engine.queries import incidents, jobs, operations
from engine.queries.page import Page
from office.correspondence import queries as registry
from office.correspondence.commands import SettleNumber, VoidNumber
from office.documents.commands import RetireKey
from office.documents.queries import expiring
from office.documents.thai import office_day
from office.people.rights import demand

#: lines of each list; the rest is on its further pages
PAGE_SIZE = 10
LISTS = ("jobs", "incidents", "timers", "numbers", "certificates")


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of the page, with a pager of its own."""

    name: str
    page: Page[Any]
    window: Window

    def url(self, number: int) -> str:
        """The page of this list, the others staying where they are."""
        asked = {name: page_number(name) for name in LISTS} | {self.name: number}
        query = urlencode({name: at for name, at in asked.items() if at > 1})
        return f"/operations?{query}#{self.name}"


@site.get("/operations")
def operations_page() -> ResponseReturnValue:
    return _page({}, {})


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """`typed` and `errors` are by the id of the field: each line has one of its own."""
    demand(actor(), "operate")
    lists = _lists()
    meet(row.reserved_by for row in lists["numbers"].page.items)
    meet(row.username for row in lists["certificates"].page.items if row.username)
    at_work = jobs.at_work(db(), actor(), page_size=PAGE_SIZE)
    meet(row.asked_by for row in at_work.items if row.asked_by)
    return render_template(
        "operations.html",
        queues=operations.queues(db(), actor(), now()),
        at_work=at_work,
        **lists,
        typed=typed,
        errors=errors,
        today=office_day(now()),
        age=lambda since: thdate.age(now() - since, language()),
        may_void=actor().may("registry"),
        may_retire=actor().may("accounts"),
    )


def _lists() -> dict[str, Listed]:
    at = {name: page_number(name) for name in LISTS}
    size = PAGE_SIZE
    found: dict[str, Page[Any]] = {
        "jobs": jobs.dead(db(), actor(), page=at["jobs"], page_size=size),
        "incidents": incidents.listing(
            db(), actor(), jobs=False, page=at["incidents"], page_size=size
        ),
        "timers": operations.late_timers(db(), actor(), now(), page=at["timers"], page_size=size),
        "numbers": registry.reserved(db(), actor(), page=at["numbers"], page_size=size),
        "certificates": expiring(db(), actor(), now(), page=at["certificates"], page_size=size),
    }
    return {name: Listed(name, page, window_of(page)) for name, page in found.items()}


@site.post("/operations/jobs/<job_id>/retry")
def retry_job(job_id: str) -> ResponseReturnValue:
    run(RetryJob(parse_id(job_id, "job")))
    return _done("jobs", _("สั่งให้ระบบทำงานนี้ใหม่แล้ว"))


def _skip_again(job_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page({f"reason-{job_id}": values.get("reason", "")}, {})


@site.post("/operations/jobs/<job_id>/skip")
@shows_again(_skip_again)
def skip_job(job_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page({}, {f"reason-{job_id}": _("ใส่เหตุผลที่ข้าม")}), 422
    run(SkipJob(parse_id(job_id, "job"), reason))
    return _done("jobs", _("ข้ามงานนี้แล้ว เรื่องเดินต่อโดยไม่มีผลของงานนี้"))


@site.post("/operations/incidents/<incident_id>/retry")
def retry_incident(incident_id: str) -> ResponseReturnValue:
    answer = run(RetryIncident(parse_id(incident_id, "incident")))
    if answer.get("instance_status") == "incident":
        return _done("incidents", _("ลองใหม่แล้ว แต่ยังติดอยู่ ดูสาเหตุล่าสุด"), "warn")
    return _done("incidents", _("ลองใหม่แล้ว เรื่องเดินต่อได้"))


@site.post("/operations/timers/<timer_id>/fire")
def fire_timer(timer_id: str) -> ResponseReturnValue:
    run(FireLate(parse_id(timer_id, "timer")))
    return _done("timers", _("ให้ตัวจับเวลาทำงานแล้ว"))


@site.post("/operations/numbers/<number_id>/settle")
def settle_number(number_id: str) -> ResponseReturnValue:
    if run(SettleNumber(parse_id(number_id, "number")))["settled"]:
        return _done("numbers", _("ปิดเลขที่จองแล้ว เลขนี้คงอยู่ในเล่มว่าไม่ได้ใช้"))
    return _done("numbers", _("เลขนี้ยังปิดไม่ได้ หรือปิดไปแล้ว ไม่มีอะไรเปลี่ยน"), "warn")


def _void_again(number_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page({f"cause-{number_id}": values.get("cause", "")}, {})


@site.post("/operations/numbers/<number_id>/void")
@shows_again(_void_again)
def void_number(number_id: str) -> ResponseReturnValue:
    cause = request.form.get("cause", "").strip()
    if not cause:
        return _page({}, {f"cause-{number_id}": _("ใส่เหตุผลที่ยกเลิกเลข")}), 422
    answer = run(VoidNumber(parse_id(number_id, "number"), cause))
    return _done("numbers", _("ยกเลิกเลข %(number)s แล้ว", number=answer["number"]))


@site.post("/operations/certificates/<key_id>/retire")
def retire_key(key_id: str) -> ResponseReturnValue:
    run(RetireKey(parse_id(key_id, "key")))
    return _done("certificates", _("เลิกใช้กุญแจนี้แล้ว เจ้าของลงนามได้อีกเมื่อลงทะเบียนกุญแจใหม่"))


def _done(name: str, message: str, tone: str = "ok") -> ResponseReturnValue:
    flash(message, tone)
    return redirect(f"/operations#{name}", 303)
