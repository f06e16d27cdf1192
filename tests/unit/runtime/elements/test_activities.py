"""Activities: what each does with a token."""

from __future__ import annotations

from support.diagrams import (
    bpmn,
    call,
    decide,
    each,
    element,
    end,
    message,
    path,
    process,
    receive,
    script,
    send,
    service,
    start,
    subprocess,
    task,
    user,
)
from support.walking import Walk, compiled


def through(activity: str, *more: str) -> bytes:
    """start, the activity `x`, end."""
    return bpmn(
        message("M"), process("p", start("s"), activity, end("e"), path("s", "x", "e")), *more
    )


def test_task_is_passed():
    """Nobody and nothing does an abstract task: the standard completes it on arrival."""
    assert Walk(compiled(through(task("x")))).done


def test_manual_task_is_passed():
    """Done outside of any system: the engine does not wait for it."""
    assert Walk(compiled(through(element("manualTask", "x")))).done


def test_user_task_waits_for_a_person():
    walk = Walk(compiled(through(user("x"))))
    assert walk.open == ["x"]
    assert walk.complete("x", n=1).done
    assert walk.variables == {"n": 1}


def test_script_task_sets_variables_at_once():
    walk = Walk(compiled(through(script("x", "{n: n + 1, m: n * 10}"))), variables={"n": 1})
    assert (walk.done, walk.variables) == (True, {"n": 2, "m": 20})


def test_service_task_waits_for_a_job():
    walk = Walk(compiled(through(service("x", "test.do", a="=n"))), variables={"n": 1})
    assert [(job.action, job.inputs) for job in walk.jobs.values()] == [("test.do", {"a": 1})]
    assert walk.report("x", m=2).done
    assert walk.variables == {"n": 1, "m": 2}


def test_send_task_throws_a_message_and_goes_on():
    walk = Walk(compiled(through(send("x", "M", n="=n"))), variables={"n": 1})
    assert walk.done
    assert [(t.kind, t.name, t.payload) for t in walk.thrown] == [("message", "M", {"n": 1})]


def test_send_task_with_an_action_waits_for_its_job():
    sending = element("sendTask", "x", extensions='<saraban:action name="test.do"/>')
    walk = Walk(compiled(through(sending)))
    assert (walk.waiting, walk.thrown) == (["x"], [])
    assert walk.report("x").done


def test_receive_task_waits_for_a_message():
    walk = Walk(compiled(through(receive("x", "M"))))
    assert [(s.kind, s.name, s.key) for s in walk.subscriptions.values()] == [
        ("message", "M", "key")
    ]
    assert walk.hear("x", n=1).done
    assert walk.variables == {"n": 1}


def test_business_rule_task_sets_the_result_of_its_decision():
    bundle = compiled(through(decide("x", "rate", into="r")), decisions=lambda *_: 5)
    assert Walk(bundle).variables == {"r": 5}


INNER = (start("is"), user("i"), end("ie"), path("is", "i", "ie"))


def test_sub_process_goes_on_when_all_in_it_has_ended():
    body = (start("is"), user("i"), user("j"), path("is", "i"), path("is", "j"))
    walk = Walk(compiled(through(subprocess("x", *body))), variables={"n": 1})
    assert walk.complete("i", n=2).open == ["j"]
    assert walk.complete("j").done
    assert walk.variables == {"n": 2}


CALLED = process("q", start("qs"), user("i"), end("qe"), path("qs", "i", "qe"))


def test_call_activity_has_variables_of_its_own():
    model = through(call("x", "q", ins={"n": "=n + 1"}, outs={"m": "=n"}), CALLED)
    walk = Walk(compiled(model), variables={"n": 1})
    (scope,) = walk.calls
    assert walk.last.variables[scope] == {"n": 2}
    assert walk.complete("i", n=9).done
    assert walk.variables == {"n": 1, "m": 9}


def test_call_activity_may_name_the_process_with_a_prefix():
    """`calledElement` is a qualified name; a prefix is that of the file's own namespace."""
    model = through(call("x", "tns:q"), CALLED)
    assert Walk(compiled(model)).open == ["i"]


def test_call_activity_that_repeats_gives_no_counters_to_anyone():
    """Without mappings all variables go in and come out; how often it repeats is no variable."""
    model = through(call("x", "q", each("who", "one")), CALLED)
    walk = Walk(compiled(model), variables={"who": [1, 2]})
    scopes = [values for scope, values in walk.last.variables.items() if scope]
    assert [sorted(values) for values in scopes] == [["loopCounter", "one", "who"]] * 2
    walk.complete("i", n=5).complete("i", n=6)
    assert walk.variables == {"who": [1, 2], "n": 6}
