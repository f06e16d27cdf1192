"""The forms of a chain: the one that starts it, and one for each step that may change fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from office.chains.model import Ask, Chain, Field

_TYPES = {
    "text": "textfield",
    "lines": "textarea",
    "number": "number",
    "date": "datetime",
    "check": "checkbox",
    "choice": "select",
    "person": "textfield",
}


def forms(chain: Chain) -> Iterator[tuple[str, bytes]]:
    """File names with their contents."""
    if chain.fields:
        yield _file(chain.start_form, chain.fields)
    for step in chain.walk():
        if isinstance(step, Ask) and step.edits:
            fields = [field for field in chain.fields if field.key in step.edits]
            yield _file(chain.form_of(step), fields)


def asking(key: str, fields: Sequence[Field]) -> bytes:
    """A form that asks for these fields."""
    return _file(key, fields)[1]


def _file(key: str, fields: Sequence[Field]) -> tuple[str, bytes]:
    form = {
        "type": "default",
        "schemaVersion": 18,
        "id": key,
        "components": [_component(field) for field in fields],
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
    if field.kind == "person":
        made["properties"] = {"widget": "person"}
    if field.required and field.kind != "check":
        made["validate"] = {"required": True}
    return made


def read_fields(source: bytes) -> tuple[Field, ...]:
    """The fields of a form that `forms` has written. ValueError where it is another form."""
    raw = json.loads(source)
    try:
        found = tuple(_field(component) for component in raw["components"])
    except (KeyError, TypeError, StopIteration) as wrong:
        raise ValueError("Expected a form of the composer.") from wrong
    if [dict(_component(field)) for field in found] != raw["components"]:
        raise ValueError("Expected a form of the composer.")
    return found


def _field(component: Mapping[str, Any]) -> Field:
    person = component.get("properties") == {"widget": "person"}
    kind: Any = "person" if person else _KINDS[component["type"]]
    return Field(
        key=component["key"],
        label=component.get("label") or component.get("dateLabel") or "",
        kind=kind,
        required=kind != "check" and "validate" in component,
        options=tuple(option["value"] for option in component.get("values", ())),
    )


_KINDS = {tag: kind for kind, tag in _TYPES.items() if kind != "person"}
