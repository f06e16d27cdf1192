"""Start, intermediate and end events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from support.diagrams import (
    both,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    end,
    error,
    escalation,
    event_subprocess,
    link,
    message,
    on,
    path,
    process,
    script,
    signal,
    start,
    subprocess,
    terminate,
    throw,
    timer,
    times,
    user,
)
from support.walking import MONDAY, NoForms, Walk, compiled

from engine import runtime

ROOTS = (message("M"), signal("S"), error("E"), escalation("L"))


def whole(*nodes: str, more: str = "") -> bytes:
    return bpmn(*ROOTS, process("p", *nodes), more)


# -- start ------------------------------------------------------------------------------------


def test_start_event_none():
    assert Walk(compiled(whole(start("s"), user("a"), path("s", "a")))).open == ["a"]


def begun(*definition: str) -> Walk:
    """By the event alone; people start it at `s`."""
    model = whole(start("s"), user("a"), start("x", *definition), user("b"), path("s", "a"),
                  path("x", "b"))  # fmt: skip
    bundle = compiled(model)
    assert Walk(bundle).open == ["a"]
    (known,) = bundle.processes["p"].starts
    assert known.element_id == "x"
    return Walk(bundle, event="x", variables={"n": 1})


def test_start_event_message():
    assert begun(on("message", "M")).open == ["b"]


def test_start_event_signal():
    assert begun(on("signal", "S")).open == ["b"]


def test_start_event_timer():
    walk = begun(timer(cycle="R/P1D"))
    assert walk.open == ["b"]
    due = runtime.first_moment(walk.bundle, "p", "x", walk.around)
    assert due["due"] == MONDAY + timedelta(days=1)


def test_start_event_conditional():
    """It looks at the world before there is an instance; begun, it is not asked again."""
    walk = begun(condition("rainfall > 90 and dry = false"))
    assert walk.open == ["b"]
    asked = partial(runtime.ask_start, walk.bundle, "p", "x", around=walk.around)
    assert asked(facts={"rainfall": 91, "dry": False, "more": 1}).holds is True
    assert asked(facts={"rainfall": 90, "dry": False}).holds is False
    assert asked(facts={"rainfall": 91}) == runtime.Asked(None), "it needs what was not told"
    wrong = asked(facts={"rainfall": "much", "dry": False})
    assert wrong.holds is None
    assert (wrong.cause.code, wrong.cause.element_id) == ("feel_not_boolean", "x")


# -- catch ------------------------------------------------------------------------------------


def caught(*definition: str, **variables: object) -> Walk:
    model = whole(start("s"), catch("x", *definition), end("e"), path("s", "x", "e"))
    return Walk(compiled(model), variables=variables)


def test_intermediate_catch_event_message():
    walk = caught(on("message", "M"))
    assert [(s.name, s.key) for s in walk.subscriptions.values()] == [("M", "key")]
    assert walk.hear("x", n=1).done
    assert walk.variables == {"n": 1}


def test_intermediate_catch_event_signal():
    walk = caught(on("signal", "S"))
    assert [(s.name, s.key) for s in walk.subscriptions.values()] == [("S", None)]
    assert walk.hear("x", n=1).done


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ({"duration": "PT1H"}, MONDAY + timedelta(hours=1)),
        ({"duration": '=duration("P1D")'}, MONDAY + timedelta(days=1)),
        ({"date": "2026-02-01T08:00:00+07:00"}, datetime(2026, 2, 1, 1, tzinfo=UTC)),
        ({"date": "2020-01-01T00:00:00Z"}, datetime(2020, 1, 1, tzinfo=UTC)),
        ({"cycle": "R3/PT1H"}, MONDAY + timedelta(hours=1)),
    ],
)
def test_intermediate_catch_event_timer(when: dict[str, str], due: datetime):
    """A date that has passed is due at once; a cycle on the way fires once (a warning says so)."""
    walk = caught(timer(**when))
    assert walk.timers[walk.token("x")].due_at == due
    assert walk.fire("x").done


def test_intermediate_catch_event_conditional():
    walk = caught(condition("n > 1"), n=1)
    assert not walk.done
    assert walk.set(n=2).done
    assert caught(condition("n > 1"), n=5).done


def test_intermediate_catch_event_link_and_intermediate_throw_event_link():
    """A jump on one level; several throws may lead to one catch."""
    model = whole(start("s"), throw("to", link("L")), throw("too", link("L")),
                  catch("from", link("L")), user("a"), path("s", "to"), path("s", "too"),
                  path("from", "a"))  # fmt: skip
    assert Walk(compiled(model)).open == ["a", "a"]


def test_intermediate_throw_event_link_in_a_subprocess_stays_in_it():
    inner = (start("is"), throw("to", link("L")), catch("from", link("L")), user("i"),
             path("is", "to"), path("from", "i"))  # fmt: skip
    outer = (throw("out", link("L")), catch("back", link("L")), user("a"), path("back", "a"))
    model = whole(start("s"), subprocess("sub", *inner), *outer, path("s", "sub", "out"))
    walk = Walk(compiled(model))
    assert walk.open == ["i"]
    assert walk.complete("i").open == ["a"]


def test_intermediate_catch_event_link_has_no_flow_into_it():
    model = whole(start("s"), throw("to", link("L")), catch("from", link("L")), path("s", "to"),
                  path("s", "from"))  # fmt: skip
    found = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert [(p.code, p.element) for p in found] == [("flow_into_start", "from")]


# -- throw ------------------------------------------------------------------------------------


def thrown(node: str) -> Walk:
    return Walk(compiled(whole(start("s"), node, path("s", "x"))), variables={"n": 1})


PAYLOAD = '<saraban:input name="m" value="=n + 1"/>'


def test_intermediate_throw_event_none_is_passed():
    assert thrown(throw("x")).done


def test_intermediate_throw_event_message():
    walk = thrown(throw("x", on("message", "M"), extensions=PAYLOAD))
    assert walk.done
    assert [(t.kind, t.name, t.key, t.payload) for t in walk.thrown] == [
        ("message", "M", "key", {"m": 2})
    ]


def test_intermediate_throw_event_signal():
    walk = thrown(throw("x", on("signal", "S"), extensions=PAYLOAD))
    assert [(t.kind, t.name, t.key, t.payload) for t in walk.thrown] == [
        ("signal", "S", None, {"m": 2})
    ]


def escalating(*thrower: str, interrupting: bool = True, code: str = "L") -> Walk:
    """A subprocess that throws an escalation, with a boundary event that leads to `boss`."""
    inner = (start("is"), both("f"), user("i"), *thrower, path("is", "f", "i"), path("f", "x"))
    model = whole(
        start("s"),
        subprocess("sub", *inner),
        boundary("b", "sub", on("escalation", code), interrupting=interrupting),
        user("after"),
        user("boss"),
        path("s", "sub", "after"),
        path("b", "boss"),
    )
    return Walk(compiled(model))  # fmt: skip


def test_intermediate_throw_event_escalation():
    on_the_way = (throw("x", on("escalation", "L")), user("j"), path("x", "j"))
    assert escalating(*on_the_way, interrupting=False).open == ["boss", "i", "j"]
    assert escalating(*on_the_way).open == ["boss"]


def test_intermediate_throw_event_escalation_that_nobody_catches_goes_on():
    walk = thrown(throw("x", on("escalation", "L")))
    assert (walk.done, walk.troubles) == (True, [])


def test_end_event_escalation_is_caught_by_a_boundary_event():
    walk = escalating(end("x", on("escalation", "L")), interrupting=False)
    assert walk.open == ["boss", "i"]
    assert walk.complete("i").open == ["after", "boss"]
    interrupted = escalating(end("x", on("escalation", "L")))
    assert interrupted.open == ["boss"]
    assert escalating(end("x", on("escalation", "L")), code="").open == ["boss"]


def test_end_event_escalation_goes_out_of_a_called_process():
    called = process("q", start("qs"), end("x", on("escalation", "L")), path("qs", "x"))
    model = whole(
        start("s"),
        call("c", "q"),
        boundary("b", "c", on("escalation", "L"), interrupting=False),
        user("after"),
        user("boss"),
        path("s", "c", "after"),
        path("b", "boss"),
        more=called,
    )
    assert Walk(compiled(model)).open == ["after", "boss"]  # fmt: skip


@pytest.mark.parametrize(
    ("node", "kind"), [(end, "error"), (end, "escalation"), (throw, "escalation")]
)
def test_end_event_without_a_code_is_refused(node: Callable[..., str], kind: str):
    """What is thrown has a name; only who catches may leave it out, and then catches all."""
    model = whole(start("s"), node("x", on(kind)), path("s", "x"))
    found = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert [(p.code, p.element) for p in found] == [(f"{kind}_missing", "x")]


# -- end --------------------------------------------------------------------------------------


def test_end_event_none():
    walk = thrown(end("x"))
    assert (walk.done, walk.last.end_element) == (True, "x")


def test_end_event_message():
    walk = thrown(end("x", on("message", "M"), extensions=PAYLOAD))
    assert [(t.kind, t.name, t.payload) for t in walk.thrown] == [("message", "M", {"m": 2})]
    assert walk.done


def test_end_event_signal():
    walk = thrown(end("x", on("signal", "S"), extensions=PAYLOAD))
    assert [(t.kind, t.name, t.payload) for t in walk.thrown] == [("signal", "S", {"m": 2})]
    assert walk.done


def test_end_event_error_ends_what_it_is_caught_around():
    inner = (start("is"), both("f"), user("i"), user("j"), end("x", on("error", "E")),
             path("is", "f", "i", "x"), path("f", "j"))  # fmt: skip
    model = whole(start("s"), subprocess("sub", *inner), boundary("b", "sub", on("error", "E")),
                  user("bad"), path("s", "sub"), path("b", "bad"))  # fmt: skip
    walk = Walk(compiled(model)).complete("i")
    assert (walk.open, walk.closed) == (["bad"], ["j"])
    assert walk.variables["error_code"] == "E"


def test_end_event_error_that_nobody_catches_is_an_incident():
    assert thrown(end("x", on("error", "E"))).troubles == [("x", "error_not_caught")]


def test_end_event_error_goes_out_of_a_called_process_past_what_catches_another():
    called = process("q", start("qs"), end("x", on("error", "E")), path("qs", "x"))
    inner = (start("is"), call("c", "q"), boundary("no", "c", on("error", "F")), user("n"),
             path("is", "c"), path("no", "n"))  # fmt: skip
    model = whole(
        start("s"),
        subprocess("sub", *inner),
        boundary("b", "sub", on("error", "E")),
        user("bad"),
        path("s", "sub"),
        path("b", "bad"),
        more=error("F") + called,
    )
    walk = Walk(compiled(model))  # fmt: skip
    assert (walk.open, walk.calls) == (["bad"], {})


def test_end_event_error_in_one_iteration_ends_the_whole_activity():
    inner = (start("is"), user("i"), end("x", on("error", "E")), path("is", "i", "x"))
    model = whole(start("s"), subprocess("sub", times("3"), *inner),
                  boundary("b", "sub", on("error", "E")), user("bad"), path("s", "sub"),
                  path("b", "bad"))  # fmt: skip
    walk = Walk(compiled(model)).complete("i")
    assert (walk.open, walk.closed) == (["bad"], ["i", "i"])


def terminating(*around: str) -> tuple[str, ...]:
    """A body whose task `i` leads to a terminate end event, beside the open task `j`."""
    return (start("is"), both("f"), user("i"), user("j"), end("x", terminate()),
            path("is", "f", "i", "x"), path("f", "j"), *around)  # fmt: skip


def test_end_event_terminate_at_the_top_ends_the_instance():
    inner = (start("ks"), user("k"), path("ks", "k"))
    nodes = terminating(subprocess("sub", *inner), path("f", "sub"))
    walk = Walk(compiled(whole(*nodes))).complete("i")
    assert (walk.done, walk.last.end_element) == (True, "x")
    assert sorted(walk.closed) == ["j", "k"]


def test_end_event_terminate_in_a_subprocess_ends_only_that():
    model = whole(start("s"), both("g"), subprocess("sub", *terminating()), user("after"),
                  user("other"), path("s", "g", "sub", "after"), path("g", "other"))  # fmt: skip
    walk = Walk(compiled(model)).complete("i")
    assert (walk.open, walk.closed) == (["after", "other"], ["j"])


def test_end_event_terminate_in_one_iteration_ends_only_that():
    model = whole(start("s"), subprocess("sub", times("2"), *terminating()), user("after"),
                  path("s", "sub", "after"))  # fmt: skip
    walk = Walk(compiled(model)).complete("i")
    assert walk.open == ["i", "j"]
    assert walk.complete("i").open == ["after"]


def test_end_event_terminate_in_a_called_process_ends_only_that():
    model = whole(start("s"), call("c", "q"), user("after"), path("s", "c", "after"),
                  more=process("q", *terminating()))  # fmt: skip
    walk = Walk(compiled(model)).complete("i")
    assert (walk.open, walk.calls) == (["after"], {})


def test_end_event_terminate_in_an_event_subprocess_leaves_the_process():
    handler = event_subprocess(
        "h", start("hs", on("message", "M"), interrupting=False), both("f"), user("i"), user("j"),
        end("x", terminate()), path("hs", "f", "i", "x"), path("f", "j"),
    )  # fmt: skip
    model = whole(start("s"), user("a"), path("s", "a"), handler)
    walk = Walk(compiled(model)).hear("hs").complete("i")
    assert (walk.open, walk.waiting) == (["a"], ["hs"])
    assert walk.complete("a").done


def test_end_event_in_a_branch_leaves_the_others():
    model = whole(start("s"), both("f"), script("c", "{n: 1}"), end("x"), user("a"),
                  path("s", "f", "c", "x"), path("f", "a"))  # fmt: skip
    walk = Walk(compiled(model))
    assert (walk.done, walk.open) == (False, ["a"])
