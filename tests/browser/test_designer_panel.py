"""Each field of the designer's panel writes what the schema knows and the engine reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

import bpmn

pytestmark = pytest.mark.browser

DRAWN = Path(__file__).parent / "designer" / "every-kind.bpmn"
SARABAN = "{urn:saraban:bpmn:1.0}"
NS = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL", "s": "urn:saraban:bpmn:1.0"}
#: element, then acts: (field, value) is filled in, (field, True) switched, (button,) pressed
ACTS = {
    "every-kind": [("title", "=subject"), ("start-role", "clerk"), ("documentation", "ทุกชนิด")],
    "work": [
        ("who-add",), ("who-0-kind", "superior"), ("who-0-level", "2"), ("who-add",),
        ("who-1-kind", "performer"), ("who-1-value", "more"), ("not-add",), ("skip", True),
        ("form", "a-form"), ("act", "acknowledge"), ("out-add",), ("out-add",),
        ("out-1-why", True), ("out-variable", "verdict"), ("back-add",), ("due", "P2D"),
        ("due-working", True), ("remind-add",), ("escalate", True), ("priority", "=2"),
    ],
    "more": [
        ("sequential", True), ("loop-in", "units"), ("loop-item", "unit"),
        ("loop-out", "answers"), ("loop-result", "outcome"), ("loop-until", "=count(answers) > 1"),
    ],
    "act": [("action", "correspondence.register"), ("input-add",), ("input-1-x",),
            ("action-result", "sent")],
    "rule": [("decision", "urgency"), ("decision-result", "urgency")],
    "sum": [("script", "1 + 1"), ("script-result", "total")],
    "call": [("called", "official-letter"), ("input-add",), ("input-0-name", "a"),
             ("input-0-value", "=b"), ("output-add",), ("output-0-value", "=c")],
    "wait": [("timer-value", "PT8H"), ("timer-working", True)],
    "hear": [("referred", "answered"), ("correlation", "=order_id")],
    "f9": [("condition", '=verdict = "pass"')],
    "f_other": [("default", True)],
}  # fmt: skip
#: what is then in the file
WRITTEN = [
    "//b:process/b:extensionElements/s:title[@value='=subject']",
    "//b:process/b:extensionElements/s:start[@role='clerk']",
    "//b:process/b:documentation[.='ทุกชนิด']",
    "//s:assignment[1][@kind='superior'][@level='2']",
    "//s:assignment[2][@kind='performer'][@value='more']",
    "//b:userTask[@id='work']//s:exclude[@kind='starter']",
    "//s:skip[@samePerson='true']",
    "//s:form[@key='a-form']",
    "//s:act[@kind='acknowledge']",
    "//s:outcomes[@variable='verdict']/s:outcome[2][@id='refuse'][@reasonRequired='true']",
    "//s:return[@to='more']",
    "//s:due[@value='P2D'][@working='false']",
    "//s:reminder[@at='0.5']",
    "//s:escalation[@to='superior']",
    "//s:priority[@value='=2']",
    "//b:multiInstanceLoopCharacteristics[@isSequential='true']/b:loopDataInputRef[.='units']",
    "//b:multiInstanceLoopCharacteristics/b:inputDataItem[@name='unit']",
    "//b:multiInstanceLoopCharacteristics/b:loopDataOutputRef[.='answers']",
    "//b:multiInstanceLoopCharacteristics/b:outputDataItem[@name='outcome']",
    "//b:completionCondition[.='=count(answers) > 1']",
    "//s:action[@name='correspondence.register'][@resultVariable='sent']/s:input",
    "//s:decision[@ref='urgency'][@resultVariable='urgency']",
    "//b:scriptTask/b:script[.='1 + 1']",
    "//s:result[@variable='total']",
    "//b:callActivity[@calledElement='official-letter']//s:input[@name='a'][@value='=b']",
    "//b:callActivity//s:output[@value='=c']",
    "//b:timerEventDefinition/b:timeDuration[.='PT8H']",
    "//b:timerEventDefinition/b:extensionElements/s:working",
    "//b:messageEventDefinition[@messageRef=//b:message[@name='answered']/@id]",
    "//s:correlation[@key='=order_id']",
    "//b:sequenceFlow[@id='f9']/b:conditionExpression[.='=verdict = \"pass\"']",
    "//b:exclusiveGateway[@default='f_other']",
]


def _open(desk):
    page = desk.open("/designer")
    page.set_input_files("#files", DRAWN)
    page.click("form[action='/designer/import'] button")
    page.wait_for_url("**/checklist")
    desk.judge("a checklist")
    page.click("main a.btn--primary")
    page.wait_for_selector("[data-designer][data-ready]")
    return page


def _act(page, act):
    field = f"#p-{act[0]}"
    if len(act) == 1:
        page.click(field)
    elif act[1] is True:
        page.locator(field).dispatch_event("click")
    elif page.locator(field).evaluate("one => one.tagName") == "SELECT":
        page.select_option(field, act[1])
    else:
        page.fill(field, act[1])
        page.press(field, "Tab")


def test_every_field_writes_what_the_schema_knows(sit_down):
    desk = sit_down("admin")
    page = _open(desk)
    for element, acts in ACTS.items():
        page.locator(f"a[data-element='{element}']").last.dispatch_event("click")
        for act in acts:
            _act(page, act)
    page.click("button[data-diagram=save]")
    page.wait_for_selector("[data-save-status][data-state=saved]", state="attached")
    whole = desk.context.request.get(f"{page.url.partition('#')[0]}/xml").body()
    root = etree.fromstring(whole)
    missing = [path for path in WRITTEN if not root.xpath(path, namespaces=NS)]
    assert not missing, whole.decode()
    schema = etree.XMLSchema(etree.parse(bpmn.path() / "saraban.xsd"))
    for one in root.iter(f"{SARABAN}*"):
        schema.assertValid(etree.fromstring(etree.tostring(one)))
    # What was done is undone, step by step, and then nothing of it is left.
    for _ in range(sum(map(len, ACTS.values())) + 20):
        page.click("button[data-diagram=undo]")
    page.click("button[data-diagram=save]")
    page.wait_for_selector("html[data-revision='3']", state="attached")
    undone = desk.context.request.get(f"{page.url.partition('#')[0]}/xml").body()
    assert not list(etree.fromstring(undone).iter(f"{SARABAN}*"))


def test_formulas_are_completed_and_tried(sit_down):
    """Names of the process and of FEEL, put in by pointer or by key; tried by the server."""
    desk = sit_down("admin")
    page = _open(desk)
    page.locator("a[data-element='work']").last.dispatch_event("click")
    page.click("#p-out-add")
    page.fill("#p-out-variable", "verdict")
    page.press("#p-out-variable", "Tab")
    page.wait_for_function("document.documentElement.dataset.lint !== undefined")
    page.wait_for_timeout(1500)
    page.locator("a[data-element='f9']").last.dispatch_event("click")
    field = page.locator("#p-condition")
    field.fill("")
    field.press_sequentially("=verd")
    page.click(".offers button:has-text('verdict')")
    expect(field).to_have_value("=verdict")
    field.press_sequentially(' = "yes" and upp')
    page.click(".offers button:has-text('upper case()')")
    expect(field).to_have_value(re.compile(r"and upper case\(\)$"))
    field.fill('=verdict = "yes"')
    field.press("Tab")
    page.fill("#p-try-formula", 'verdict = "yes"')
    page.fill("#p-try-values", 'verdict = "yes"')
    page.press("#p-try-values", "Tab")
    page.click("#p-try")
    page.wait_for_selector("[data-tried]:has-text('true')")
    desk.judge("a formula that was tried")
