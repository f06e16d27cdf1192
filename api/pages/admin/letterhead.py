"""How the agency and its units stand on letters, and the emblem: changed and seen at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import act, answer, field_errors, wrong
from api.pages.admin.letterhead_words import EMBLEM_REFUSALS
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, system
from api.pages.i18n import gettext as _
from api.pages.site import site, takes
from engine.errors import Invalid
from office.documents import policy
from office.documents.commands import SetEmblem, SetLetterhead
from office.documents.emblems import MOST_BYTES, keep_emblem
from office.documents.letterheads import Letterhead
from office.documents.letters import sender_of
from office.documents.paper import with_defaults
from office.documents.ports import Desk
from office.people import queries as people
from office.people.rights import demand
from signing import preview
from signing.errors import UnusableEmblem

PARTS = ("name", "address", "contact")
OURS = ("letterhead.changed", "emblem.changed")
WIDTH = 900
#: what the trial letter says beside what is shown of it
TRIAL: Mapping[str, Any] = {
    "kind": "EXT",
    "subject": "ตัวอย่างหัวหนังสือ",
    "to": "อธิบดีกรมตัวอย่าง",
    "paragraphs": ["หน้านี้แสดงว่าหนังสือของหน่วยจะพิมพ์ออกมาอย่างไร", "จึงเรียนมาเพื่อโปรดทราบ"],
    "signer": "นายตัวอย่าง ตัวอย่าง",
    "position_lines": ["ตำแหน่งของผู้ลงนาม"],
}


@site.get("/admin/letterhead")
def letterhead_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "registry")
    agency_id = actor().agency_id
    code = (request.form or request.args).get("unit", "")
    every = people.units(db(), agency_id)
    if code:
        people.unit(db(), agency_id, code)
    known = policy.letterheads_of(db(), agency_id)
    stored = known.get(code, Letterhead())
    events = people.events_of(db(), agency_id, agency_id, types=OURS)
    return render_template(
        "admin_letterhead.html",
        sections=open_sections(),
        code=code,
        # of a closed unit, lines can be taken away: they count toward the most that are kept
        units=[
            one for one in every if one.code in known or (one.active and one.kind != "committee")
        ],
        names={one.code: one.name for one in every},
        known=[one for one in known if one],
        v={part: request.form.get(part, "\n".join(getattr(stored, part))) for part in PARTS},
        emblem=policy.emblem_of(db(), agency_id),
        errors=errors,
        refused=refused,
        events=said.told(events),
    )


@site.post("/admin/letterhead")
def change_letterhead() -> ResponseReturnValue:
    demand(actor(), "registry")
    code = request.form.get("unit", "")
    lines = {part: _lines(part) for part in PARTS}
    to = f"/admin/letterhead?unit={code}" if code else "/admin/letterhead"
    return answer(
        lambda: SetLetterhead(code, **lines),
        _page,
        _("บันทึกหัวหนังสือแล้ว ใช้กับหนังสือที่ยังไม่ลงนาม"),
        to,
    )


def _lines(part: str) -> list[str]:
    typed = (line.strip() for line in request.form.get(part, "").splitlines())
    return [line for line in typed if line]


@site.post("/admin/letterhead/emblem")
@takes(MOST_BYTES + (64 << 10))
def change_emblem() -> ResponseReturnValue:
    demand(actor(), "registry")
    upload = request.files.get("emblem")
    data = upload.stream.read(MOST_BYTES + 1) if upload else b""
    try:
        stored = keep_emblem(system().storage, actor().agency_id, data)
    except Invalid as bad:
        return _page(field_errors(_in_words(bad)), ""), 422
    return act(SetEmblem(stored), _page, _("เปลี่ยนตราแล้ว ดูตัวอย่างข้างล่าง"), "/admin/letterhead")


def _in_words(bad: Invalid) -> Invalid:
    cause = bad.__cause__
    if not isinstance(cause, UnusableEmblem):
        return bad
    why = str(EMBLEM_REFUSALS[cause.reason])
    if cause.line:
        why = _("บรรทัดที่ %(line)d: %(why)s", line=cause.line, why=why)
    return wrong("emblem", why)


@site.post("/admin/letterhead/emblem/remove")
def remove_emblem() -> ResponseReturnValue:
    return act(SetEmblem(None), _page, _("กลับไปใช้ตราชั่วคราวแล้ว"), "/admin/letterhead")


@site.get("/admin/letterhead/trial.png")
def letterhead_trial() -> ResponseReturnValue:
    """The head and foot of a letter as the unit (or the topmost one) would send it now."""
    demand(actor(), "registry")
    agency_id = actor().agency_id
    code = request.args.get("unit") or people.units(db(), agency_id)[0].code
    desk = cast(Desk, system().services.extra["desk"])
    words = with_defaults(TRIAL, sender_of(db(), agency_id, code))
    pdf = desk.papers.render(agency_id, words, draft=True)
    response = Response(preview.page_png(pdf, 0, WIDTH), mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response
