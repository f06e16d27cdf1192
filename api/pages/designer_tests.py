"""A model's tests as a plain form: cases, what came of them, and which flows none of them takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import designer_files, diagram, naming
from api.pages.desk import actor, db, now, run, system, whole_number
from api.pages.finding_words import feel_in_words
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Invalid, Stale
from office.modeling import cases, checking, queries, tables
from office.modeling.cases import Case
from office.modeling.commands import AddModelFiles
from office.modeling.deadline import SECONDS
from office.modeling.judging import Judged
from office.modeling.queries import DraftRow
from office.modeling.verdicts import Failure, Report

#: failures whose `found` is a sentence of the engine or of a form, not a value
CAUSED = frozenset({"value", "form", "stuck", "answer", "refused"})
#: Names of the fields of one case.
FIELDS = ("name", "decision", "starter", "start", "answers", "path", "end", "values")


def report(row: DraftRow) -> Report | None:
    """Of the tests that the pages show; None where there are none, or they cannot run."""
    found = next(iter(judged(row).values()), None)
    return None if isinstance(found, Invalid) else found


def judged(row: DraftRow) -> Judged:
    """Of all tests that stand with the draft; nothing where it cannot run."""
    me, files = actor().agency_id, queries.files(db(), actor().agency_id, row)
    return checking.tests(db(), me, system().services, files, now()) or {}


def refused(wrong: Invalid) -> str:
    """Why tests, or a line of them, are not taken."""
    if isinstance(wrong, cases.Unreadable):
        return _("บรรทัดนี้อ่านไม่ได้: %(line)s", line=wrong.line)
    return "; ".join(designer_files.refused(wrong).values())


@site.get("/designer/<model_draft_id>/tests")
def model_tests(model_draft_id: str) -> ResponseReturnValue:
    row = designer_files.draft(model_draft_id)
    files = queries.beside(db(), actor().agency_id, row.id)
    name, error, found = cases.file_of(files), "", []
    try:
        found = [] if name is None else [*map(_shown, cases.read(files[name]))]
    except Invalid as wrong:
        error = _unreadable(wrong)
    return _page(row, files, found, error)


def _unreadable(wrong: Invalid) -> str:
    first = wrong.errors[0]
    if first.code == "too_large":
        return _("ชุดทดสอบใหญ่เกินที่รับได้ ที่ %(where)s แก้ไฟล์ให้เล็กลงแล้วแนบใหม่", where=first.path)
    return _("อ่านไฟล์ชุดทดสอบไม่ได้ บันทึกหน้านี้เพื่อเริ่มใหม่")


def _page(
    row: DraftRow, files: Mapping[str, bytes], shown: Sequence[Mapping[str, str]], error: str = ""
) -> str:
    ran = report(row)
    drawn = diagram.read(queries.xml(db(), actor().agency_id, row.id).encode())
    finders = [one.id for one in drawn.elements.values() if one.asked and one.kind == "serviceTask"]
    return render_template(
        "designer_tests.html",
        row=row,
        cases=[*shown, dict.fromkeys(FIELDS, "")],
        ran=ran,
        outcomes=dict(enumerate(ran.outcomes)) if ran and not error else {},
        drawn=drawn,
        finders=finders,
        decisions=[*_decisions(files)],
        hits=[*_hits(files, ran)] if ran else [],
        words=in_words,
        people=_people(ran),
        naming={"offered": naming.options},
        error=error,
    )


def _people(ran: Report | None) -> Mapping[str, str]:
    """What those are called whom look-ups found."""
    outcomes = ran.outcomes if ran else ()
    found = {one for each in outcomes for listed in each.looked_up.values() for one in listed}
    return naming.names(sorted(found))


def _decisions(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if name.endswith(".dmn"):
            yield from ((one.id, one.name) for one in tables.decisions(content))


def _hits(
    files: Mapping[str, bytes], ran: Report
) -> Iterator[tuple[str, str, Sequence[tuple[int, int]]]]:
    """(address, name, (rule, times)) of each table that stands beside the diagram."""
    for name, content in files.items():
        for one in tables.counted(content) if name.endswith(".dmn") else ():
            where = f"{quote(name)}#table-{quote(one.decision)}"
            yield where, " · ".join(one.names) or one.decision, ran.times(one.key, one.rules)


def _shown(case: Case) -> Mapping[str, str]:
    return {
        "name": case.name,
        "decision": case.decision,
        "starter": case.starter,
        "start": cases.values_out(case.start),
        "answers": cases.answers_out(case.answers),
        "path": " ".join(case.path),
        "end": case.end,
        "values": cases.values_out(case.values),
    }


@site.post("/designer/<model_draft_id>/tests")
def save_model_tests(model_draft_id: str) -> ResponseReturnValue:
    row = designer_files.draft(model_draft_id)
    files = queries.beside(db(), actor().agency_id, row.id)
    posted = [*_posted()]
    file = cases.file_to_write(files, row.key)
    try:
        content = cases.write([_case(one) for one in posted])
        revision = whole_number(request.form.get("revision", ""))
        run(AddModelFiles(row.id, {file: content}, revision))
    except Stale:
        return designer_files.overtaken(f"/designer/{row.id}/tests")
    except Invalid as wrong:
        return _page(row, files, posted, refused(wrong)), 422
    flash(_("บันทึกชุดทดสอบแล้ว"), "ok")
    return redirect(f"/designer/{row.id}/tests", 303)


def _posted() -> Iterator[dict[str, str]]:
    form = request.form
    for at in range(cases.MOST_CASES):
        name = form.get(f"{at}.name", "").strip()
        if name and f"{at}.remove" not in form:
            found = {field: form.get(f"{at}.{field}", "").strip() for field in FIELDS}
            typed = found["starter"]
            yield found | {"starter": naming.someone(typed) or typed}


def _case(shown: Mapping[str, str]) -> Case:
    return Case(
        shown["name"][:200],
        shown["decision"],
        cases.values_in(shown["start"]),
        cases.answers_in(shown["answers"]),
        cases.words(shown["path"]),
        shown["end"],
        cases.values_in(shown["values"]),
        shown["starter"],
    )


def _place(element: str, drawn: diagram.Diagram) -> str:
    """By its name; the id stands by it, because a test is written with it."""
    return f"“{drawn.called(element)}” ({element})" if element in drawn.elements else element


def in_words(failure: Failure, drawn: diagram.Diagram) -> str:
    """What went wrong, and where, for whoever wrote the test."""
    at = drawn.called(failure.at)
    found = failure.found
    if failure.code in CAUSED:
        found = feel_in_words(found)
    elif failure.code in ("end", "not_waiting"):
        found = ", ".join(_place(one, drawn) for one in found.split(", ") if one)
    said: dict[str, Any] = {"at": at, "expected": failure.expected, "found": found or "–"}
    return {
        "value": _("ค่า %(at)s อ่านไม่ได้ “%(expected)s”: %(found)s", **said),
        "form": _("แบบฟอร์มของ “%(at)s” ไม่รับช่อง %(expected)s: %(found)s", **said),
        "not_waiting": _("ไม่มีขั้น “%(at)s” รออยู่ ที่รออยู่คือ %(found)s", **said),
        "outcome": _("“%(at)s” ต้องการผลลัพธ์ %(expected)s แต่ได้ %(found)s", **said),
        "stuck": _("ติดขัดที่ “%(at)s”: %(found)s", **said),
        "path": _("ไม่ผ่าน “%(at)s” ตามลำดับที่คาด", **said),
        "end": _("ควรจบหรือรอที่ “%(at)s” แต่อยู่ที่ %(found)s", **said),
        "variable": _("%(at)s ควรเป็น %(expected)s แต่เป็น %(found)s", **said),
        "answer": _("“%(at)s” ตอบไม่ได้: %(found)s", **said),
        "too_long": _(
            "ทดสอบไม่ทัน ทุกข้อรวมกันใช้เวลาได้ไม่เกิน %(most)d วินาที ลดข้อทดสอบหรือทำให้ง่ายลง",
            most=SECONDS,
        ),
        "looked_up": _(
            "วันนี้ “%(at)s” หาผู้ทำไม่ได้ ระบุผู้เริ่มเรื่องของข้อทดสอบ หรือเขียนคำตอบเอง เช่น %(expected)s",
            **said,
        ),
        "refused": _("ระบบปฏิเสธ: %(found)s", **said),
    }[failure.code]
