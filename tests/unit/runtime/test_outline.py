"""What viewers, lists and the start page learn from a bundle."""

from __future__ import annotations

from support.diagrams import (
    assigned,
    bpmn,
    end,
    flow,
    outcomes,
    path,
    process,
    returns,
    start,
    subprocess,
    user,
    xor,
)
from support.walking import NoForms, Walk, compiled

from engine.runtime import outline
from engine.runtime.diagram import Box

LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Clerks">'
    "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)
DRAWING = (
    '<bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
    '<bpmndi:BPMNShape id="as" bpmnElement="a">'
    '<dc:Bounds x="10" y="20.5" width="100" height="nan"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNEdge id="fe" bpmnElement="s-a"><di:waypoint x="1" y="2"/>'
    '<di:waypoint x="3" y="4"/>'
    "</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)


def model() -> bytes:
    inner = (start("is"), user("i"), end("ie"), path("is", "i", "ie"))
    return bpmn(
        process(
            "p", LANES, end("e"), subprocess("sub", *inner), xor("g", "g-e"),
            user("a", "<bpmn:documentation>Ask.</bpmn:documentation>", name="Ask\n  them",
                 extensions=assigned("role", "x") + '<saraban:form key="ask"/>'
                 + outcomes("yes", "no") + returns("a") + '<saraban:act kind="sign"/>'),
            start("s"), path("s", "a", "sub", "g", "e"), flow("g", "a", when='outcome = "no"'),
            extensions='<saraban:title value="=subject"/><saraban:start form="ask" role="clerk"/>',
            name="Asking",
        ),
        DRAWING,
    )  # fmt: skip


BUNDLE = compiled(model(), more={"ask.form.json": b"{}"}, forms=NoForms())


def test_elements_come_in_the_order_of_the_flow():
    told = outline(BUNDLE, "p")
    assert [e.id for e in told.elements] == ["s", "a", "sub", "is", "i", "ie", "g", "e"]
    by_id = {e.id: e for e in told.elements}
    ask = by_id["a"]
    assert (ask.name, ask.type, ask.lane, ask.documentation) == (
        "Ask them", "userTask", "Clerks", "Ask.",
    )  # fmt: skip
    assert ask.bounds == Box(10, 20.5, 100, 0)
    assert (by_id["i"].parent, by_id["g"].bounds) == ("sub", None)


def test_flows_with_conditions_and_points():
    flows = {f.id: f for f in outline(BUNDLE, "p").flows}
    assert flows["s-a"].waypoints == ((1, 2), (3, 4))
    assert flows["g-a"].condition == 'outcome = "no"'
    assert (flows["g-e"].source, flows["g-e"].target) == ("g", "e")


def test_a_process_says_who_may_start_it_and_what_people_do():
    info = BUNDLE.processes["p"]
    assert (info.name, info.start_form, info.start_role, info.title) == (
        "Asking", "ask", "clerk", "=subject",
    )  # fmt: skip
    (task,) = [t for t in info.user_tasks if t.element_id == "a"]
    assert (task.form, task.act, task.lane, task.returns) == ("ask", "sign", "Clerks", ("a",))
    assert [o.id for o in task.outcomes] == ["yes", "no"]


def test_the_title_follows_the_variables_and_waits_for_them():
    walk = Walk(BUNDLE)
    assert walk.title is None
    assert walk.set(subject="Leave").title == "Leave"
    assert walk.set(subject=7).title == "7"
    assert walk.set(subject=None).title is None


def test_the_hash_covers_every_file_and_name():
    other = compiled(model(), more={"ask.form.json": b"{ }"}, forms=NoForms())
    named = compiled(model(), more={"x/ask.form.json": b"{}"}, forms=NoForms())
    assert len({BUNDLE.sha256, other.sha256, named.sha256}) == 3
    again = compiled(model(), more={"ask.form.json": b"{}"}, forms=NoForms())
    assert again.sha256 == BUNDLE.sha256
