"""Nothing has silent semantics: what BPMN 2.0 knows and this engine does not run is refused.

Each refusal names the file, the line, the element, and says what to draw instead. The standard's
own schema tells what there is: whatever it has is run, decorates, or stands here.
"""

from __future__ import annotations

from importlib.resources import files

import pytest
from lxml import etree
from support.diagrams import (
    boundary,
    bpmn,
    condition,
    element,
    end,
    error,
    escalation,
    event_subprocess,
    message,
    on,
    path,
    process,
    signal,
    start,
    subprocess,
    task,
    terminate,
    timer,
    user,
)
from support.walking import ACTIONS, NoForms, Walk, compiled

from engine import runtime
from engine.errors import DeploymentRefused, Problem
from engine.runtime.parse import names
from engine.runtime.parse.events import RUNS

ROOTS = (message("M"), signal("S"), error("E"), escalation("L"))


def checked(*nodes: str, roots: str = "") -> list[Problem]:
    """A process `p` from `s` to `e` by `x`, and whatever the nodes are."""
    model = bpmn(*ROOTS, process("p", *nodes), roots)
    return runtime.check({"m.bpmn": model}, actions=ACTIONS, forms=NoForms())


def line_of(text: str, *nodes: str, roots: str = "") -> int:
    lines = bpmn(*ROOTS, process("p", *nodes), roots).decode().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def through(node: str) -> tuple[str, ...]:
    return start("s"), node, end("e"), path("s", "x", "e")


# -- element by element -----------------------------------------------------------------------

_HANDLER = event_subprocess("x", start("c", on("compensate")), end("ce"), path("c", "ce"))
REFUSED: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    # BPMN name: the diagram, the element, the code, a word of the mend
    "transaction": (through(element("transaction", "x")), "x", "unsupported_element", "subprocess"),
    "cancel end event": (
        (start("s"), end("x", on("cancel")), path("s", "x")), "x", "unsupported_event",
        "error end event",
    ),
    "cancel boundary event": (
        (*through(subprocess("x", start("is"), end("ie"), path("is", "ie"))),
         element("boundaryEvent", "b", on("cancel"), attachedToRef="x")),
        "b", "unsupported_event", "error boundary event",
    ),
    "compensation throw event": (
        through(element("intermediateThrowEvent", "x", on("compensate"))), "x",
        "unsupported_event", "undoes",
    ),
    "compensation end event": (
        (start("s"), end("x", on("compensate")), path("s", "x")), "x", "unsupported_event",
        "undoes",
    ),
    "compensation boundary event": (
        (*through(user("x")), element("boundaryEvent", "b", on("compensate"), attachedToRef="x")),
        "b", "unsupported_event", "undoes",
    ),
    "compensation event subprocess": ((start("s"), end("e"), path("s", "e"), _HANDLER), "c",
                                      "unsupported_event", "undoes"),
    "compensation handler": (
        through(element("task", "x", isForCompensation="true")), "x", "unsupported_attribute",
        "undoes",
    ),
    "ad hoc subprocess": (
        through(element("adHocSubProcess", "x", ordering="Parallel")), "x",
        "unsupported_element", "multi-instance",
    ),
    "complex gateway": (
        through(element("complexGateway", "x")), "x", "unsupported_element", "inclusive gateway",
    ),
    "choreography task": (
        through(element("choreographyTask", "x")), "x", "unsupported_element", "message events",
    ),
    "subchoreography": (
        through(element("subChoreography", "x")), "x", "unsupported_element", "message events",
    ),
    "call choreography": (
        through(element("callChoreography", "x")), "x", "unsupported_element", "message events",
    ),
    "implicit throw event": (
        through(element("implicitThrowEvent", "x")), "x", "unsupported_element", "throw event",
    ),
    "multiple start event": (
        (element("startEvent", "x", on("message", "M"), on("signal", "S")), end("e"),
         path("x", "e")),
        "x", "unsupported_event", "one start event for each",
    ),
    "multiple catch event": (
        through(element("intermediateCatchEvent", "x", on("message", "M"), timer(duration="PT1H"))),
        "x", "unsupported_event", "event-based gateway",
    ),
    "multiple boundary event": (
        (*through(user("x")), element("boundaryEvent", "b", on("message", "M"),
                                      timer(duration="PT1H"), attachedToRef="x")),
        "b", "unsupported_event", "one boundary event for each",
    ),
    "multiple throw event": (
        through(element("intermediateThrowEvent", "x", on("message", "M"), on("signal", "S"))),
        "x", "unsupported_event", "behind the other",
    ),
    "multiple end event": (
        (start("s"), end("x", on("message", "M"), on("signal", "S")), path("s", "x")), "x",
        "unsupported_event", "before the end",
    ),
    "parallel multiple catch event": (
        through(element("intermediateCatchEvent", "x", on("message", "M"),
                        parallelMultiple="true")),
        "x", "unsupported_attribute", "parallel gateway",
    ),
    "event definition by reference": (
        through(element("intermediateCatchEvent", "x",
                        "<bpmn:eventDefinitionRef>d</bpmn:eventDefinitionRef>")),
        "x", "unsupported_event", "into the event itself",
    ),
    "error start event of a process": (
        (start("x", on("error", "E")), end("e"), path("x", "e")), "x", "unsupported_start",
        "throw a message",
    ),
    "escalation start event of a process": (
        (start("x", on("escalation", "L")), end("e"), path("x", "e")), "x", "unsupported_start",
        "throw a message",
    ),
    "message start event of a subprocess": (
        through(subprocess("x", start("is", on("message", "M")), end("ie"), path("is", "ie"))),
        "is", "unsupported_start", "catch event behind it",
    ),
    "plain start event of an event subprocess": (
        (start("s"), end("e"), path("s", "e"),
         event_subprocess("x", start("is"), end("ie"), path("is", "ie"))),
        "is", "unsupported_start", "message, signal, timer",
    ),
    "error boundary event that does not interrupt": (
        (*through(subprocess("x", start("is"), end("ie"), path("is", "ie"))),
         boundary("b", "x", on("error", "E"), interrupting=False)),
        "b", "unsupported_attribute", "escalation",
    ),
    "error start event that does not interrupt": (
        (start("s"), end("e"), path("s", "e"),
         event_subprocess("x", start("is", on("error", "E"), interrupting=False), end("ie"),
                          path("is", "ie"))),
        "is", "unsupported_attribute", "escalation",
    ),
    "instantiating receive task": (
        (element("receiveTask", "x", messageRef="M", instantiate="true"), end("e"),
         path("x", "e")),
        "x", "unsupported_attribute", "start event",
    ),
    "instantiating event-based gateway": (
        (element("eventBasedGateway", "x", instantiate="true"), end("e"), path("x", "e")), "x",
        "unsupported_attribute", "start event",
    ),
    "parallel event-based gateway": (
        through(element("eventBasedGateway", "x", eventGatewayType="Parallel")), "x",
        "unsupported_attribute", "parallel gateway",
    ),
    "start quantity": (
        through(element("task", "x", startQuantity="2")), "x", "unsupported_attribute",
        "parallel gateway",
    ),
    "completion quantity": (
        through(element("task", "x", completionQuantity="2")), "x", "unsupported_attribute",
        "parallel gateway",
    ),
    "multi-instance that throws events": (
        through(task("x", '<bpmn:multiInstanceLoopCharacteristics behavior="One">'
                     "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
                     "</bpmn:multiInstanceLoopCharacteristics>")),
        "x", "unsupported_attribute", "completionCondition",
    ),
    "task within a task": (
        through(task("x", task("inner"))), "inner", "unsupported_element", "Remove it",
    ),
    "event definition in a task": (
        through(task("x", terminate())), "x", "unsupported_element", "Remove it",
    ),
    "element that the standard does not have": (
        through(element("magicTask", "x")), "x", "unsupported_element", "Remove it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_file_line_element_and_mend(name: str):
    nodes, at, code, word = REFUSED[name]
    (problem,) = [p for p in checked(*nodes) if (p.element, p.code) == (at, code)]
    assert (problem.severity, problem.file) == ("error", "m.bpmn")
    assert problem.line == line_of(f'id="{at}"', *nodes)
    assert problem.message.startswith("Expected")
    assert word in problem.mend
    with pytest.raises(DeploymentRefused):
        compiled(bpmn(*ROOTS, process("p", *nodes)))


def test_one_mistake_is_one_finding():
    nodes = (start("s"), user("u"), path("s", "u"))
    for wrong in (on("compensate"), on("message", "M") + on("signal", "S")):
        guard = element("boundaryEvent", "b", wrong, attachedToRef="u")
        assert [p.element for p in checked(*nodes, guard) if p.severity == "error"] == ["b"]
    assert [p.element for p in checked(*nodes, _HANDLER) if p.severity == "error"] == ["c"]
    for tag in ("complexGateway", "transaction", "adHocSubProcess"):
        inner = start("is") + task("i") + path("is", "i") if tag != "complexGateway" else ""
        guard = "" if tag == "complexGateway" else boundary("b", "x", on("error", "E"))
        found = checked(*through(element(tag, "x", inner)), guard)
        assert [p.element for p in found if p.severity == "error"] == ["x"]


@pytest.mark.parametrize(
    ("root", "at"),
    [
        (element("correlationProperty", "cp"), "cp"),
        ('<bpmn:extension definition="x:y" mustUnderstand="true"/>', "definitions"),
    ],
)
def test_what_a_file_declares_and_nothing_here_obeys_is_refused(root: str, at: str):
    found = [p for p in checked(*through(user("x")), roots=root) if p.severity == "error"]
    assert [(p.code, p.element) for p in found] == [("unsupported_element", at)]
    assert found[0].line == line_of(root.split()[0], *through(user("x")), roots=root)
    assert found[0].mend


@pytest.mark.parametrize(
    "tag",
    ["choreography", "globalChoreographyTask", "globalTask", "globalUserTask", "globalManualTask",
     "globalScriptTask", "globalBusinessRuleTask"],
)  # fmt: skip
def test_what_stands_beside_the_processes_is_only_warned_of(tag: str):
    found = [p for p in checked(*through(user("x")), roots=element(tag, "y")) if p.element == "y"]
    assert [(p.code, p.severity) for p in found] == [("unsupported_element", "warning")]


# -- by the schema ----------------------------------------------------------------------------

XSD = "{http://www.w3.org/2001/XMLSchema}"
SCHEMA = etree.fromstring(
    (files("SpiffWorkflow") / "bpmn/parser/schema/Semantic.xsd").read_bytes()
)  # the standard's own file, which the library carries
ABSTRACT = {"flowElement", "event", "eventDefinition"}


def members(group: str) -> set[str]:
    return {
        str(one.get("name"))
        for one in SCHEMA.findall(f"{XSD}element")
        if one.get("substitutionGroup") == group
    }


FLOW_ELEMENTS = members("flowElement") | members("artifact")
DECORATION = {"dataObject", "dataObjectReference", "dataStoreReference", "sequenceFlow",
              "association", "group", "textAnnotation"}  # fmt: skip


@pytest.mark.parametrize("tag", sorted(FLOW_ELEMENTS - names.NODES - DECORATION))
def test_each_flow_element_of_the_schema_runs_or_is_refused(tag: str):
    found = [p for p in checked(*through(element(tag, "x"))) if p.code == "unsupported_element"]
    assert [p.element for p in found] == ["x"]
    assert "Remove it" not in found[0].mend


def test_the_schema_knows_every_element_that_runs():
    assert names.NODES <= FLOW_ELEMENTS
    assert DECORATION <= names.INERT
    assert members("eventDefinition") >= {f"{kind}EventDefinition" for kind in RUNS}


PAIRS = [
    (node, definition.removesuffix("EventDefinition"))
    for node in sorted(names.EVENTS)
    for definition in sorted(members("eventDefinition"))
]


@pytest.mark.parametrize(("node", "kind"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def test_each_event_with_each_definition_runs_or_is_refused(node: str, kind: str):
    """The runtime has a place for each pair that is not refused."""
    refs = {"message": "M", "signal": "S", "error": "E", "escalation": "L"}
    definition = {
        "timer": timer(duration="PT1H"),
        "conditional": condition("true"),
        "link": '<bpmn:linkEventDefinition name="L"/>',
    }.get(kind) or on(kind, refs.get(kind, ""))
    host = {"attachedToRef": "u"} if node == "boundaryEvent" else {}
    nodes = (user("u"), element(node, "x", definition, **host), *through(""))
    found = [p for p in checked(*nodes) if p.element == "x" and p.code == "unsupported_event"]
    assert bool(found) is (node not in RUNS.get(kind, frozenset()))
    assert all(p.mend and p.line == line_of('id="x"', *nodes) for p in found)


#: attributes of what runs: those that are read, those that are refused, and those that say nothing
#: about execution
READ = {
    "id",
    "name",
    "default",
    "attachedToRef",
    "calledElement",
    "messageRef",
    "scriptFormat",
    "triggeredByEvent",
    "sourceRef",
    "targetRef",
    "cancelActivity",
    "isInterrupting",
}
NOT_OBEYED = {
    "isForCompensation",
    "startQuantity",
    "completionQuantity",
    "instantiate",
    "eventGatewayType",
    "parallelMultiple",
}
SAY_NOTHING = {
    "implementation": "a technology; what a task does is named by saraban:action or the decision",
    "operationRef": "of a web service; as implementation",
    "gatewayDirection": "how many flows a gateway may have: an editor's promise",
    "isImmediate": "only of processes that are not executed",
}  # fmt: skip


def attributes(tag: str) -> set[str]:
    """Of an element in the schema, with those of the types that it extends."""
    found, type_ = set(), f"t{tag[0].upper()}{tag[1:]}"
    while type_:
        (declared,) = SCHEMA.findall(f"{XSD}complexType[@name='{type_}']")
        found |= {str(a.get("name")) for a in declared.iter(f"{XSD}attribute") if a.get("name")}
        base = declared.find(f".//{XSD}extension")
        type_ = "" if base is None else str(base.get("base"))
    return found


def test_each_attribute_of_what_runs_is_read_or_refused_or_says_nothing():
    known = READ | NOT_OBEYED | set(SAY_NOTHING)
    for tag in sorted(names.NODES | {"sequenceFlow"}):
        assert attributes(tag) <= known, tag


# -- pools that are only drawn ----------------------------------------------------------------


def test_a_pool_that_nobody_executes_may_hold_anything():
    drawn = process("q", start("qs"), element("complexGateway", "x"), end("qe"),
                    path("qs", "x", "qe")).replace('"true"', '"false"')  # fmt: skip
    model = bpmn(process("p", start("s"), user("a"), end("e"), path("s", "a", "e")), drawn)
    problems = runtime.check({"m.bpmn": model}, actions=ACTIONS, forms=NoForms())
    assert {p.severity for p in problems if p.element == "x"} == {"warning"}
    assert Walk(compiled(model)).open == ["a"]
