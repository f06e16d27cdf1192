"""forms.view and forms.posted: what a template draws, and what comes back from it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from engine import jsonio
from forms.form import Form, compile_form
from forms.messages import TEXTS, Message, localised
from forms.posted import read_post
from forms.view import Widget, view

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def form(*components: dict[str, Any]) -> Form:
    return compile_form(jsonio.dumps({"components": list(components)}).encode())


def only(made: Form, *args: Any, **more: Any) -> Widget:
    values, errors, known, *rest = args or ({}, {}, {})
    (widget,) = view(made, values, errors, known, NOW, *rest, **more)
    return widget


def test_typed_values_win_over_known_ones_and_both_over_the_default() -> None:
    made = form({"type": "textfield", "key": "a", "defaultValue": "d"})
    assert only(made).value == "d"
    assert only(made, {}, {}, {"a": "k"}).value == "k"
    assert only(made, {"a": "t"}, {}, {"a": "k"}).value == "t"
    assert only(made, {"a": ""}, {}, {"a": "k"}).value == ""


def test_errors_are_said_in_the_readers_language() -> None:
    made = form({"type": "textfield", "key": "a"})
    errors = {"a": Message("too_long", limit=3)}
    assert only(made, {}, errors, {}, "th").error == "ใส่ได้ไม่เกิน 3 ตัวอักษร"
    assert only(made, {}, errors, {}, "en").error == "Enter at most 3 characters."
    assert only(made, {}, {"a": "ข้อความอื่น"}, {}).error == "ข้อความอื่น"


def test_every_message_is_said_in_both_languages() -> None:
    for key in TEXTS:
        message = Message(key, limit=1, name="a", kinds="b")
        assert localised(message, "th") != localised(message, "en")
        assert "{" not in localised(message, "th") + message


def test_hidden_widgets_are_left_out_and_their_sources_refresh() -> None:
    made = form({"type": "checkbox", "key": "x"}, {"type": "textfield", "key": "y"},
                {"type": "textfield", "key": "z", "conditional": {"hide": "=not(x)"}})  # fmt: skip
    shown = view(made, {}, {}, {"x": False}, NOW)
    assert [(w.name, w.refreshes) for w in shown] == [("x", True), ("y", False)]
    assert [w.name for w in view(made, {"x": "on"}, {}, {}, NOW)] == ["x", "y", "z"]


def test_choices_say_which_are_chosen() -> None:
    made = form(
        {"type": "radio", "key": "a", "values": [{"value": "1", "label": "หนึ่ง"}, {"value": "2"}]}
    )
    assert [(c.value, c.label, c.chosen) for c in only(made, {"a": "2"}, {}, {}).choices] == [
        ("1", "หนึ่ง", False),
        ("2", "2", True),
    ]


def test_a_date_is_drawn_in_three_parts_of_the_buddhist_era() -> None:
    made = form({"type": "datetime", "key": "d"})
    date = only(made, {}, {}, {"d": "2026-11-23"}).date
    assert date is not None
    assert (date.day, date.month, date.year) == ("23", "11", "2569")
    assert date.months[10] == "พฤศจิกายน"


def test_texts_may_hold_expressions() -> None:
    made = form({"type": "text", "text": "ลา {{days}} วัน\nโดย {{who}}"})
    assert only(made, {}, {}, {"days": Decimal(3)}).lines == ["ลา 3 วัน", "โดย –"]
    assert only(form({"type": "text", "text": "=a + b"}), {}, {}, {"a": "x", "b": "y"}).lines == [
        "xy"
    ]


def test_markup_in_values_stays_text() -> None:
    made = form({"type": "text", "text": "{{a}}"})
    assert only(made, {}, {}, {"a": "<script>{{b}}"}).lines == ["<script>{{b}}"]


def test_a_post_puts_back_what_browsers_leave_out() -> None:
    made = form(
        {"type": "checkbox", "key": "a"}, {"type": "checkbox", "key": "b"},
        {"type": "checklist", "key": "c", "values": [{"value": "1"}, {"value": "2"}]},
        {"type": "datetime", "key": "d"}, {"type": "datetime", "key": "e"},
        {"type": "textfield", "key": "f"}, {"type": "checkbox", "key": "locked", "readonly": True},
    )  # fmt: skip
    posted = MultiDict(
        [("b", "on"), ("c", "1"), ("c", "2"), ("d-day", "๕"), ("d-month", "12"), ("d-year", "2569"),
         ("e-day", ""), ("e-month", ""), ("e-year", ""), ("f", "x"), ("csrf_token", "t")]
    )  # fmt: skip
    known = {"locked": True, "a": True}
    data = read_post(made, posted, known, NOW)
    assert data == {"a": False, "b": True, "c": ["1", "2"], "d": "๕/12/2569", "e": "", "f": "x"}
    assert made.fill(data, known, NOW).troubles == ()


def test_a_half_filled_date_is_a_trouble_not_nothing() -> None:
    made = form({"type": "datetime", "key": "d"})
    data = read_post(made, MultiDict([("d-day", "5"), ("d-month", ""), ("d-year", "")]), {}, NOW)
    assert [t.message.key for t in made.fill(data, {}, NOW).troubles] == ["date"]


def test_hidden_fields_are_not_read_from_a_post() -> None:
    made = form({"type": "checkbox", "key": "x"},
                {"type": "checkbox", "key": "y", "conditional": {"hide": "=not(x)"}})  # fmt: skip
    assert read_post(made, MultiDict(), {}, NOW) == {"x": False}
