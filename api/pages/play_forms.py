"""The forms of a play: a step's own fields, whose values become the texts of a test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from api.pages.desk import now
from api.pages.form_files import spoken
from api.pages.i18n import language
from forms.definition import BadForm
from forms.files import names_typed
from forms.form import Form, compile_form
from forms.messages import localised
from forms.posted import read_post
from forms.view import Widget, view

#: Before the name of each field: no key of a form has a dot, so none is a name of the page's own.
PREFIX = "f."


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in, as FEEL texts, or what is wrong with it, by field."""

    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def form_of(source: bytes | None) -> Form | None:
    """None where there is none, or none that can be drawn: a finding says so."""
    try:
        return compile_form(source) if source else None
    except BadForm:
        return None


def widgets(
    form: Form,
    known: Mapping[str, Any],
    place: str,
    posted: MultiDict[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Widget]:
    """Of one form of several on a page; `posted`: what was typed in it."""
    typed = {} if posted is None else read_post(form, _bare(posted), known, now())
    drawn = view(form, typed, errors or {}, known, now(), language())
    said = {**known, **typed}
    return [_placed(spoken(one, said), place) for one in drawn]


def filled(
    form: Form, known: Mapping[str, Any], posted: MultiDict[str, str], outcome: str | None
) -> Filled:
    """Judged as the engine judges it. What is empty and was empty is left out."""
    read = read_post(form, _bare(posted), known, now(), outcome)
    read |= {key: names_typed(read[key]) for key in form.files() if key in read}
    made = form.fill(read, known, now(), outcome)
    if made.troubles:
        return Filled(errors={one.key: localised(one.message, language()) for one in made.troubles})
    changed = {k: v for k, v in made.values.items() if v is not None or known.get(k) is not None}
    return Filled({name: feel(value) for name, value in changed.items()})


def _bare(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    ours = posted.items(multi=True)
    return MultiDict([(n.removeprefix(PREFIX), v) for n, v in ours if n.startswith(PREFIX)])


def _placed(one: Widget, place: str) -> Widget:
    """With names and ids that are no other form's; there is no address that draws it anew."""
    return replace(
        one,
        id=f"{place}-{one.id}",
        name=one.name and f"{PREFIX}{one.name}",
        children=tuple(_placed(child, place) for child in one.children),
        refreshes=False,
    )


def every(drawn: list[Widget]) -> Iterator[Widget]:
    """Those within groups too."""
    for one in drawn:
        yield one
        yield from every(list(one.children))


#: ends of lines that JSON leaves as they are
_BREAKS = re.compile("[\x85\u2028\u2029]")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def feel(value: Any) -> str:
    """A value as FEEL, in one line."""
    if isinstance(value, str):
        return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", _quoted(value))
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, Mapping):
        parts = (f"{feel(str(key))}: {feel(one)}" for key, one in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(feel, value)) + "]"
    if isinstance(value, datetime):
        return f'date and time("{value.isoformat()}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    return f'time("{value.isoformat()}")' if isinstance(value, time) else format(value, "f")
