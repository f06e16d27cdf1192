"""The page of a decision model: the editor, its tables in plain forms, what they leave open, and a
box that asks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import coverage_words, designer_files, designer_tests
from api.pages.desk import now, run, whole_number, working_time
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.site import for_readers, site
from engine import dmn
from engine.errors import DeploymentRefused, Invalid, Stale
from office.modeling import tables, trying
from office.modeling.commands import ChangeRules
from office.modeling.queries import DraftRow
from office.modeling.tables import Drawn, Rule, Table
from office.modeling.verdicts import Report

ENDING = ".dmn"


@dataclass
class Asked:
    """One decision with what somebody typed to try it."""

    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    answer: trying.Tried | None = None


@dataclass
class Shown:
    """One decision as the page shows it. `inputs`: names with the names of their types."""

    drawn: Drawn
    inputs: Mapping[str, str]
    told: Sequence[tuple[str, str]] | None
    asked: Asked

    @property
    def editable(self) -> bool:
        return self.drawn.table is not None and self.drawn.table.cells <= tables.MOST_CELLS


@site.get("/designer/<model_draft_id>/decisions/<path:file>")
def model_decisions(model_draft_id: str, file: str) -> ResponseReturnValue:
    return _page(designer_files.draft(model_draft_id), file, {})


def _page(row: DraftRow, file: str, asked: Mapping[str, Asked], error: str = "") -> str:
    content, files = designer_files.beside(row, file, ENDING)
    meet([row.updated_by])
    ran = designer_tests.report(row)
    return render_template(
        "designer_decisions.html",
        row=row,
        file=file,
        findings=designer_files.findings(row, file),
        ran=ran,
        inner=_inner(content, ran) if ran else {},
        shown=[*_shown(content, files, asked)],
        policies=policies(),
        config=designer_files.config(row, file, content),
        error=error,
        value=coverage_words.value,
    )


def _inner(
    content: bytes, ran: Report
) -> Mapping[str, Sequence[tuple[str, Sequence[tuple[int, int]]]]]:
    """By decision: its tables that stand in other boxes, by name, with what the tests used."""
    found: dict[str, list[tuple[str, Sequence[tuple[int, int]]]]] = {}
    for one in tables.counted(content):
        if one.key != one.decision:
            named = " · ".join(one.names[1:]) or one.key
            found.setdefault(one.decision, []).append((named, ran.times(one.key, one.rules)))
    return found


def _shown(
    content: bytes, files: Mapping[str, bytes], asked: Mapping[str, Asked]
) -> Iterator[Shown]:
    model = _model(files)
    for one in tables.decisions(content):
        names, told = {}, None
        if model is not None:
            try:
                names = _typed(dmn.inputs(model, one.id), one)
                found = dmn.coverage(model, one.id)
            except dmn.UnknownDecision:
                found = None
            if found is not None and one.table is not None:
                told = [*coverage_words.sentences(found, one.table)]
        yield Shown(one, names, told, asked.get(one.id, Asked()))


def _model(files: Mapping[str, bytes]) -> dmn.Model | None:
    """None where it cannot be read: a finding says so."""
    try:
        return dmn.load({name: one for name, one in files.items() if name.endswith(ENDING)})
    except DeploymentRefused:
        return None


def _typed(names: Mapping[str, str], drawn: Drawn) -> dict[str, str]:
    """A column says of what type the variable is that it tests."""
    columns = drawn.table.inputs if drawn.table else ()
    types = {column.says.strip(): column.type for column in columns}
    return {name: type_ or types.get(name, "") for name, type_ in names.items()}


def policies() -> Mapping[str, str]:
    """Hit policies, by their names in the file."""
    return {
        "UNIQUE": _("ต้องตรงกฎเดียว"),
        "FIRST": _("ใช้กฎแรกที่ตรง"),
        "ANY": _("ตรงหลายกฎได้ถ้าผลเหมือนกัน"),
        "PRIORITY": _("ใช้ผลที่สำคัญที่สุด"),
        "COLLECT": _("รวมผลของทุกกฎที่ตรง"),
        "RULE ORDER": _("ทุกผลตามลำดับกฎ"),
        "OUTPUT ORDER": _("ทุกผลตามลำดับความสำคัญ"),
    }


# ---- rules by a form


@site.post("/designer/<model_draft_id>/decisions/<path:file>")
def change_rules(model_draft_id: str, file: str) -> ResponseReturnValue:
    row, form = designer_files.draft(model_draft_id), request.form
    back, decision = designer_files.address(row.id, file), form.get("decision", "")
    content, _files = designer_files.beside(row, file, ENDING)
    drawn = next((one for one in tables.decisions(content) if one.id == decision), None)
    rules = [*_posted(drawn.table)] if drawn and drawn.table else []
    revision = whole_number(form.get("revision", ""))
    try:
        run(ChangeRules(row.id, file, decision, form.get("policy", ""), rules, revision))
    except Stale:
        return designer_files.overtaken(back)
    except Invalid as wrong:
        return _page(row, file, {}, next(iter(designer_files.refused(wrong).values()))), 422
    flash(_("บันทึกกฎแล้ว"), "ok")
    return redirect(f"{back}#table-{decision}", 303)


def _posted(table: Table) -> Iterator[Rule]:
    """Rows in the order of their numbers; a new row that is empty is none."""
    form = request.form
    for at in range(len(table.rules) + 1):
        if f"{at}.remove" in form or f"{at}.id" not in form:
            continue
        tests = [form.get(f"{at}.in.{n}", "").strip() for n in range(len(table.inputs))]
        results = [form.get(f"{at}.out.{n}", "").strip() for n in range(len(table.outputs))]
        note, id_ = form.get(f"{at}.note", "").strip(), form.get(f"{at}.id", "")
        if id_ or any((*tests, *results, note)):
            yield Rule(id_, tests, results, note)


# ---- trying


@site.post("/designer/<model_draft_id>/decisions/<path:file>/try")
@for_readers
def try_decision(model_draft_id: str, file: str) -> ResponseReturnValue:
    row, decision = designer_files.draft(model_draft_id), request.form.get("decision", "")
    content, files = designer_files.beside(row, file, ENDING)
    shown = next((one for one in _shown(content, files, {}) if one.drawn.id == decision), None)
    if shown is None:
        return redirect(designer_files.address(row.id, file), 303)
    asked = Asked({name: request.form.get(f"in.{name}", "") for name in shown.inputs})
    try:
        given = trying.values(asked.given, shown.inputs, now())
        asked.answer = trying.decide(files, decision, given, now=now(), working_time=working_time())
    except trying.Wrong as wrong:
        asked.errors = {wrong.name: _wrong(wrong)}
    return _page(row, file, {decision: asked}), 422 if asked.errors else 200


def _wrong(wrong: trying.Wrong) -> str:
    if wrong.late:
        return _("คิดค่าที่ใส่ไม่ทัน ใส่ค่าให้น้อยลงหรือง่ายลง")
    return _('เขียนเป็นค่าของ FEEL เช่น 5000 หรือ date("2026-01-31")')
