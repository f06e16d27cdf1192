"""Boundary events: each with and without interrupting, where it can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.diagrams import (
    boundary,
    bpmn,
    condition,
    element,
    end,
    error,
    escalation,
    message,
    on,
    path,
    process,
    receive,
    script,
    send,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    times,
    user,
)
from support.walking import ACTIONS, MONDAY, NoForms, Walk, compiled

from engine import runtime

ROOTS = (message("M"), signal("S"), error("E"), escalation("L"))


def guarded(host: str, *definition: str, interrupting: bool = True) -> bytes:
    """The activity `a` leads to `after`, its boundary event `b` to `x`."""
    return bpmn(*ROOTS, process("p", start("s"), host,
                                boundary("b", "a", *definition, interrupting=interrupting),
                                user("after"), user("x"), path("s", "a", "after"),
                                path("b", "x")))  # fmt: skip


def on_a_task(*definition: str, interrupting: bool = True, **variables: object) -> Walk:
    bundle = compiled(guarded(user("a"), *definition, interrupting=interrupting))
    return Walk(bundle, variables=variables)


def test_boundary_event_message():
    walk = on_a_task(on("message", "M")).hear("b", n=1)
    assert (walk.open, walk.closed, walk.variables) == (["x"], ["a"], {"n": 1})


def test_boundary_event_message_not_interrupting():
    walk = on_a_task(on("message", "M"), interrupting=False).hear("b").hear("b")
    assert walk.open == ["a", "x", "x"]
    assert walk.complete("a").waiting == []


def test_boundary_event_signal():
    assert on_a_task(on("signal", "S")).hear("b").open == ["x"]


def test_boundary_event_signal_not_interrupting():
    assert on_a_task(on("signal", "S"), interrupting=False).hear("b").open == ["a", "x"]


def test_boundary_event_timer():
    walk = on_a_task(timer(duration="PT1H"))
    assert walk.timers[walk.token("b")].due_at == MONDAY + timedelta(hours=1)
    assert walk.fire("b").open == ["x"]
    assert on_a_task(timer(duration="PT1H")).complete("a").waiting == []


def test_boundary_event_timer_not_interrupting():
    assert on_a_task(timer(duration="PT1H"), interrupting=False).fire("b").open == ["a", "x"]
    walk = on_a_task(timer(cycle="R2/PT1H"), interrupting=False).fire("b").fire("b")
    assert (walk.open, walk.waiting) == (["a", "x", "x"], [])


def test_boundary_event_conditional():
    assert on_a_task(condition("n > 1"), n=1).set(n=2).open == ["x"]
    assert on_a_task(condition("n > 1"), n=2).open == ["x"]


def test_boundary_event_conditional_not_interrupting():
    """Each time that the condition comes true, not each time that somebody looks."""
    walk = on_a_task(condition("n > 1"), interrupting=False, n=1)
    assert walk.set(n=2).set(n=3).open == ["a", "x"]
    assert walk.set(n=0).set(n=2).open == ["a", "x", "x"]


def test_boundary_event_conditional_is_looked_at_when_all_rests():
    """What holds only on the way, while nothing waits, is seen by nobody."""
    for last, open_ in ((user("i"), ["x"]), (script("i", "{n: n}"), ["after"])):
        body = (start("is"), script("k", "{n: 2}"), last, path("is", "k", "i"))
        model = guarded(subprocess("a", *body), condition("n > 1"))
        assert Walk(compiled(model), variables={"n": 0}).open == open_


def inside(thrower: str, *definition: str, interrupting: bool = True) -> Walk:
    """A subprocess `a` whose task `i` leads to the event `t`, and from there to `j`."""
    leads_on = user("j") + path("t", "j") if "Throw" in thrower else ""
    body = (start("is"), user("i"), thrower, path("is", "i", "t"), leads_on)
    model = guarded(subprocess("a", *body), *definition, interrupting=interrupting)
    return Walk(compiled(model)).complete("i")


def test_boundary_event_error():
    walk = inside(end("t", on("error", "E")), on("error", "E"))
    assert walk.open == ["x"]
    assert inside(end("t", on("error", "E")), on("error")).open == ["x"]


def test_boundary_event_error_of_a_job():
    walk = Walk(compiled(guarded(service("a", "test.do"), on("error", "E"))))
    assert walk.fail("a", "OTHER") is False
    assert walk.fail("a", "E", "no paper") is True
    assert (walk.open, walk.variables["error_message"]) == (["x"], "no paper")


def test_boundary_event_escalation():
    walk = inside(throw("t", on("escalation", "L")), on("escalation", "L"))
    assert walk.open == ["x"]


def test_boundary_event_escalation_not_interrupting():
    walk = inside(throw("t", on("escalation", "L")), on("escalation", "L"), interrupting=False)
    assert walk.open == ["j", "x"]


def test_boundary_event_on_a_multi_instance_activity_guards_all_of_it():
    walk = Walk(compiled(guarded(user("a", times("3")), timer(duration="PT1H"))))
    assert walk.waiting == ["b"]
    walk.complete("a").fire("b")
    assert (walk.open, walk.closed) == (["x"], ["a", "a"])


def test_boundary_event_without_a_way_on_ends_the_activity():
    model = bpmn(process("p", start("s"), user("a"), boundary("b", "a", timer(duration="PT1H")),
                         path("s", "a")))  # fmt: skip
    assert Walk(compiled(model)).fire("b").done


@pytest.mark.parametrize(
    ("host", "definition", "never"),
    [
        (script("a", "{n: 1}"), timer(duration="PT1H"), True),
        (script("a", "{n: 1}"), on("error", "E"), True),
        (element("businessRuleTask", "a", implementation="rate"), on("error", "E"), True),
        (send("a", "M"), on("error", "E"), True),
        (element("sendTask", "a", extensions='<saraban:action name="test.do"/>'),
         on("error", "E"), False),
        (user("a"), on("error", "E"), True),
        (user("a"), on("escalation", "L"), True),
        (receive("a", "M"), on("error", "E"), True),
        (receive("a", "M"), timer(duration="PT1H"), False),
        (service("a", "test.do"), on("error", "E"), False),
        (service("a", "test.do"), on("escalation", "L"), True),
        (subprocess("a", start("is"), path()), on("escalation", "L"), False),
    ],
)  # fmt: skip
def test_boundary_event_that_can_never_happen_is_told_of(host: str, definition: str, never: bool):
    files = {"m.bpmn": guarded(host, definition)}
    found = runtime.check(files, actions=ACTIONS, forms=NoForms())
    warned = [(p.element, p.severity) for p in found if p.code == "boundary_never"]
    assert warned == ([("b", "warning")] if never else [])
