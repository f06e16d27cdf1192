"""Tests of a model: as lines of a form, as a file, and run."""

from __future__ import annotations

from typing import Any

import pytest
from support.dmn import decision, definitions, table
from support.feel import NOW

from engine.errors import Invalid
from engine.runtime import load_bundle
from forms.stored import StoredForms
from office.modeling import cases, tables
from office.modeling.cases import Answer, Case
from office.modeling.deadline import Deadline
from office.modeling.testing import Laboratory
from office.modeling.verdicts import Outcome, Report

BUY = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
  xmlns:saraban="urn:saraban:bpmn:1.0" id="d">
 <message id="m" name="paid" />
 <process id="buy" name="buy" isExecutable="true">
  <startEvent id="begin" /><sequenceFlow id="f1" sourceRef="begin" targetRef="who" />
  <businessRuleTask id="who"><extensionElements>
    <saraban:decision ref="limit" resultVariable="level" /></extensionElements></businessRuleTask>
  <sequenceFlow id="f2" sourceRef="who" targetRef="head" />
  <userTask id="head"><extensionElements><saraban:assignment kind="starter" />
    <saraban:form key="opinion" />
    <saraban:outcomes variable="verdict"><saraban:outcome id="agree" name="a" />
    <saraban:outcome id="refuse" name="r" /></saraban:outcomes></extensionElements></userTask>
  <sequenceFlow id="f3" sourceRef="head" targetRef="gw" />
  <exclusiveGateway id="gw" default="f_no" />
  <sequenceFlow id="f_yes" sourceRef="gw" targetRef="order">
    <conditionExpression>=verdict = "agree"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f_no" sourceRef="gw" targetRef="refused" />
  <serviceTask id="order"><extensionElements>
    <saraban:action name="send.away" resultVariable="number" /></extensionElements></serviceTask>
  <sequenceFlow id="f4" sourceRef="order" targetRef="wait" />
  <intermediateCatchEvent id="wait"><extensionElements><saraban:correlation key="=subject" />
    </extensionElements><messageEventDefinition messageRef="m" /></intermediateCatchEvent>
  <sequenceFlow id="f5" sourceRef="wait" targetRef="rest" />
  <intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>P30D</timeDuration>
    </timerEventDefinition></intermediateCatchEvent>
  <sequenceFlow id="f6" sourceRef="rest" targetRef="done" />
  <endEvent id="done" /><endEvent id="refused" />
 </process>
</definitions>"""
LIMIT = definitions(
    decision("limit", table(["amount"], ["x"], [("< 5000", '"head"'), (">= 5000", '"boss"')]))
)
OPINION = (
    b'{"type": "default", "components": [{"type": "textfield", "key": "note",'
    b' "label": "n", "validate": {"required": true}}]}'
)
FILES = {"buy.bpmn": BUY, "limit.dmn": LIMIT, "opinion.form.json": OPINION}
START = {"amount": "7000", "subject": '"A"'}
AGREED = Answer("head", "agree", {"note": '"ok"'})
WAY = (AGREED, Answer("order", "", {"value": "12"}), Answer("wait", "", {"sum": "3"}),
       Answer("rest"))  # fmt: skip


def _report(*tried: Case) -> Report:
    bundle = load_bundle(FILES)
    return Laboratory(bundle, "buy", StoredForms(), NOW).run(tried)


def _one(**said: Any) -> Outcome:
    return _report(Case("t", **{"start": START, **said})).outcomes[0]


def _codes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.code, one.at) for one in outcome.failures]


def test_a_case_goes_all_the_way_with_the_answers_that_it_gives() -> None:
    done = _one(answers=WAY, path=("who", "head", "f_yes", "order", "wait", "done"), end="done",
                values={"level": '"boss"', "verdict": '"agree"', "sum": "3"})  # fmt: skip
    assert done.green, done.failures


def test_flows_that_no_case_takes_are_named() -> None:
    report = _report(Case("yes", start=START, answers=WAY))
    assert report.missed == [("f_no", "gw", "refused")]
    assert report.flows == 8
    refused = Case("no", start=START, answers=(Answer("head", "refuse", {"note": '"x"'}),))
    assert not _report(Case("yes", start=START, answers=WAY), refused).missed


def test_where_a_case_waits_can_be_what_is_expected() -> None:
    assert _one(answers=(AGREED,), end="wait").green
    assert _codes(_one(answers=(AGREED,), end="done")) == [("end", "done")]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"path": ("refused",), "answers": WAY}, [("path", "refused")]),
        ({"path": ("order", "head"), "answers": WAY}, [("path", "head")]),
        ({"answers": WAY, "values": {"level": '"head"', "none": "1"}},
         [("variable", "level"), ("variable", "none")]),
        ({"answers": (Answer("wait"),)}, [("not_waiting", "wait")]),
        ({"answers": (Answer("head", "refuse", {"note": '"x"'}), AGREED)},
         [("not_waiting", "head")]),
        ({"answers": (Answer("head", "agree"),)}, [("form", "head")]),
        ({"answers": (Answer("head", "perhaps", {"note": '"x"'}),)}, [("outcome", "head")]),
        ({"start": {"amount": "7 +"}}, [("value", "amount")]),
        ({"start": {"subject": '"A"'}}, [("stuck", "who")]),
    ],
)  # fmt: skip
def test_a_failure_says_where_and_what(said: Any, codes: Any) -> None:
    assert _codes(_one(**said)) == codes


def test_decisions_are_tested_by_themselves() -> None:
    good = Case("d", "limit", {"amount": "1"}, values={"result": '"head"'})
    bad = Case("d", "limit", {"amount": "1"}, values={"result": '"boss"'})
    gone = Case("d", "none", {})
    assert [_codes(one) for one in _report(good, bad, gone).outcomes] == [
        [], [("variable", "result")], [("answer", "none")],
    ]  # fmt: skip


def test_how_often_each_rule_answers_is_counted() -> None:
    small, large = (Case(a, "limit", {"amount": a}) for a in ("1", "9000"))
    report = _report(small, Case("p", start=START, answers=WAY), large, Case("g", "none"))
    assert report.hits == {("id_limit", 1): 1, ("id_limit", 2): 2}
    first = definitions(
        decision("limit", table(["amount"], ["x"], [("-", "1"), ("> 0", "2")], policy="FIRST"))
    )
    lab = Laboratory(load_bundle({"limit.dmn": first}), "", StoredForms(), NOW)
    assert lab.run([small, large]).hits == {("id_limit", 1): 2}


INNER = """<context><contextEntry><variable name="วงเงิน"/>{a}</contextEntry>
<contextEntry><variable name="รวม"/><invocation><literalExpression><text>ขั้น</text>
</literalExpression><binding><parameter name="n"/>{b}</binding></invocation></contextEntry>
</context>
"""


def test_tables_in_other_boxes_are_counted_too() -> None:
    def rules(**named: str) -> str:
        return table(["amount"], ["x"], [("<= 5000", "1"), ("> 5000", "2")], **named)

    knowledge = (
        '<businessKnowledgeModel id="bkm" name="ขั้น"><variable name="ขั้น"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{table(["n"], ["y"], [("1", "10"), ("2", "20")])}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    needs = '<knowledgeRequirement id="k"><requiredKnowledge href="#bkm"/></knowledgeRequirement>'
    boxes = needs + INNER.format(a=rules(), b=rules(policy="FIRST"))
    source = definitions(decision("limit", boxes), knowledge)
    lab = Laboratory(load_bundle({"limit.dmn": source}), "", StoredForms(), NOW)
    (small,) = (Case(a, "limit", {"amount": a}) for a in ("1",))
    report = lab.run([small, Case("9000", "limit", {"amount": "9000"}), small])
    assert report.hits == {
        ("id_limit/1", 1): 2, ("id_limit/1", 2): 1, ("id_limit/2", 1): 2, ("id_limit/2", 2): 1,
        ("bkm/1", 1): 2, ("bkm/1", 2): 1,
    }  # fmt: skip
    found = [(one.key, one.decision, one.names, one.rules) for one in tables.counted(source)]
    assert found == [
        ("id_limit/1", "id_limit", ["limit", "วงเงิน"], 2),
        ("id_limit/2", "id_limit", ["limit", "รวม", "n"], 2),
        ("bkm/1", "bkm", ["ขั้น"], 2),
    ]


def test_cases_are_kept_as_they_are() -> None:
    case = Case("ก", "", START, WAY, ("who",), "done", {"level": '"boss"'})
    assert cases.read(cases.write([case])) == [case]
    for text in (b"{", b"[]", b'{"cases": [1]}', b'{"cases": [{}]}'):
        with pytest.raises(Invalid):
            cases.read(text)


def test_lines_are_read_as_they_are_shown() -> None:
    text = 'head agree; note = "a; b"; days = 3\norder\n'
    answers = cases.answers_in(text)
    assert answers == [
        Answer("head", "agree", {"note": '"a; b"', "days": "3"}), Answer("order"),
    ]  # fmt: skip
    assert cases.answers_in(cases.answers_out(answers)) == answers
    assert cases.values_in("a = 1\n\n b = x = 2 ") == {"a": "1", "b": "x = 2"}
    for wrong in ("a", "= 1", "a =", "1a = 2"):
        with pytest.raises(Invalid):
            cases.values_in(wrong)
    with pytest.raises(Invalid):
        cases.answers_in("a b c")


SLOW = "if some i in 1..3000 satisfies i > 5000 then 1 else 2"
MANY = {f"v{n}": "1" for n in range(cases.MOST_VALUES + 1)}
LONG = '"' + "x" * cases.LONGEST_TEXT + '"'


@pytest.mark.parametrize(
    ("found", "at"),
    [
        ([Case("t", start=MANY)], "cases.0.start"),
        ([Case("t"), Case("u", values=MANY)], "cases.1.values"),
        ([Case("t", answers=(AGREED, Answer("head", "", MANY)))], "cases.0.answers.1.values"),
        ([Case("t", start={"a": LONG})], "cases.0.start.a"),
        ([Case("t", path=("x",) * 101)], "cases.0.path"),
        ([Case("t", answers=(AGREED,) * 101)], "cases.0.answers"),
        ([Case("t")] * 51, "cases"),
    ],
)
def test_more_than_a_file_may_hold_is_refused_where_it_stands(found: Any, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        cases.read(cases.write(found))
    assert [(one.path, one.code) for one in refused.value.errors] == [(at, "too_large")]


def test_a_form_holds_no_more_than_a_file() -> None:
    for wrong in ("head; " + "; ".join(f"v{n} = 1" for n in range(101)), f"head; a = {LONG}"):
        with pytest.raises(Invalid):
            cases.answers_in(wrong)


class Ticks:
    """A clock that goes on by one second each time that it is looked at."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def _in_time(seconds: float, *tried: Case) -> list[list[tuple[str, str]]]:
    deadline = Deadline(seconds, Ticks())
    lab = Laboratory(load_bundle(FILES), "buy", StoredForms(), NOW, deadline=deadline)
    return [_codes(one) for one in lab.run(tried).outcomes]


def test_all_tests_together_have_one_deadline() -> None:
    case = Case("t", start=START, answers=(AGREED,), end="wait")
    late = [("too_long", "")]
    assert _in_time(1_000, case, case) == [[], []]
    enough = next(n for n in range(1, 1_000) if _in_time(n, case) == [[]])
    assert _in_time(enough, case, case) == [[], late]
    assert _in_time(enough - 1, case, case) == [late, late]


@pytest.mark.parametrize("seconds", [1, 2, 3])
def test_a_decision_that_takes_too_long_is_no_pass(seconds: int) -> None:
    case = Case("d", "limit", {"amount": "1"}, values={"result": '"head"'})
    assert _in_time(seconds, case) == [[("too_long", "")]]


def test_the_deadline_is_of_the_work_itself() -> None:
    slow = Case("t", start={**START, **{f"s{n}": SLOW for n in range(40)}})
    lab = Laboratory(load_bundle(FILES), "buy", StoredForms(), NOW, deadline=Deadline(0.05))
    assert [_codes(one) for one in lab.run([slow] * 3).outcomes] == [[("too_long", "")]] * 3
