"""Requirements, boxed expressions, functions, services, types and imports."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from support.dmn import decide, decision, definitions, given, literal, table
from support.feel import NOW

from engine import dmn
from engine.feel import LimitExceeded, UnknownVariable

_PLUS = """
<businessKnowledgeModel name="plus" id="id_plus"><variable name="plus"/>
 <encapsulatedLogic>
  <formalParameter name="a" typeRef="number"/><formalParameter name="b" typeRef="number"/>
  <literalExpression><text>a + b</text></literalExpression>
 </encapsulatedLogic>
</businessKnowledgeModel>"""


def test_a_decision_sees_what_it_requires_and_nothing_else() -> None:
    model = definitions(
        given("x"),
        decision("double", literal("x * 2"), needs=["input x"]),
        decision("quadruple", literal("double * 2"), needs=["decision double"]),
        decision("blind", literal("x * 2")),
    )
    assert decide(model, "quadruple", x=3) == 12
    assert decide(model, "blind", x=3) is None
    assert decide(model, "id_double", x=3) == 6


def _unnamed(name: str, logic: str, *needs: str) -> str:
    """A decision as Camunda writes it: without a variable."""
    head, _, tail = decision(name, logic, needs=needs).partition("<variable")
    return head + tail.partition("/>")[2]


def test_a_file_without_input_data_reads_what_is_given() -> None:
    table_of_amounts = table(["amount"], ["class"], [("< 10", '"small"'), (">= 10", '"big"')])
    source = definitions(
        _unnamed("Classify It", table_of_amounts),
        _unnamed("Assign It", table(["class"], ["who"], [('"big"', '"chief"')]),
                 "decision Classify It"),
    )  # fmt: skip
    assert dmn.check({"t.dmn": source}) == []
    assert decide(source, "Assign It", amount=50, count="hides no function") == "chief"
    with pytest.raises(UnknownVariable):
        dmn.load({"t.dmn": source}).evaluate("Classify It", {}, now=NOW, strict=True)


def test_several_outputs_go_by_their_own_names() -> None:
    source = definitions(
        _unnamed("both", table(["1"], ["low", "high"], [("1", "2", "3")])),
        decision("sum", literal("low + high"), needs=["decision both"]),
    )
    assert decide(source, "sum") == 5


def test_each_decision_is_evaluated_once() -> None:
    chain = [decision("d0", literal("1"))]
    chain += [
        decision(f"d{n}", literal(f"d{n - 1} + d{n - 1}"), needs=[f"decision d{n - 1}"] * 2)
        for n in range(1, 41)
    ]
    result = dmn.load({"t.dmn": definitions(*chain)}).result("d40", {}, now=NOW)
    assert result.value == 2**40
    assert result.steps < 500


def test_strictly_a_missing_input_is_an_error() -> None:
    source = definitions(given("x"), decision("d", literal("1"), needs=["input x"]))
    model = dmn.load({"t.dmn": source})
    with pytest.raises(UnknownVariable):
        model.evaluate("d", {}, now=NOW, strict=True)
    assert model.evaluate("d", {}, now=NOW) == 1


def test_an_unknown_decision_is_an_error() -> None:
    with pytest.raises(dmn.UnknownDecision):
        decide(definitions(decision("d", literal("1"))), "e")


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("<context><contextEntry><variable name='a b'/>{1}</contextEntry>"
         "<contextEntry>{a b + 1}</contextEntry></context>", 2),
        ("<context><contextEntry><variable name='a'/>{1}</contextEntry></context>", {"a": 1}),
        ("<list>{1}{1 + 1}</list>", [1, 2]),
        ("<relation><column name='a'/><column name='b'/><row>{1}{2}</row></relation>",
         [{"a": 1, "b": 2}]),
        ("<conditional><if>{1 > 2}</if><then>{1}</then><else>{2}</else></conditional>", 2),
        ("<filter><in>{[1, 2, 3]}</in><match>{item > 1}</match></filter>", [2, 3]),
        ("<for iteratorVariable='i'><in>{[1, 2]}</in><return>{i + count(partial)}</return></for>",
         [1, 3]),
        ("<some iteratorVariable='i'><in>{[1, 2]}</in><satisfies>{i = 2}</satisfies></some>", True),
        ("<every iteratorVariable='i'><in>{[1]}</in><satisfies>{i = 2}</satisfies></every>", False),
        ("<invocation>{plus}<binding><parameter name='b'/>{2}</binding>"
         "<binding><parameter name='a'/>{1}</binding></invocation>", 3),
        ("<invocation><functionDefinition><formalParameter name='p'/>{p + 1}</functionDefinition>"
         "<binding><parameter name='p'/>{1}</binding></invocation>", 2),
    ],
)  # fmt: skip
def test_boxed_expression(logic: str, expected: Any) -> None:
    """In braces: literal expressions."""
    box = re.sub(r"\{(.*?)\}", lambda found: literal(found[1]), logic)
    model = definitions(_PLUS, decision("d", box, needs=["knowledge plus"]))
    assert decide(model, "d") == expected


def test_types_are_fitted() -> None:
    model = definitions(
        '<itemDefinition name="tNames" isCollection="true">',
        "<typeRef>string</typeRef></itemDefinition>",
        given("names", "tNames"), given("due", "date"), given("wait", "days and time duration"),
        decision("names of", literal("names"), type_="tNames", needs=["input names"]),
        decision("later", literal("due + wait"), needs=["input due", "input wait"]),
        decision("one", literal("[5]"), type_="number"),
        decision("wrong", literal('"a"'), type_="number"),
    )  # fmt: skip
    assert decide(model, "names of", names="ก") == ["ก"]
    assert decide(model, "names of", names=["ก", 5]) is None
    assert decide(model, "later", due="2026-01-31", wait="P1D") == date(2026, 2, 1)
    assert decide(model, "later", due=date(2026, 1, 31), wait=timedelta(1)) == date(2026, 2, 1)
    assert decide(model, "one") == 5
    assert decide(model, "wrong") is None


_PERSON = """
<itemDefinition name="tGrade"><typeRef>string</typeRef>
 <allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>
<itemDefinition name="tPerson">
 <itemComponent name="name"><typeRef>string</typeRef></itemComponent>
 <itemComponent name="grades" isCollection="true"><typeRef>tGrade</typeRef>
  <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemComponent>
 <itemComponent name="children" isCollection="true"><typeRef>tPerson</typeRef></itemComponent>
</itemDefinition>
<itemDefinition name="tLoop"><typeRef>tLoop</typeRef></itemDefinition>"""
_CHILD = {"name": "ข", "grades": [], "children": []}


@pytest.mark.parametrize(
    ("person", "fits"),
    [
        ({"name": "ก", "grades": ["A"], "children": []}, True),
        ({"name": "ก", "grades": ["A"], "children": None, "more": 1}, True),
        ({"name": "ก", "grades": ["C"], "children": []}, False),
        ({"name": "ก", "grades": ["A", "A", "B"], "children": []}, False),
        ({"name": "ก", "grades": ["A"]}, False),
        ({"name": "ก", "grades": [], "children": [{"name": "ข"}]}, False),
        (
            {"name": "ก", "grades": [], "children": [_CHILD]},
            True,
        ),
    ],
)
def test_structures_and_constraints(person: Any, fits: bool) -> None:
    model = definitions(
        _PERSON, given("p", "tPerson"), decision("d", literal("p != null"), needs=["input p"])
    )
    assert decide(model, "d", p=person) is fits


def test_a_type_that_is_only_itself_ends() -> None:
    logic = decision("d", literal("p"), needs=["input p"])
    with pytest.raises(LimitExceeded):
        decide(definitions(_PERSON, given("p", "tLoop"), logic), "d", p=1)


_SERVICE = definitions(
    given("x"),
    decision("base", literal("x"), needs=["input x"]),
    decision("sum", literal("base + x"), needs=["decision base", "input x"]),
    decision("product", literal("base * x"), needs=["decision base", "input x"]),
    '<decisionService name="both" id="id_both"><variable name="both"/>'
    '<outputDecision href="#id_sum"/><outputDecision href="#id_product"/>'
    '<inputDecision href="#id_base"/><inputData href="#id_x"/></decisionService>',
    '<decisionService name="one" id="id_one"><variable name="one"/>'
    '<outputDecision href="#id_sum"/><encapsulatedDecision href="#id_base"/>'
    '<inputData href="#id_x"/></decisionService>',
    decision("calls", literal("[one(3), both(2, 10).product, both(base: 5, x: 1).sum]"),
             needs=["knowledge both", "knowledge one"]),
)  # fmt: skip


def test_a_service_is_a_function_of_its_inputs() -> None:
    assert decide(_SERVICE, "calls") == [6, 20, 6]


def test_a_service_can_be_evaluated_itself() -> None:
    assert decide(_SERVICE, "both", x=2, base=10) == {"sum": 12, "product": 20}
    assert decide(_SERVICE, "one", x=3) == 6


def test_models_import_one_another() -> None:
    inner = definitions(
        '<itemDefinition name="tAge"><typeRef>number</typeRef>'
        "<allowedValues><text>&gt;= 0</text></allowedValues></itemDefinition>",
        given("age", "tAge"),
        decision("is adult", literal("age >= 20"), needs=["input age"]),
        _PLUS,
        namespace="urn:inner",
    )
    outer = definitions(
        '<import namespace="urn:inner" name="law" '
        'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        given("other", "law.tAge"),
        decision("answer", literal('if law.is adult then law.plus(other, 1) else "no"'),
                 needs=["decision urn:inner#id_is_adult", "knowledge urn:inner#id_plus",
                        "input other"]),
    )  # fmt: skip
    files = {"outer.dmn": outer, "inner.dmn": inner}
    assert dmn.check(files) == []
    assert decide(files, "answer", age=21, other=5) == 6
    assert decide(files, "answer", age=21, other=-5) is None
    assert decide(files, "answer", age=2, other=5) == "no"


@pytest.mark.parametrize(
    "dialect",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_standard(dialect: str) -> None:
    source = definitions(
        given("x", "feel:number"),
        decision("d", literal("x + 1"), type_="feel:number", needs=["input x"]),
        dialect=dialect,
    ).replace(b" name=\"test\"", b" xmlns:feel=\"urn:feel\" name=\"test\"", 1)  # fmt: skip
    assert decide(source, "d", x=1) == 2
