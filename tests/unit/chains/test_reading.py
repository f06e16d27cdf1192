"""A diagram opens as cards while it keeps to their patterns, else the element is named."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.purchase import PURCHASE

from office.chains import words
from office.chains.compose import compose
from office.chains.errors import NotComposable
from office.chains.reading import read

FILES = compose(PURCHASE)
DIAGRAM = FILES["purchase.bpmn"].decode()


def changed(pattern: str, by: str) -> dict[str, bytes]:
    text, times = re.subn(pattern, by, DIAGRAM, count=1, flags=re.DOTALL)
    assert times == 1, pattern
    return FILES | {"purchase.bpmn": text.encode()}


def test_what_was_composed_opens_as_it_was():
    assert read(FILES, "purchase") == PURCHASE


def test_what_was_begun_in_english_keeps_its_own_words_so():
    asked = [replace(one, who=replace(one.who, if_nobody="pass")) for one in PURCHASE.steps[1:2]]
    chain = replace(PURCHASE, name="A", steps=(PURCHASE.steps[0], *asked), english=True)
    files = compose(chain)
    text = files["purchase.bpmn"].decode()
    names = re.findall(r'<(?!saraban)[^>]* name="([^"]*)"', text)
    assert {"Start", "Done", "Find who does this"} <= set(names)
    cards = "|".join(re.escape(step.name) for step in chain.walk())
    assert not re.search("[ก-๙]", re.sub(cards, "", " ".join(names))), names
    renamed = text.replace('name="Start"', 'name="Here"')
    assert read(files, "purchase") == read({**files, "purchase.bpmn": renamed.encode()}, "purchase")
    assert read(files, "purchase") == chain


def test_everything_is_drawn_within_the_sheet():
    shapes = re.findall(r'<dc:Bounds x="(-?\d+)" y="(-?\d+)"', DIAGRAM)
    points = re.findall(r'<di:waypoint x="(-?\d+)" y="(-?\d+)"', DIAGRAM)
    assert DIAGRAM.count("<bpmndi:BPMNShape ") == 19
    assert all(int(number) > 0 for pair in (*shapes, *points) for number in pair)


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r'(<dc:Bounds x=")\d+', r"\g<1>777"),  # moved
        (r'name="อนุมัติ"', 'name="ผู้มีอำนาจอนุมัติ"'),
        (r'x_head"', 'Gateway_12"'),
        (r"<extensionElements>\s*<saraban:title", "<extensionElements> <saraban:title"),
    ],
)
def test_a_designer_may_move_rename_and_add_what_cards_can_say(pattern: str, by: str):
    files = changed(pattern, by)
    if "Gateway" in by:
        files["purchase.bpmn"] = files["purchase.bpmn"].replace(b'"x_head"', b'"Gateway_12"')
    found = read(files, "purchase")
    assert [step.id for step in found.walk()] == [step.id for step in PURCHASE.walk()]


@pytest.mark.parametrize(
    ("pattern", "by", "element", "why"),
    [
        (r'<saraban:due value="P1D"', '<saraban:due value="=urgency"', "head", "span"),
        (r'<saraban:due value="P1D"', '<saraban:priority value="4"/><saraban:due value="P1D"',
         "head", "differs"),
        (r"(<bpmn:)?userTask id=\"revise\"", "manualTask id=\"revise\"", "revise", "faulty"),
        (r'<saraban:reminder at="0.5"', '<saraban:reminder at="0.9"', "head", "differs"),
        (r"head_outcome = \"refuse\"", 'head_outcome = "other"', "f_head_back", "flow"),
        (r"amount &gt; 100000</", "amount &gt; 1</", None, None),
        (r"<startEvent", '<laneSet id="lanes"/><startEvent', "lanes", "extra"),
        (r'targetRef="j_size"', 'targetRef="approve"', "size", "branches"),
        (r"numberOfInstances|some answer in units_outcomes satisfies answer = \"refuse\"",
         "true", "units", "differs"),
        (r'sourceRef="t_units" targetRef="m_units"', 'sourceRef="t_units" targetRef="approve"',
         "t_units", "merge"),
        (r"<process ", '<message id="msg" name="x"/><process ', "msg", "extra"),
    ],
)  # fmt: skip
def test_what_cards_cannot_say_is_named(
    pattern: str, by: str, element: str | None, why: str | None
):
    files = changed(pattern, by)
    if "manualTask" in by:
        text = files["purchase.bpmn"].decode()
        files["purchase.bpmn"] = text.replace("</userTask>", "</manualTask>", 1).encode()
    if element is None:
        assert read(files, "purchase") != PURCHASE
        return
    with pytest.raises(NotComposable) as refused:
        read(files, "purchase")
    assert (refused.value.element, refused.value.why) == (element, why), refused.value
    assert refused.value.why in words.WHY


def test_up_to_five_that_do_not_fit_are_named_each_once():
    """Where the walk stops, what has no card anywhere; where it does not, whatever differs."""
    text = FILES["purchase.bpmn"].decode()
    for by in ('<saraban:due value="P1D"', '<saraban:due value="PT4H"'):
        text = text.replace(by, f'<saraban:priority value="4"/>{by}')
    text = text.replace('head_outcome = "refuse"', 'head_outcome = "other"')
    with pytest.raises(NotComposable) as refused:
        read(FILES | {"purchase.bpmn": text.encode()}, "purchase")
    found = [refused.value, *refused.value.others]
    assert [(one.element, one.why) for one in found] == [
        ("head", "differs"), ("approve", "differs"), ("f_head_back", "flow"),
    ]  # fmt: skip
    assert str(refused.value).count(", nor is ") == 2

    more = "".join(f'<manualTask id="m{n}" name="มือ"/>' for n in range(6))
    text = FILES["purchase.bpmn"].decode().replace("<startEvent", f"{more}<startEvent", 1)
    text = text.replace('targetRef="j_size"', 'targetRef="approve"', 1)
    with pytest.raises(NotComposable) as refused:
        read(FILES | {"purchase.bpmn": text.encode()}, "purchase")
    found = [refused.value, *refused.value.others]
    assert [(one.element, one.why) for one in found] == [
        ("size", "branches"), *((f"m{n}", "element") for n in range(4)),
    ]  # fmt: skip


def test_a_form_of_another_hand_is_named():
    files = FILES | {"purchase-revise.form.json": b'{"components": [{"type": "text"}]}'}
    with pytest.raises(NotComposable) as refused:
        read(files, "purchase")
    assert (refused.value.element, refused.value.why) == ("revise", "differs")
    with pytest.raises(NotComposable) as refused:
        read(FILES | {"purchase-start.form.json": b"{}"}, "purchase")
    assert (refused.value.element, refused.value.why) == ("purchase-start", "form")


def test_a_process_that_is_not_there():
    with pytest.raises(NotComposable):
        read(FILES, "official-letter")


def test_the_older_way_straight_back_says_what_to_do():
    """Before scripts kept who had sent work back, the answer of whoever refused led it there."""
    on = 'sourceRef="revise" targetRef="head"'
    by = (
        'sourceRef="revise" targetRef="r_revise"/><exclusiveGateway id="r_revise" default="f_on"/>'
        '<sequenceFlow id="f_on" sourceRef="r_revise" targetRef="head"/>'
        '<sequenceFlow id="f_again" sourceRef="r_revise" targetRef="head"><conditionExpression>'
        'get or else(head_outcome, null) = "refuse"</conditionExpression></sequenceFlow'
    )
    with pytest.raises(NotComposable) as refused:
        read(changed(f"{on}/", by), "purchase")
    found = refused.value
    assert (found.element, found.why) == ("r_revise", "older_again")
    assert "หัวหน้าเห็นชอบ" in words.filled(words.WHY[found.why], found.detail)[0]
