"""A letter's fields to content and back: nothing is lost that the form does not show."""

from __future__ import annotations

from support.samples import sample
from werkzeug.datastructures import MultiDict

from api.pages import letter_form


def _posted(values):
    """The form's values as a browser sends them."""
    fields = []
    for name, value in values.items():
        if name == "enclosures":
            fields += [("enclosure", row[0]) for row in value]
            fields += [("enclosure_qty", row[1]) for row in value]
        elif name in {"refs", "cc"}:
            fields += [(name, row[0]) for row in value]
        elif name == "consult_units":
            fields += [(name, one) for one in value]
        elif name == "circular":
            fields += [(name, "1")] if value else []
        else:
            fields.append((name, str(value)))
    return MultiDict(fields)


def test_a_letter_comes_back_as_it_went():
    letter = {k: v for k, v in sample("S01").items() if k not in {"id", "number", "date"}}
    again = letter_form.read(_posted(letter_form.values(letter)), letter)
    shown = ("subject", "to", "paragraphs", "refs", "cc", "attachments", "position_lines",
             "salutation", "closing", "address", "contact", "owner_unit", "priority")  # fmt: skip
    assert {name: again[name] for name in shown} == {name: letter[name] for name in shown}


def test_what_the_form_does_not_show_stays():
    letter = sample("S03")
    letter["extra"] = {"tables": [{"caption": "ตาราง"}], "circular": True}
    again = letter_form.read(_posted(letter_form.values(letter)), letter)
    assert again["extra"]["tables"] == [{"caption": "ตาราง"}]
    assert again["extra"]["circular"] is True


def test_empty_rows_and_air_between_paragraphs_are_dropped():
    content = letter_form.read(
        MultiDict([("paragraphs", "หนึ่ง\r\n\r\n  สอง  \r\n"), ("refs", ""), ("refs", " ก "),
                   ("enclosure", "แผนที่"), ("enclosure", " "), ("enclosure_qty", "จำนวน ๑ แผ่น")]),
        {},
    )  # fmt: skip
    assert content["paragraphs"] == ["หนึ่ง", "สอง"]
    assert content["refs"] == ["ก"]
    assert content["attachments"] == [{"name": "แผนที่", "qty": "จำนวน ๑ แผ่น"}]


def test_a_degree_that_is_not_one_is_the_usual():
    for rubbish in ("", "9", "-1", "ด่วน", "1" * 50):
        assert letter_form.read(MultiDict([("priority", rubbish)]), {})["priority"] == "ปกติ"
    assert letter_form.read(MultiDict([("priority", "4")]), {})["priority"] == "ด่วนที่สุด"
