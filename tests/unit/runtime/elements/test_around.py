"""What stands around the flow: data, pools, lanes, artifacts."""

from __future__ import annotations

from support.diagrams import (
    bpmn,
    catch,
    each,
    element,
    end,
    message,
    on,
    path,
    process,
    start,
    throw,
    user,
)
from support.walking import NoForms, Walk, compiled

from engine import runtime
from engine.errors import Problem


def check(model: bytes, code: str) -> list[Problem]:
    found = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert {p.severity for p in found} <= {"warning"}
    return [p for p in found if p.code == code]


def with_data(*data: str, inside: str = "") -> bytes:
    return bpmn(
        element("dataStore", "DS", name="Register"),
        process("p", start("s"), user("a", inside), end("e"), path("s", "a", "e"), *data),
    )


def association(source: str, target: str, tag: str = "dataInputAssociation", more: str = "") -> str:
    return (f"<bpmn:{tag} id='da'><bpmn:sourceRef>{source}</bpmn:sourceRef>"
            f"<bpmn:targetRef>{target}</bpmn:targetRef>{more}</bpmn:{tag}>")  # fmt: skip


OBJECT = element("dataObject", "D") + element(
    "dataObjectReference", "DR", dataObjectRef="D", name="letter"
)


def test_data_object_is_a_variable_drawn():
    """Drawn, it changes nothing: variables belong to the whole process."""
    model = with_data(OBJECT, inside=association("DR", "P", more="") + element(
        "property", "P", name="__targetRef_placeholder"))  # fmt: skip
    assert check(model, "data_mapping") == []
    assert Walk(compiled(model), variables={"letter": 1}).complete("a").variables == {"letter": 1}


def test_data_store_is_only_drawn():
    model = with_data(element("dataStoreReference", "SR", dataStoreRef="DS", name="Register"))
    assert Walk(compiled(model)).complete("a").done


IO = ('<bpmn:ioSpecification><bpmn:dataInput id="I" name="{}"/><bpmn:inputSet>'
      "<bpmn:dataInputRefs>I</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet/>"
      "</bpmn:ioSpecification>")  # fmt: skip


def test_data_input_names_the_variable():
    loop = each("I", "one")
    model = with_data(OBJECT, inside=IO.format("letter") + association("DR", "I") + loop)
    assert check(model, "data_mapping") == []
    assert Walk(compiled(model), variables={"letter": [1, 2]}).open == ["a", "a"]


def test_data_association_that_would_copy_is_told_of():
    """Between two names, by an assignment, or into a message: nothing is copied here."""
    renamed = with_data(OBJECT, inside=IO.format("other") + association("DR", "I"))
    assigned = with_data(OBJECT, inside=association("DR", "a", more="<bpmn:assignment/>"))
    told = catch("c", association("DO", "DR", "dataOutputAssociation"), on("message", "M"))
    event = bpmn(
        message("M"),
        process("p", start("s"), told, end("e"), path("s", "c", "e"), OBJECT),
    )
    for model in (renamed, assigned, event):
        (problem,) = check(model, "data_mapping")
        assert problem.element == "da"
        assert "saraban:input" in problem.mend


def test_property_is_only_declared():
    model = with_data(element("property", "P", name="letter"))
    assert Walk(compiled(model)).complete("a").done


# -- pools ------------------------------------------------------------------------------------

CLIENT = process("client", start("cs"), throw("ask", on("message", "Ask")),
                 catch("hear", on("message", "Answer")), end("ce"),
                 path("cs", "ask", "hear", "ce"))  # fmt: skip
OFFICE = process("office", start("os", on("message", "Ask")), user("work"),
                 end("oe", on("message", "Answer")), path("os", "work", "oe"))  # fmt: skip


def pools(*flows: tuple[str, str], office: str = OFFICE) -> bytes:
    drawn = "".join(
        element("messageFlow", f"{source}~{target}", sourceRef=source, targetRef=target)
        for source, target in flows
    )
    people = element("participant", "P1", processRef="client", name="Client") + element(
        "participant", "P2", processRef="office", name="Office"
    )
    outside = element("participant", "P3", name="Bank")
    return bpmn(message("Ask"), message("Answer"),
                element("collaboration", "C", people, outside, drawn), CLIENT, office)  # fmt: skip


def test_collaboration_of_several_executable_pools_in_one_file():
    bundle = compiled(pools(("ask", "os"), ("oe", "hear")))
    assert sorted(bundle.processes) == ["client", "office"]
    client = Walk(bundle, "client")
    assert [(t.name, t.key) for t in client.thrown] == [("Ask", "key")]
    assert client.waiting == ["hear"]
    office = Walk(bundle, "office", event="os")
    assert [t.name for t in office.complete("work").thrown] == ["Answer"]
    assert client.hear("hear").done


def test_participant_that_nobody_executes_is_only_drawn():
    """The pool beside may hold what does not run here; its process can not be started."""
    drawn = OFFICE.replace('isExecutable="true"', 'isExecutable="false"').replace(
        "</bpmn:process>", element("complexGateway", "g") + "</bpmn:process>"
    )
    bundle = compiled(pools(("ask", "os"), ("oe", "hear"), office=drawn))
    assert list(bundle.processes) == ["client"]
    assert Walk(bundle, "client").waiting == ["hear"]


def test_message_flow_is_drawn_and_messages_go_by_name():
    """Where the drawing says otherwise, it is told."""
    assert check(pools(("ask", "os"), ("oe", "hear"), ("P3", "hear")), "message_flow") == []
    wrong = {
        ("ask", "hear"): "sends “Ask”, and “hear” waits for “Answer”",
        ("work", "hear"): "“work” sends no message",
        ("ask", "work"): "“work” waits for no message",
        ("P3", "ask"): "“ask” waits for no message",
        ("hear", "P3"): "“hear” sends no message",
    }
    for ends, why in wrong.items():
        (problem,) = check(pools(ends), "message_flow")
        assert why in problem.message
        assert (problem.element, problem.file) == ("~".join(ends), "m.bpmn")
        assert problem.line > 1


def test_lane_is_told_with_the_task():
    lanes = ('<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Division"><bpmn:childLaneSet id="cs">'
             '<bpmn:lane id="l2" name="Section"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
             "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>")  # fmt: skip
    walk = Walk(compiled(with_data(lanes)))
    assert [task.lane for task in walk.tasks.values()] == ["Section"]
    assert [task.assignments for task in walk.tasks.values()] == [()]


def test_text_annotation_group_and_association_say_nothing():
    drawn = (
        element("textAnnotation", "T", "<bpmn:text>Remember</bpmn:text>"),
        element("association", "A", sourceRef="a", targetRef="T"),
        element("group", "G"),
    )
    assert Walk(compiled(with_data(*drawn))).complete("a").done  # fmt: skip


def test_group_is_only_drawn():
    assert Walk(compiled(with_data(element("group", "G")))).open == ["a"]


def test_association_is_only_drawn():
    drawn = element("association", "A", sourceRef="a", targetRef="e")
    assert Walk(compiled(with_data(drawn))).open == ["a"]
