"""Sequence flows: which of them a token takes."""

from __future__ import annotations

import pytest
from support.diagrams import bpmn, element, end, flow, path, process, some, start, user, xor
from support.walking import NoForms, Walk, compiled

from engine import runtime


def test_sequence_flow_several_out_of_an_activity_are_all_taken():
    model = bpmn(
        process("p", start("s"), user("a"), user("b"), user("c"), path("s", "a", "b"),
                path("a", "c"))
    )  # fmt: skip
    assert Walk(compiled(model)).complete("a").open == ["b", "c"]


def test_sequence_flow_several_into_an_activity_start_it_each_time():
    model = bpmn(
        process("p", start("s"), user("a"), user("b"), user("c"), path("s", "a", "c"),
                path("s", "b", "c"))
    )  # fmt: skip
    walk = Walk(compiled(model)).complete("a")
    assert walk.open == ["b", "c"]
    assert walk.complete("b").open == ["c", "c"]


@pytest.mark.parametrize(("n", "ways"), [(2, ["b", "c"]), (1, ["c"])])
def test_conditional_flow_out_of_an_activity(n: int, ways: list[str]):
    """One without a condition beside it is always taken."""
    model = bpmn(
        process("p", start("s"), user("a"), user("b"), user("c"), path("s", "a", "c"),
                flow("a", "b", when="n > 1"))
    )  # fmt: skip
    assert Walk(compiled(model)).complete("a", n=n).open == ways


@pytest.mark.parametrize("source", ["xor", "some", "user"])
def test_default_flow_is_taken_where_no_condition_holds(source: str):
    node = {
        "xor": xor("g", "d"),
        "some": some("g", "d"),
        "user": element("userTask", "g", default="d"),
    }[source]
    model = bpmn(
        process("p", start("s"), node, user("a"), user("b"), path("s", "g"),
                flow("g", "a", when="n > 1"), flow("g", "b", id_="d"))
    )  # fmt: skip

    def ways(n: int) -> list[str]:
        walk = Walk(compiled(model), variables={"n": n})
        return (walk.complete("g") if source == "user" else walk).open

    assert (ways(2), ways(1)) == (["a"], ["b"])


def gate(*flows: str, default: str = "") -> bytes:
    return bpmn(process("p", start("s"), xor("g", default), user("a"), user("b"), end("e"),
                        path("s", "g"), path("a", "e"), path("b", "e"), *flows))  # fmt: skip


def warned(model: bytes) -> set[tuple[str, str | None]]:
    found = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert {p.severity for p in found} <= {"warning"}
    return {(p.code, p.element) for p in found if p.code != "assignment_missing"}


def test_default_flow_that_nobody_marked_is_told_of():
    """Whichever stands first: the one without a condition comes last."""
    unmarked = gate(flow("g", "b"), flow("g", "a", when="n > 1"))
    assert warned(unmarked) == {("default_unmarked", "g-b")}
    assert Walk(compiled(unmarked), variables={"n": 2}).open == ["a"]
    assert Walk(compiled(unmarked), variables={"n": 1}).open == ["b"]
    assert warned(gate(flow("g", "b"), flow("g", "a", when="n > 1"), default="g-b")) == set()


def test_conditional_flow_whose_condition_is_empty_is_told_of():
    empty = "<bpmn:conditionExpression/>"
    hollow = element("sequenceFlow", "g-b", empty, sourceRef="g", targetRef="b")
    assert ("condition_missing", "g-b") in warned(gate(hollow, flow("g", "a", when="n > 1")))
