"""A task's fields: its stored form, or (without one) plain fields made from its variables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from api.pages.desk import actor, db, now, system
from api.pages.diagram import diagram_of
from api.pages.form_files import linked, shown_files, spoken, with_files
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from engine.offered import with_lists
from engine.queries import definitions
from engine.queries.tasks import TaskView
from forms.files import Reference, names_typed
from forms.form import Form, compile_form
from forms.posted import read_post
from forms.view import Widget, view
from office.chains.compose.forms import whom_said

#: set by the engine and the office for their own use: never shown as fields or facts
OURS = frozenset({"document_id", "outcome", "return_to", "return_reason", "resume",
                  "returned_by_element", "error_code", "error_message", "loopCounter"})  # fmt: skip
MOST_FIELDS = 30

#: what it is called, and a line to read or files to have
Fact = tuple[str, str | Sequence[Reference]]


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What a person fills in with a task; `form` is None for a task that has no form of its own."""

    form: Form | None
    known: Mapping[str, Any]
    #: variables shown as plain fields, for tasks without a form
    plain: Sequence[str] = ()
    #: the field that holds the endorsement: the page's own text area stands for it
    note: str | None = None
    #: an instance of the case, which has the files that its variables name
    case: str | None = None
    #: in a trial files are named, and not sent
    spoken: bool = False

    @classmethod
    def of(cls, task: TaskView) -> TaskForm:
        if task.task.form:
            source = definitions.form(
                db(), actor().agency_id, UUID(task.definition_id), task.task.form
            )
            form = compile_form(source)
            known, case = _known(source, task.variables), task.task.instance_id
            return cls(form, known, note=_note(form, task.variables), case=case)
        if task.task.outcomes or task.task.act:
            return cls(None, task.variables)
        return cls(None, task.variables, _scalars(task.variables))

    @property
    def takes_files(self) -> bool:
        """Whether what is posted has to be in parts."""
        return self.form is not None and not self.spoken and bool(self.form.files())

    def widgets(
        self, posted: MultiDict[str, Any], errors: Mapping[str, str], outcome: str | None
    ) -> list[Widget]:
        if self.form is None:
            return [_plain(name, self.known[name], posted, errors) for name in self.plain]
        typed: Mapping[str, Any] = (
            read_post(self.form, posted, self.known, now(), outcome) if _was_sent(posted) else {}
        )
        said, known = {**self.known, **typed}, self.known
        if not self.spoken:
            typed, known = shown_files(self.form, typed, known, self.case)
        drawn = view(self.form, typed, errors, known, now(), language(), outcome)
        drawn = [spoken(one, said) for one in drawn] if self.spoken else drawn
        return [_said(widget) for widget in drawn if widget.name != self.note]

    def read(self, posted: MultiDict[str, Any], outcome: str | None) -> dict[str, Any]:
        """Data for the command. A plain field keeps the kind of value that its variable had; files
        that come along are kept at once.
        """
        if self.form is not None:
            posted = posted if self.spoken else with_files(self.form, posted)
            data = read_post(self.form, posted, self.known, now(), outcome)
            if self.spoken:
                data |= {key: names_typed(data[key]) for key in self.form.files() if key in data}
            said = posted.get("comment", "").strip()
            return {**data, self.note: said} if self.note and said else data
        changed = {name: posted[f"var-{name}"] for name in self.plain if f"var-{name}" in posted}
        return {name: _typed(text, self.known[name]) for name, text in changed.items()}


def _said(widget: Widget) -> Widget:
    """What composed forms call by themselves, in the reader's language."""
    return replace(widget, label=whom_said(widget.label)) if language() == "en" else widget


def _note(form: Form, variables: Mapping[str, Any]) -> str | None:
    """A letter's step asks for its เกษียน by a field of its form: one text, asked for once."""
    if "document_id" not in variables:
        return None
    lines = (key for key, item in form.inputs.items() if item.kind == "lines")
    return next((key for key in lines if key.endswith("_note")), None)


def _was_sent(posted: MultiDict[str, Any]) -> bool:
    return "csrf_token" in posted or "command_id" in posted


def start_form(definition_id: str, key: str | None) -> TaskForm:
    if key is None:
        return TaskForm(None, {})
    source = definitions.form(db(), actor().agency_id, UUID(definition_id), key)
    return TaskForm(compile_form(source), _known(source, {}))


def _known(source: bytes, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    return with_lists(system().services, db(), actor().agency_id, source, variables)


def _scalars(variables: Mapping[str, Any]) -> list[str]:
    """Texts, numbers and yes-or-no that a person could mean to change."""
    return [
        name
        for name, value in variables.items()
        if isinstance(value, str | int | Decimal | bool) and name not in OURS
    ][:MOST_FIELDS]


def _plain(name: str, value: Any, posted: MultiDict[str, Any], errors: Mapping[str, str]) -> Widget:
    field = f"var-{name}"
    return Widget(
        kind="line", id=f"f-{field}", name=field, label=name, description="",
        value=posted.get(field, _shown(value)), error=errors.get(name), required=False,
        read_only=False, choices=(), date=None, longest=None, columns=None, rows=None,
        prefix="", suffix="", lines=(), properties={}, children=(), refreshes=False,
    )  # fmt: skip


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _typed(text: str, before: Any) -> Any:
    if isinstance(before, bool):
        return text.strip().lower() == "true"
    if isinstance(before, int | Decimal):
        try:
            return Decimal(text.strip())
        except ArithmeticError:
            return text
    return text


def facts(definition_id: str, variables: Mapping[str, Any], case_id: str) -> list[Fact]:
    """A case's variables, called as the form that starts it calls them."""
    called = labels(definition_id)
    hidden = OURS | diagram_of(definition_id).answers
    shown = [name for name in variables if name not in hidden]
    return [(called.get(name) or name, _fact(variables[name], case_id)) for name in shown]


def labels(definition_id: str) -> Mapping[str, str]:
    """What the form that starts it calls its fields, by variable."""
    row = definitions.one(db(), actor().agency_id, UUID(definition_id))
    form = start_form(row.id, row.start_form).form
    return {} if form is None else {name: one.label for name, one in form.inputs.items()}


def _fact(value: Any, case_id: str) -> str | Sequence[Reference]:
    if files := linked(value, case_id):
        return list(files.values())
    if isinstance(value, bool):
        return _("ใช่") if value else _("ไม่ใช่")
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)[:500]
    return str(value)
