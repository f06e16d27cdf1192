"""forms.reading: a definition is read whole, or refused with every finding at its pointer."""

from __future__ import annotations

from typing import Any

import pytest

from engine import jsonio
from forms.definition import BadForm, Finding
from forms.reading import read


def source(*components: dict[str, Any], **more: Any) -> bytes:
    return jsonio.dumps({"type": "default", "components": list(components), **more}).encode()


def findings(*components: dict[str, Any]) -> list[Finding]:
    with pytest.raises(BadForm) as refused:
        read(source(*components))
    return list(refused.value.findings)


FIELD = {"type": "textfield", "key": "subject", "label": "เรื่อง"}


@pytest.mark.parametrize(
    ("component", "pointer"),
    [
        ({"type": "iframe"}, "/components/0/type"),
        ({"label": "no type"}, "/components/0/type"),
        ({"type": ["iframe"]}, "/components/0/type"),
        ({"type": {"textfield": 1}}, "/components/0/type"),
        ("text", "/components/0/type"),
        ({"type": "textfield"}, "/components/0/key"),
        ({**FIELD, "key": "a.b"}, "/components/0/key"),
        ({**FIELD, "key": "1st"}, "/components/0/key"),
        ({**FIELD, "validate": {"pattern": "(?=x)"}}, "/components/0/validate/pattern"),
        ({**FIELD, "validate": {"pattern": "x" * 501}}, "/components/0/validate/pattern"),
        ({**FIELD, "validate": {"minLength": -1}}, "/components/0/validate/minLength"),
        ({**FIELD, "validate": {"required": "yes"}}, "/components/0/validate/required"),
        ({**FIELD, "validate": {"script": "x"}}, "/components/0/validate/script"),
        ({**FIELD, "validate": {"validationType": "x"}}, "/components/0/validate/validationType"),
        ({**FIELD, "conditional": {"hide": "amount > 1"}}, "/components/0/conditional/hide"),
        ({**FIELD, "conditional": {"hide": "=1 +"}}, "/components/0/conditional/hide"),
        ({**FIELD, "conditional": {"show": "=true"}}, "/components/0/conditional"),
        ({**FIELD, "readonly": "yes"}, "/components/0/readonly"),
        ({**FIELD, "label": 5}, "/components/0/label"),
        ({**FIELD, "layout": {"columns": 99}}, "/components/0/layout/columns"),
        ({**FIELD, "properties": {"widget": "rocket"}}, "/components/0/properties/widget"),
        ({**FIELD, "properties": {"widget": ["rocket"]}}, "/components/0/properties/widget"),
        ({"type": "select", "key": "x"}, "/components/0/values"),
        ({"type": "radio", "key": "x", "values": [{"value": 1}]}, "/components/0/values/0"),
        (
            {"type": "radio", "key": "x", "values": [{"value": "a"}, {"value": "a"}]},
            "/components/0/values",
        ),
        ({"type": "datetime", "key": "x", "subtype": "time"}, "/components/0/subtype"),
        ({"type": "number", "key": "x", "validate": {"min": "1"}}, "/components/0/validate/min"),
        ({"type": "group", "path": "a", "components": []}, "/components/0/path"),
        (
            {"type": "group", "components": [{"type": "nothing"}]},
            "/components/0/components/0/type",
        ),
    ],
)
def test_a_mistake_is_found_at_its_pointer(component: Any, pointer: str) -> None:
    assert pointer in [found.pointer for found in findings(component)]


def test_every_finding_says_what_to_do() -> None:
    found = findings({"type": "iframe"}, {"type": "textfield", "key": "a b"})
    assert len(found) == 2
    assert all(one.message.startswith("Expected") and one.mend for one in found)


def test_a_key_may_stand_once() -> None:
    found = findings(FIELD, {"type": "group", "components": [FIELD]})
    assert [one.pointer for one in found] == ["/components/1/components/0/key"]
    assert "/components/0" in found[0].message


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"components": 1}', b'"\xff"'])
def test_what_is_no_form_is_one_finding(content: bytes) -> None:
    with pytest.raises(BadForm) as refused:
        read(content)
    assert [one.pointer for one in refused.value.findings] == [""]


def test_too_many_components_are_refused_once() -> None:
    found = findings(*({"type": "separator"} for _ in range(600)))
    assert len(found) == 1
    assert "500" in found[0].message


def test_groups_nest_only_so_deep() -> None:
    inner: dict[str, Any] = {"type": "separator"}
    for _ in range(12):
        inner = {"type": "group", "components": [inner]}
    assert "8 deep" in findings(inner)[0].message


def test_a_submit_button_is_left_to_the_page() -> None:
    assert [item.key for item in read(source(FIELD, {"type": "button", "action": "submit"}))] == [
        "subject"
    ]


def test_a_widget_property_decides_what_is_drawn() -> None:
    kinds = {
        name: read(source({**FIELD, "properties": {"widget": name}}))[0].kind
        for name in ("person", "people", "org-unit", "attachment", "be-date", "thai-id")
    }
    assert kinds == {
        "person": "person",
        "people": "people",
        "org-unit": "unit",
        "attachment": "attachment",
        "be-date": "date",
        "thai-id": "citizen",
    }
