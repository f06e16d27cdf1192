"""Playing a draft: what waits, a button for each way on, and the tokens over the picture.

The play travels in the page as the lines of a test (`cases`); the server keeps nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import picture
from api.pages import (
    designer_files,
    designer_tests,
    designer_words,
    diagram,
    naming,
    play_forms,
    play_people,
)
from api.pages.desk import actor, db, now, run, system, whole_number
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import for_readers, site
from api.pages.words import SECRECY
from engine.errors import Invalid, Stale
from engine.models.forms import form_source
from engine.runtime.values import OutcomeSpec
from forms.view import Widget
from office.documents.rules import OPEN_TO_RIGHTS
from office.modeling import cases, checking, foreseeing, playing, queries
from office.modeling.cases import MOST_ANSWERS, Answer, Case
from office.modeling.commands import AddModelFiles
from office.modeling.playing import Played, Waiting
from office.modeling.queries import DraftRow
from office.modeling.testing import Laboratory
from office.modeling.verdicts import said
from office.people.rules import CLEARANCES


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that was not filled in as it asks: at which element (empty: the start), and how."""

    element: str
    errors: Mapping[str, str]


@site.get("/designer/<model_draft_id>/play")
def ask_to_play(model_draft_id: str) -> ResponseReturnValue:
    row = designer_files.draft(model_draft_id)
    return _page(row, _laboratory(row), None)


@site.post("/designer/<model_draft_id>/play")
@for_readers
def play_model(model_draft_id: str) -> ResponseReturnValue:
    """One press more, or one less (`undo`). Nothing is kept, nothing really happens."""
    row = designer_files.draft(model_draft_id)
    lab = _laboratory(row)
    try:
        before = _before()
    except Invalid as wrong:
        return _page(row, lab, None, designer_tests.refused(wrong)), 422
    if naming.someone(_starter()) is None:
        wrong_name = _("ไม่มีชื่อนี้ในหน่วยงาน หรือมีมากกว่าหนึ่งคน เลือกจากรายการ")
        return _page(row, lab, before if before.answers else None, wrong_name), 422
    try:
        pressed = _pressed(row, lab, before)
    except cases.Unreadable as wrong:
        said = _("เขียนค่าเป็น ชื่อ = ค่า บรรทัดละค่า แต่ได้ %(line)s", line=wrong.line)
        return _page(row, lab, before, said), 422
    if isinstance(pressed, Wrong):
        shown = before if pressed.element else None
        return _page(row, lab, shown, _("แก้ช่องที่ทำเครื่องหมายก่อน"), pressed), 422
    return _page(row, lab, pressed)


def _starter() -> str:
    """Whoever is thought to start the case, as it was typed."""
    return request.form.get("starter", actor().username).strip()[:200]


def _before() -> Case:
    form = request.form
    start = cases.values_in(_given(form.get("start", "")))
    return Case("", "", start, tuple(cases.answers_in(form.get("answers", ""))))


def _pressed(row: DraftRow, lab: Laboratory | None, before: Case) -> Case | Wrong:
    """The play with what was pressed now; `Unreadable` where a value given with it is none."""
    form = request.form
    if "undo" in form:
        return replace(before, answers=before.answers[:-1])
    element, _sign, outcome = form.get("press", "").partition(" ")
    if "formed" in form and lab is not None:
        made = _filled(row, lab, before, element, outcome)
        return made if isinstance(made, Wrong) or "agreed" not in form else _agreed(lab, made)
    if "agreed" in form and lab is not None:
        return _agreed(lab, before)
    if not element or len(before.answers) >= MOST_ANSWERS:
        return before
    values = cases.values_in(_given(form.get("values", "")))
    return replace(before, answers=(*before.answers, Answer(element, outcome, values)))


def _agreed(lab: Laboratory, before: Case) -> Case:
    """Gone on as far as it goes if everybody agrees."""
    starter = naming.someone(_starter()) or actor().username
    case = replace(before, starter=starter)
    return foreseeing.agreed(lab, case, play_people.house(), _secrecy(lab))


def _secrecy(lab: Laboratory | None) -> int:
    """The degree of the letter that is thought of, where letters start it."""
    chosen = request.form.get("secrecy", "1")
    return int(chosen) if lab is not None and chosen in dict(_degrees(lab)) else OPEN_TO_RIGHTS


def _degrees(lab: Laboratory | None) -> list[tuple[str, str]]:
    if lab is None or not lab.bundle.processes[lab.process_id].internal:
        return []
    return [(str(degree), str(SECRECY[degree])) for degree in (1, *CLEARANCES)]


def _filled(
    row: DraftRow, lab: Laboratory, before: Case, element: str, outcome: str
) -> Case | Wrong:
    """The same where a form was filled in: that of the step, or the one that starts it all."""
    if not element:
        source: bytes | None = _start_form(row, lab)
        known: Mapping[str, Any] = {}
    else:
        waiting = playing.play(lab, before).waiting
        at = next((one for one in waiting if one.element == element), None)
        source, known = (at.form, at.known) if at else (None, {})
    drawn = play_forms.form_of(source)
    made = play_forms.Filled()
    if drawn is not None and outcome != "return":
        made = play_forms.filled(drawn, known, request.form, outcome or None)
    if made.errors:
        return Wrong(element, made.errors)
    if not element:
        return replace(before, start=made.texts)
    if len(before.answers) >= MOST_ANSWERS:
        return before
    return replace(before, answers=(*before.answers, Answer(element, outcome, made.texts)))


def _given(text: str) -> str:
    """Without the lines of names that were given no value."""
    return "\n".join(line for line in text.splitlines() if line.partition("=")[2].strip() or
                     (line.strip() and "=" not in line))  # fmt: skip


def _typed() -> Mapping[str, str]:
    """What was written for the element that was pressed."""
    form = request.form
    return {form["press"].partition(" ")[0]: form.get("values", "")} if "press" in form else {}


def _page(
    row: DraftRow,
    lab: Laboratory | None,
    case: Case | None,
    error: str = "",
    wrong: Wrong | None = None,
) -> str:
    played = playing.play(lab, case) if lab is not None and case is not None else None
    meet([row.updated_by])
    xml = queries.xml(db(), actor().agency_id, row.id).encode()
    drawn = diagram.read(xml)
    if played and played.failure and not error:
        error = designer_tests.in_words(played.failure, drawn)
    fields = _fields(row, lab, played, wrong)
    starter = naming.someone(_starter())
    told = play_people.Told()
    if played and starter:
        told = play_people.tell(played, row.key, drawn, starter, _secrecy(lab))
    never = play_people.never(lab, row.key)
    return render_template(
        "designer_play.html",
        row=row,
        playable=lab is not None,
        played=played,
        drawn=drawn,
        picture=picture.read(xml),
        kinds=designer_words.kinds(),
        error=error,
        start=cases.values_out(case.start) if case else _names(_start_names(row, lab)),
        answers=cases.answers_out(played.case.answers) if played else "",
        answered=played.case.answers if played else (),
        presses=presses,
        starter=starter or _starter(),
        naming={"offered": naming.options},
        told=told,
        never=never,
        warned={one.element for one in told.way if one.here and one.warnings}
        | {one.element for one in never},
        degrees=_degrees(lab),
        secrecy=str(_secrecy(lab)),
        before=whole_number(request.form.get("revision", "")),
        names=_names,
        fields=fields,
        offered=[one for drawn in fields.values() for one in play_forms.every(drawn)],
        typed=_typed() if error else {},
        said=said,
        full=played is not None and len(played.case.answers) >= MOST_ANSWERS,
    )


def _fields(
    row: DraftRow, lab: Laboratory | None, played: Played | None, wrong: Wrong | None
) -> Mapping[str, list[Widget]]:
    """By element (empty: the start) what is filled in there; nothing for those without a form."""
    asked: dict[str, tuple[bytes | None, Mapping[str, Any]]] = {"": (_start_form(row, lab), {})}
    if played is not None:
        asked |= {one.element: (one.form, one.known) for one in played.waiting}
    found = {}
    for number, (element, (source, known)) in enumerate(asked.items()):
        form = play_forms.form_of(source)
        again = wrong if wrong is not None and wrong.element == element else None
        if form is not None:
            found[element] = play_forms.widgets(
                form, known, f"w{number}",
                request.form if again else None, again.errors if again else None,
            )  # fmt: skip
    return found


def _laboratory(row: DraftRow) -> Laboratory | None:
    me, files = actor().agency_id, queries.files(db(), actor().agency_id, row)
    return checking.laboratory(db(), me, system().services, files, row.key, now())


def _start_form(row: DraftRow, lab: Laboratory | None) -> bytes | None:
    form = lab.bundle.processes[row.key].start_form if lab else None
    return form_source(lab.bundle.files, form) if lab and form else None


def _start_names(row: DraftRow, lab: Laboratory | None) -> Sequence[str]:
    source = _start_form(row, lab)
    return lab.forms.keys(source) if lab and source else ()


def _names(names: Sequence[str]) -> str:
    """Lines to be filled in."""
    return "\n".join(f"{name} = " for name in names)


def presses(waiting: Waiting) -> Mapping[str, str]:
    """What can be pressed where it waits: what is sent, and what it is called."""
    at = waiting.element
    if waiting.kind != "task":
        return {at: _by_kind()[waiting.kind]}
    ways = {f"{at} {one.id}": _outcome(one) for one in waiting.outcomes} or {at: _("ทำเสร็จ")}
    return {**ways, f"{at} return": _("ส่งคืนแก้ไข")} if waiting.returns else ways


def _outcome(one: OutcomeSpec) -> str:
    return (one.name_en if language() == "en" else one.name) or one.id


def _by_kind() -> Mapping[str, str]:
    return {
        "job": _("ระบบทำเสร็จ"),
        "timer": _("ถึงเวลา"),
        "message": _("ข้อความมาถึง"),
        "signal": _("สัญญาณมาถึง"),
    }


@site.post("/designer/<model_draft_id>/play/keep")
def keep_play(model_draft_id: str) -> ResponseReturnValue:
    """What was played becomes one of the model's tests."""
    row, form = designer_files.draft(model_draft_id), request.form
    name = " ".join(form.get("name", "").split())[:200] or _("จากที่ลองเดิน")
    files = queries.beside(db(), actor().agency_id, row.id)
    before = None
    try:
        before, lab = replace(_before(), starter=naming.someone(_starter()) or ""), _laboratory(row)
        if lab is None:
            return redirect(f"/designer/{row.id}/play", 303)
        kept = playing.kept(lab, before, name, files)
        run(AddModelFiles(row.id, kept, whole_number(form.get("revision", ""))))
    except Stale:
        return designer_files.overtaken(f"/designer/{row.id}/play")
    except Invalid as wrong:
        return _page(row, _laboratory(row), before, designer_tests.refused(wrong)), 422
    flash(_("เก็บเป็นข้อทดสอบแล้ว"), "ok")
    return redirect(f"/designer/{row.id}/tests", 303)
