"""Whoever draws reads in Thai what is wrong here, with every name, and how to mend it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.sketches import drawn
from support.walking import ACTIONS

import engine
import forms
from api.pages import finding_words
from api.pages.designer_tests import CAUSED
from api.pages.finding_words import Template, in_thai, read
from engine import feel, runtime
from engine.runtime.lint.documented import Documented, documented
from engine.runtime.parse import instead
from forms.messages import TEXTS, Message, localised
from forms.stored import StoredForms
from office.modeling import judging
from office.modeling.verdicts import Failure

ENGINE = Path(engine.__file__).parent
FILES = sorted(f.name for f in (Path(finding_words.__file__).parent / "findings").iterdir())
TEMPLATES = [template for name in FILES for template in read(name)]
_THAI = re.compile("[ก-๙]")
_NAMED = re.compile("“([^“”]+)”")
#: calls that find something, and at which argument their message stands
_FINDERS = {"error": 2, "warning": 2, "warn": 2, "_whole": 2, "Problem": 5}
#: whose places hold words instead of names, each of them tried by a documented diagram
_PIECED = {"Expected Q1Q, but there are Q3Q.", "Expected Q1Q only where it means something, "
           "but at “Q3Q” Q5Q."}  # fmt: skip


def _text(node: ast.expr) -> str | None:
    """A literal with a name of its own at each place; None where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    said = ""
    for n, part in enumerate(node.values):
        if isinstance(part, ast.Constant):
            said += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            written = ast.unparse(part.value)
            hint = written.endswith("meant") or written.startswith("_hint(")
            said += "" if hint else f"“Q{n}Q”" if written.startswith("called(") else f"Q{n}Q"
    return said


def _written() -> Iterator[tuple[str, str]]:
    """Each message and mend that stands as a literal in a call that finds something."""
    for file in [*(ENGINE / "runtime").rglob("*.py"), *(ENGINE / "dmn").rglob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            at = _FINDERS.get(name)
            for argument in call.args[at : at + 2] if at is not None else ():
                text = _text(argument)
                if text and " " in text and text not in _PIECED:
                    yield f"{file.name}:{argument.lineno}", text


WRITTEN = list(dict.fromkeys(_written()))


@pytest.mark.parametrize(("place", "text"), WRITTEN, ids=map(" ".join, WRITTEN))
def test_every_finding_of_the_engine_has_thai_words(place: str, text: str) -> None:
    said = in_thai(text)
    assert said is not None, f"{place}: {text}"
    assert _THAI.search(said)
    assert Counter(re.findall(r"Q\d+Q", said)) == Counter(re.findall(r"Q\d+Q", text))


def test_the_calls_that_find_are_seen() -> None:
    assert len(WRITTEN) > 180


def test_what_is_drawn_instead_has_thai_words() -> None:
    tables = (instead.ELEMENTS, *(v for k, v in vars(instead).items() if k.isupper()))
    texts = {t for table in tables if isinstance(table, dict) for t in table.values()}
    assert len(texts) > 20
    assert [text for text in texts if in_thai(text) is None] == []


@pytest.mark.parametrize("rule", list(documented()), ids=lambda rule: rule.code)
def test_documented_findings_are_told_with_every_name(rule: Documented) -> None:
    for found in runtime.check(drawn(rule.bad).files, actions=ACTIONS, forms=StoredForms()):
        for text in (found.message, found.mend):
            said = in_thai(text)
            assert said is not None, text
            assert not re.search("Expected|, but", said), said
            assert [name for name in _NAMED.findall(text) if name not in said] == [], said


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: " … ".join(one.literals))
def test_each_template_says_the_same_names_in_thai(template: Template) -> None:
    assert _THAI.search(template.thai)
    assert not _THAI.search("".join(template.literals))
    placed = re.findall(r"\{([a-z_]+)\}", template.thai)
    assert Counter(placed) == Counter(template.places)
    assert len(set(template.places)) == len(template.places)
    assert not template.thai.endswith(".")


def test_no_template_stands_twice() -> None:
    for name in FILES:
        assert [k for k, n in Counter(t.literals for t in read(name)).items() if n > 1] == []
    whole = Counter(
        t.literals for name in FILES if name not in finding_words._PARTS for t in read(name)
    )
    assert [literals for literals, n in whole.items() if n > 1] == []


@pytest.mark.parametrize("name", [
    "Expected a flow to “x”, but none leads there.", "” can never be reached from a start event",
    "“”", "{node}", "a, but there are {n}", " ", "\n", "” (userTask) does not", ".",
])  # fmt: skip
def test_a_name_with_a_templates_words_changes_no_other_text(name: str) -> None:
    said = in_thai(f"Expected a flow to “{name}”, but none leads there.")
    assert said in (f"ต้องมีเส้นไปถึง “{name}” แต่ไม่มี", None)
    message = f"Expected conditions only where the process decides, but “{name}” (task) does not."
    two = in_thai(message)
    assert two in (
        f"เงื่อนไขใช้ได้เฉพาะที่กระบวนการเลือกทาง แต่ “{name}” (task) ไม่ได้เลือกทาง", None
    )  # fmt: skip


def test_a_text_that_can_be_read_in_two_ways_is_left_in_english() -> None:
    text = "Expected no flow into “a, but b”, but c, but f leads there."
    assert in_thai(text) is None
    assert in_thai("Expected something that nobody has words for yet.") is None


@pytest.mark.parametrize("wrong", [
    "1 +", "(1", "a b c ]", "", "if x then 1", '"open', "[1..2", "f(1, a: 2)", "x.", "@1", "^",
    "(" * 500 + "1", "for x in", "1 2", "function(x) external {}",
    "x instance of <",
])  # fmt: skip
def test_what_feel_says_of_a_text_is_told_too(wrong: str) -> None:
    try:
        feel.parse(wrong)
    except feel.FeelError as error:
        said = in_thai(f"Expected FEEL, but “{wrong}” is not: {str(error).rstrip('.')}.")
        assert said is not None
        assert "Expected" not in said, said
    else:
        pytest.fail("read as FEEL")


def test_long_texts_take_no_longer_than_they_are() -> None:
    name = "” waits for “" * 20_000
    assert in_thai(f"The message flow is only drawn: “{name}” sends no message.") is not None


FORMS = Path(forms.__file__).parent


def test_every_finding_of_forms_has_thai_words() -> None:
    seen = 0
    for call in ast.walk(ast.parse((FORMS / "reading.py").read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            for text in filter(None, map(_text, call.args)):
                if text.startswith("Expected"):
                    seen += 1
                    assert in_thai(text) is not None, text
    assert seen > 15


#: calls that end a case's way, and at which argument their message stands
_STOPPERS = {"Stuck": 1, "BadTime": 0, "_limit": 1, "_too_deep": 1}


def _stopping() -> Iterator[tuple[str, str]]:
    for file in sorted((ENGINE / "runtime").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call):
                at = _STOPPERS.get(getattr(call.func, "id", ""))
                text = _text(call.args[at]) if at is not None and len(call.args) > at else None
                if text and " " in text and not text.startswith("Expected Q"):
                    yield f"{file.name}:{call.lineno}", text


STOPPING = list(_stopping())


@pytest.mark.parametrize(("place", "text"), STOPPING, ids=map(" ".join, STOPPING))
def test_why_a_case_cannot_go_on_is_said_in_thai(place: str, text: str) -> None:
    said = finding_words.feel_in_thai(text)
    assert not re.search("Expected|but |at most|calls|levels", said), f"{place}: {said}"


def test_the_calls_that_stop_a_case_are_seen() -> None:
    assert len(STOPPING) > 20


#: what a failure can say beside a value: a sentence, of FEEL or of a form
SENTENCES = ("1:2 Expected an expression, but the text is empty.", "Choose one of the options.",
             "Enter at most 5 characters.")  # fmt: skip
RED = [(code, found) for code in sorted(judging._SAID)
       for found in ("5", "", *(SENTENCES if code in CAUSED else ()))]  # fmt: skip


@pytest.mark.parametrize(("code", "found"), RED)
def test_a_red_test_is_told_in_thai_with_its_cause(code: str, found: str) -> None:
    why = judging.said(Failure(code, "work", "3", found))
    said = in_thai(f"Expected the test “ขอลา 3 วัน” to be green, but {why}.")
    assert said is not None
    assert said.startswith("การทดสอบ “ขอลา 3 วัน” ไม่ผ่าน: ")
    told = said.partition("ไม่ผ่าน: ")[2].replace("nothing", "")
    assert not re.search("[A-Za-z]{3,}", told.replace("work", "")), told


@pytest.mark.parametrize("key", TEXTS)
def test_what_forms_say_is_told_within_a_test(key: str) -> None:
    message = Message(key, limit=5, name="a.txt", kinds="pdf")
    assert finding_words.feel_in_thai(str(message)) == localised(message, "th")


@pytest.mark.parametrize(("text", "known"), [
    ("amount > 1", {"amount": "much"}), ("amount > 1", {"amount": None}), ("amount", {"amount": 5}),
    ("amount", {"amount": "x"}), ("amount + 1", {"amount": "x"}), ("nothing", {}),
    ("amount / 0 > 1", {"amount": 5}), ("sum(amount) > 1", {"amount": "x"}), ("a.b", {"a": {}}),
    ("amount between 1 and 2", {"amount": "x"}), ("max(amount) > 1", {"amount": []}), ("1 +", {}),
    ("amount", {"amount": [1]}), ("amount", {"amount": {"a": 1}}),
])  # fmt: skip
def test_why_a_condition_cannot_be_told_is_said_in_thai(text: str, known: dict[str, Any]) -> None:
    with pytest.raises(feel.FeelError) as raised:
        feel.condition(text, known, now=datetime(2026, 1, 1, tzinfo=UTC))
    said = finding_words.feel_in_thai(str(raised.value))
    assert re.match("บรรทัด 1 ตัวที่ [0-9]+ ", said), said
    assert not re.search("Expected|but got|null|there is", said), said
