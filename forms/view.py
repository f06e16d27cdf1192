"""What a form looks like: a tree of widgets with everything that a template needs to draw it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from forms.conditions import BadCondition, Condition, ConditionFailed
from forms.definition import Component
from forms.files import KINDS, listed, references
from forms.form import Form, Values, hidden, locked
from forms.messages import localised
from forms.thai import BUDDHIST, ENGLISH_MONTHS, MONTHS, parse_date

_ALL_KINDS = ",".join(f".{kind}" for kind in KINDS)
_TEMPLATE = re.compile(r"\{\{(.{1,500}?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DateParts:
    """Day, month and Buddhist year as text, and the months' names (the first is January)."""

    day: str
    month: str
    year: str
    months: Sequence[str]


@dataclass(frozen=True, slots=True)
class Widget:
    """One thing to draw. `kind` is line, lines, number, check, radio, select, checks, tags, date,
    person, people, unit, attachment, files, citizen, note, group or rule. Inputs are posted under
    `name`; a date as `name-day`, `name-month`, `name-year`, or as one text under `name`.
    """

    kind: str
    id: str
    name: str | None
    label: str
    description: str
    #: text for single inputs; True or False for check; a tuple of texts for checks and tags; a
    #: tuple of references for files
    value: Any
    error: str | None
    required: bool
    read_only: bool
    choices: Sequence[Choice]
    date: DateParts | None
    longest: int | None
    columns: int | None
    rows: int | None
    prefix: str
    suffix: str
    #: paragraphs of a note
    lines: Sequence[str]
    properties: Mapping[str, str]
    children: Sequence[Widget]
    #: another field's condition reads this one: fetch the form anew when it changes
    refreshes: bool
    #: of a field for files: HTML's `accept`, the kinds as people read them, whether several
    accept: str = ""
    kinds: str = ""
    several: bool = False


def view(
    form: Form,
    values: Values,
    errors: Mapping[str, str],
    known: Values,
    now: datetime,
    locale: str = "th",
    outcome: str | None = None,
) -> list[Widget]:
    """Widgets to draw, hidden ones left out. `values` (what was typed) win over `known`."""
    drawing = _Drawing(form, values, errors, known, now, locale, outcome)
    return list(drawing.widgets(form.components))


class _Drawing:
    def __init__(
        self, form: Form, values: Values, errors: Mapping[str, str], known: Values,
        now: datetime, locale: str, outcome: str | None,
    ) -> None:  # fmt: skip
        self.form, self.errors, self.locale = form, errors, locale
        defaults = {k: item.default for k, item in form.inputs.items() if item.default is not None}
        self.raw = {**defaults, **known, **values}
        self.situation = form.situation(form.clean_part(self.raw), known, now, outcome)
        form.visible(self.situation)
        self.read = form.names_read()

    def widgets(self, components: Sequence[Component]) -> Iterator[Widget]:
        for item in components:
            if not hidden(item, self.situation):
                yield self.widget(item)

    def widget(self, item: Component) -> Widget:
        raw = self.raw.get(item.key) if item.key else None
        error = self.errors.get(item.key) if item.key else None
        return Widget(
            kind=item.kind,
            id=f"f-{item.key or item.id}",
            name=item.key,
            label=self.text(item.label),
            description=self.text(item.description),
            value=_shown_value(item, raw),
            error=localised(error, self.locale) if error else None,
            required=item.rules.required,
            read_only=self.locked(item),
            choices=self.choices(item, raw),
            date=self.date_parts(raw) if item.kind == "date" else None,
            longest=item.rules.longest,
            columns=item.columns,
            rows=item.rows,
            prefix=item.prefix,
            suffix=item.suffix,
            lines=self.text(item.text).strip().splitlines() if item.kind == "note" else (),
            properties=item.properties,
            children=tuple(self.widgets(item.children)),
            refreshes=item.key in self.read,
            accept=item.accept or _ALL_KINDS,
            kinds=listed(item.accept) if item.kind == "files" else "",
            several=item.several,
        )

    def locked(self, item: Component) -> bool:
        try:
            return locked(item, self.situation)
        except ConditionFailed:
            return True

    def choices(self, item: Component, raw: Any) -> Sequence[Choice]:
        named = raw if isinstance(raw, list) else [raw]
        chosen = {one for one in named if isinstance(one, str)}
        options = self.form.options(item, self.situation)
        return tuple(Choice(o.value, o.label, o.value in chosen) for o in options)

    def date_parts(self, raw: Any) -> DateParts:
        months = MONTHS if self.locale == "th" else ENGLISH_MONTHS
        day = raw if isinstance(raw, date) else parse_date(raw) if isinstance(raw, str) else None
        if day is None:
            return DateParts("", "", "", months)
        return DateParts(str(day.day), str(day.month), str(day.year + BUDDHIST), months)

    def text(self, text: str) -> str:
        """A text with its `=FEEL` or `{{FEEL}}` worked out."""
        if text.startswith("="):
            return self.expression(text[1:])
        return _TEMPLATE.sub(lambda found: self.expression(found[1]), text)

    def expression(self, text: str) -> str:
        try:
            value = Condition.parse(text).value(self.situation)
        except (BadCondition, ConditionFailed):
            return "–"
        return "–" if value is None else str(value)


def _shown_value(item: Component, raw: Any) -> Any:
    if item.kind == "check":
        return raw in {True, "on", "true"} if not isinstance(raw, list | dict) else False
    if item.kind == "files":
        return tuple(references(raw))
    if item.kind in {"checks", "tags", "people"}:
        return tuple(raw) if isinstance(raw, list) else ()
    if raw is None:
        return ""
    if isinstance(raw, Decimal):
        return format(raw, "f")
    return raw.isoformat() if isinstance(raw, date) else str(raw)
