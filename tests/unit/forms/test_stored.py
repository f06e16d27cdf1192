"""forms.stored: the engine's port over stored definitions."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.ports import Forms
from forms.messages import Message
from forms.stored import StoredForms

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SOURCE = b'{"components": [{"type": "datetime", "key": "day", "validate": {"required": true}}]}'


def test_it_is_the_engines_port() -> None:
    port: Forms = StoredForms()
    assert port.check("a.form.json", SOURCE) == []
    assert port.keys(SOURCE) == ["day"]
    assert port.clean(SOURCE, {"day": "1/1/2570"}, {}, NOW).values == {"day": date(2027, 1, 1)}


def test_the_variables_that_a_form_reads_are_known() -> None:
    source = b"""{"components": [
      {"type": "number", "key": "n", "validate": {"min": "=low + 1", "max": "=limit"}},
      {"type": "textfield", "key": "t", "conditional": {"hide": "=kind = \\"other\\""},
       "readonly": "=done"},
      {"type": "select", "key": "s", "valuesKey": "all"}]}"""
    port = StoredForms()
    assert port.check("a.form.json", source) == []
    assert port.reads(source) == ["all", "done", "kind", "limit", "low"]
    assert port.reads(SOURCE) == port.reads(b'{"components": [{"type": "x"}]}') == []


def test_errors_carry_messages_that_can_be_said_in_thai() -> None:
    (error,) = StoredForms().clean(SOURCE, {}, {}, NOW).errors
    assert error.path == "day"
    assert isinstance(error.message, Message)


def test_a_field_for_files_is_refused_anew_and_still_opens_where_it_is_in_use() -> None:
    source = b"""{"components": [{"type": "group", "components": [
      {"type": "textfield", "key": "f", "properties": {"widget": "attachment"}}]}]}"""
    port = StoredForms()
    ((pointer, message, mend),) = port.check("a.form.json", source)
    assert pointer == "/components/0/components/0/properties/widget"
    assert "this one takes a text" in message
    assert "filepicker" in mend
    assert port.keys(source) == ["f"]
    assert port.clean(source, {"f": "a.pdf"}, {}, NOW).values == {"f": "a.pdf"}
    (other,) = port.check("a", source.replace(b'"attachment"', b'"rocket"'))
    assert "attachment" not in other[2]


def test_findings_have_pointer_message_and_mend() -> None:
    ((pointer, message, mend),) = StoredForms().check("x", b'{"components": [{"type": "x"}]}')
    assert pointer == "/components/0/type"
    assert message.startswith("Expected")
    assert mend
    assert StoredForms().keys(b'{"components": [{"type": "x"}]}') == []
