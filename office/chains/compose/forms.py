"""The forms of a chain: the one that starts it, and one for each step that may change fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from office.chains.model import (
    Ask,
    Chain,
    Field,
    Inform,
    appointed_variable,
    names_several,
    outcome_variable,
)

_TYPES = {
    "text": "textfield",
    "lines": "textarea",
    "number": "number",
    "date": "datetime",
    "check": "checkbox",
    "choice": "select",
    "person": "textfield",
    "files": "filepicker",
}
#: what the field is called that names who does a step
_WHOM, _WHOM_ENGLISH = "ผู้ทำขั้น “%s”", "Who does “%s”"


def forms(chain: Chain) -> Iterator[tuple[str, bytes]]:
    """File names with their contents."""
    if chain.fields:
        yield _file(chain.start_form, chain.fields)
    for step in chain.walk():
        if isinstance(step, Ask) and asks(chain, step):
            fields = [field for field in chain.fields if field.key in step.edits]
            named = [
                _appointment(appointment(one, english=chain.english), _refuses(step))
                for one in chain.appointed(step.id)
            ]
            yield _file(chain.form_of(step), fields, named)


def asks(chain: Chain, step: Ask) -> bool:
    """Whether the step has a form of its own."""
    return bool(step.edits or chain.appointed(step.id))


def asking(
    key: str, fields: Sequence[Field], answers: Sequence[Ask] = (), *, english: bool = False
) -> bytes:
    """A form that asks for these fields, and for the answers of these steps."""
    return _file(key, fields, [_answer(step, english) for step in answers])[1]


def _answer(step: Ask, english: bool) -> Mapping[str, Any]:
    key = outcome_variable(step)
    going_on = [one for one in step.outcomes if not one.refuses]
    return {
        "type": "select",
        "id": key,
        "key": key,
        "label": (f"Answer of “{step.name}”" if english else f"คำตอบของขั้น “{step.name}”"),
        "values": [
            {"value": one.id, "label": one.name_en if english else one.name} for one in going_on
        ],
    }


def appointment(step: Ask | Inform, *, english: bool = False, required: bool = True) -> Field:
    """The field for whoever is chosen to do the step."""
    return Field(
        appointed_variable(step.id), whom(step, english=english), "person", required,
        several=names_several(step),
    )  # fmt: skip


def whom(step: Ask | Inform, *, english: bool = False) -> str:
    """What the field is called for whoever is chosen to do the step."""
    return (_WHOM_ENGLISH if english else _WHOM) % step.name


def whom_said(label: str) -> str:
    """In English, what a form has as `whom` in Thai; any other label as it is."""
    before, after = _WHOM.split("%s")
    ours = label.startswith(before) and label.endswith(after)
    return _WHOM_ENGLISH % label.removeprefix(before).removesuffix(after) if ours else label


def _refuses(step: Ask) -> str:
    """FEEL over the form's outcome, true where nobody is named. Empty: somebody always is."""
    return " or ".join(f'outcome = "{no}"' for no in step.noes)


def _appointment(field: Field, refuses: str) -> Mapping[str, Any]:
    made = dict(_component(field))
    return made | {"conditional": {"hide": f"={refuses}"}} if refuses else made


def _file(
    key: str, fields: Sequence[Field], more: Sequence[Mapping[str, Any]] = ()
) -> tuple[str, bytes]:
    form = {
        "type": "default",
        "schemaVersion": 18,
        "id": key,
        "components": [*map(_component, fields), *more],
    }
    return f"{key}.form.json", json.dumps(form, ensure_ascii=False, indent=2).encode()


def _component(field: Field) -> Mapping[str, Any]:
    made: dict[str, Any] = {"type": _TYPES[field.kind], "id": field.key, "key": field.key}
    if field.kind == "date":
        made |= {"subtype": "date", "dateLabel": field.label}
    else:
        made["label"] = field.label
    if field.kind == "choice":
        made["values"] = [{"value": option, "label": option} for option in field.options]
    if field.kind == "files" and field.accept:
        made["accept"] = field.accept
    if field.kind == "files" and field.several:
        made["multiple"] = True
    if field.kind == "person":
        made["properties"] = {"widget": "people" if field.several else "person"}
    if field.required and field.kind != "check":
        made["validate"] = {"required": True}
    return made


@dataclass(frozen=True, slots=True)
class Read:
    """A form of the composer: fields, and the variables of those who are named in it, each with
    when nobody is, and whether several are.
    """

    fields: tuple[Field, ...]
    appoints: tuple[tuple[str, str, bool], ...] = ()


def read_form(source: bytes) -> Read:
    """What `forms` has written. ValueError where it is another form."""
    raw = json.loads(source)
    try:
        parts = [one for one in raw["components"] if not _is_appointment(one)]
        named = [one for one in raw["components"] if _is_appointment(one)]
        found = tuple(_field(component) for component in parts)
        appoints = tuple((one["key"], _hidden(one), _field(one).several) for one in named)
        again = [
            _appointment(Field(key, one["label"], "person", several=several), refuses)
            for one, (key, refuses, several) in zip(named, appoints, strict=True)
        ]
    except (KeyError, TypeError, AttributeError, StopIteration) as wrong:
        raise ValueError("Expected a form of the composer.") from wrong
    if [*map(dict, map(_component, found)), *again] != raw["components"]:
        raise ValueError("Expected a form of the composer.")
    return Read(found, appoints)


def read_fields(source: bytes) -> tuple[Field, ...]:
    """The fields of a form in which nobody is named. ValueError where it is another form."""
    found = read_form(source)
    if found.appoints:
        raise ValueError("Expected a form in which nobody is named.")
    return found.fields


def _is_appointment(component: Mapping[str, Any]) -> bool:
    key = component["key"]
    return isinstance(key, str) and key.endswith(appointed_variable(""))


def _hidden(component: Mapping[str, Any]) -> str:
    hide: str = component.get("conditional", {"hide": ""})["hide"]
    return hide.removeprefix("=")


def _field(component: Mapping[str, Any]) -> Field:
    widget = component.get("properties", {}).get("widget", "")
    kind: Any = "person" if widget in _PERSONS else _KINDS[component["type"]]
    return Field(
        key=component["key"],
        label=component.get("label") or component.get("dateLabel") or "",
        kind=kind,
        required=kind != "check" and "validate" in component,
        options=tuple(option["value"] for option in component.get("values", ())),
        several=component.get("multiple", widget == "people"),
        accept=component.get("accept", ""),
    )


_PERSONS = ("person", "people")
_KINDS = {tag: kind for kind, tag in _TYPES.items() if kind != "person"}
