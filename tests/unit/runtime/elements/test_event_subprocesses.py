"""Event subprocesses: each start event, with and without interrupting, where it can."""

from __future__ import annotations

from support.diagrams import (
    both,
    bpmn,
    call,
    condition,
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
    throw,
    timer,
    times,
    user,
)
from support.walking import Walk, compiled

ROOTS = (message("M"), signal("S"), error("E"), escalation("L"))


def handler(*definition: str, interrupting: bool = True) -> str:
    return event_subprocess(
        "h", start("hs", *definition, interrupting=interrupting), user("handle"),
        path("hs", "handle"),
    )  # fmt: skip


def handled(*definition: str, interrupting: bool = True, **variables: object) -> Walk:
    """Beside the task `a`, which leads to `after`."""
    model = bpmn(*ROOTS, process("p", start("s"), user("a"), user("after"),
                                 path("s", "a", "after"),
                                 handler(*definition, interrupting=interrupting)))  # fmt: skip
    return Walk(compiled(model), variables=variables)


def test_event_sub_process_message():
    walk = handled(on("message", "M")).hear("hs", n=1)
    assert (walk.open, walk.closed, walk.waiting) == (["handle"], ["a"], [])
    assert walk.complete("handle").done
    assert walk.variables == {"n": 1}


def test_event_sub_process_message_not_interrupting():
    walk = handled(on("message", "M"), interrupting=False).hear("hs").hear("hs")
    assert walk.open == ["a", "handle", "handle"]
    walk.complete("a").complete("after")
    assert walk.complete("handle").done is False
    assert walk.complete("handle").done


def test_event_sub_process_signal():
    assert handled(on("signal", "S")).hear("hs").open == ["handle"]


def test_event_sub_process_signal_not_interrupting():
    assert handled(on("signal", "S"), interrupting=False).hear("hs").open == ["a", "handle"]


def test_event_sub_process_timer():
    assert handled(timer(duration="PT1H")).fire("hs").open == ["handle"]


def test_event_sub_process_timer_not_interrupting():
    walk = handled(timer(cycle="R2/PT1H"), interrupting=False).fire("hs").fire("hs")
    assert (walk.open, walk.waiting) == (["a", "handle", "handle"], [])


def test_event_sub_process_conditional():
    assert handled(condition("n = 1"), n=0).set(n=1).open == ["handle"]
    assert handled(condition("n = 1"), n=1).open == ["handle"]


def test_event_sub_process_conditional_not_interrupting():
    walk = handled(condition("n = 1"), interrupting=False, n=0).set(n=1).set(n=0).set(n=1)
    assert walk.open == ["a", "handle", "handle"]


def thrown_within(thrower: str, *definition: str, interrupting: bool = True) -> Walk:
    """A nested subprocess whose task `i` leads to the event `t`; the handler is the process's."""
    inner = (start("is"), user("i"), thrower, path("is", "i", "t"))
    model = bpmn(*ROOTS, process("p", start("s"), both("f"), subprocess("sub", *inner), user("b"),
                                 user("after"), path("s", "f", "sub", "after"), path("f", "b"),
                                 handler(*definition, interrupting=interrupting)))  # fmt: skip
    return Walk(compiled(model)).complete("i")


def test_event_sub_process_error():
    """An error always interrupts all that is around it."""
    walk = thrown_within(end("t", on("error", "E")), on("error", "E"))
    assert (walk.open, walk.closed) == (["handle"], ["b"])
    assert walk.complete("handle").done
    assert walk.variables["error_code"] == "E"


def test_event_sub_process_error_does_not_catch_its_own():
    """What is thrown while an error is handled goes further out."""
    again = event_subprocess(
        "k", start("ks", on("error", "E")), end("ke", on("error", "E")), path("ks", "ke")
    )
    inner = (start("is"), end("t", on("error", "E")), path("is", "t"), again)
    model = bpmn(*ROOTS, process("p", start("s"), subprocess("sub", *inner), path("s", "sub"),
                                 handler(on("error", "E"))))  # fmt: skip
    assert Walk(compiled(model)).open == ["handle"]


def test_event_sub_process_escalation():
    walk = thrown_within(end("t", on("escalation", "L")), on("escalation", "L"))
    assert (walk.open, walk.closed) == (["handle"], ["b"])


def test_event_sub_process_escalation_not_interrupting():
    walk = thrown_within(end("t", on("escalation", "L")), on("escalation", "L"), interrupting=False)
    assert walk.open == ["after", "b", "handle"]


def test_event_sub_process_escalation_comes_before_a_boundary_event():
    inner = (start("is"), throw("t", on("escalation", "L")), user("i"), path("is", "t", "i"),
             handler(on("escalation", "L"), interrupting=False))  # fmt: skip
    model = bpmn(*ROOTS, process("p", start("s"), subprocess("sub", *inner), path("s", "sub")))
    assert Walk(compiled(model)).open == ["handle", "i"]


def test_event_sub_process_in_each_iteration():
    inner = (start("is"), user("i"), path("is", "i"), handler(on("signal", "S")))
    model = bpmn(*ROOTS, process("p", start("s"), subprocess("sub", times("2"), *inner),
                                 path("s", "sub")))  # fmt: skip
    walk = Walk(compiled(model))
    assert walk.waiting == ["hs", "hs"]
    assert walk.hear("hs").open == ["handle", "i"]
    assert walk.complete("i").complete("handle").done


def test_event_sub_process_in_a_called_process():
    called = process("q", start("qs"), user("i"), path("qs", "i"), handler(on("message", "M")))
    model = bpmn(*ROOTS, process("p", start("s"), call("c", "q"), user("after"),
                                 path("s", "c", "after")), called)  # fmt: skip
    walk = Walk(compiled(model)).hear("hs", n=1)
    (scope,) = walk.calls
    assert (walk.open, walk.last.variables[scope]) == (["handle"], {"n": 1})
    assert walk.complete("handle").open == ["after"]


def test_event_sub_process_no_longer_listens_where_another_interrupts():
    other = event_subprocess("k", start("ks", on("signal", "S")), user("kill"), path("ks", "kill"))
    model = bpmn(*ROOTS, process("p", start("s"), user("a"), path("s", "a"), other,
                                 handler(on("message", "M"), interrupting=False)))  # fmt: skip
    walk = Walk(compiled(model)).hear("hs").hear("ks")
    assert (walk.open, walk.waiting) == (["kill"], [])
