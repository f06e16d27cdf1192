"""What a process may cost: every excess is an incident at its element, and the rest goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.diagrams import (
    again,
    both,
    boundary,
    bpmn,
    catch,
    each,
    end,
    flow,
    path,
    process,
    script,
    start,
    subprocess,
    task,
    throw,
    timer,
    times,
    user,
    xor,
)
from support.walking import Walk, compiled

from engine import runtime
from engine.runtime import limits
from engine.runtime.allowance import Allowance
from engine.runtime.variables import Variables


def test_a_circle_without_rest_stops_and_others_go_on():
    model = bpmn(
        process("p", start("s"), both("f"), xor("g", "g-t"), throw("t"), user("u"), end("e"),
                path("s", "f", "g", "t", "g"), path("f", "u", "e"), flow("g", "e", when="stop"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"stop": False})
    assert [code for _, code in walk.troubles] == ["limit_steps"]
    assert walk.open == ["u"]
    walk.complete("u")
    stuck = walk.troubles[0][0]
    assert walk.set(stop=True).retry(stuck).done


def test_a_retry_gets_a_budget_of_its_own():
    model = bpmn(
        process("p", start("s"), script("c", "{n: n + 1}"), xor("g", "g-c"), end("e"),
                path("s", "c", "g", "c"), flow("g", "e", when="n >= 1500"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"n": 0})
    rounds = 0
    while not walk.done:
        rounds += 1
        assert rounds < 10
        walk.retry(walk.troubles[0][0])
    assert walk.variables["n"] == 1500


def test_too_many_tokens(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "TOKENS", 50)
    model = bpmn(
        process("p", start("s"), user("u", times("40")), user("v", times("40")), both("f"),
                end("e"), path("s", "f", "u", "e"), path("f", "v", "e"))
    )  # fmt: skip
    assert {code for _, code in Walk(compiled(model)).troubles} == {"limit_tokens"}


def test_nested_loops_stay_under_the_cap_of_tokens():
    inner = (start("is"), user("i", times("400")), end("ie"), path("is", "i", "ie"))

    model = bpmn(
        process("p", start("s"), subprocess("sub", times("400"), *inner), end("e"),
                path("s", "sub", "e"))
    )  # fmt: skip
    walk = Walk(compiled(model))
    assert {code for _, code in walk.troubles} & {"limit_tokens", "limit_steps", "limit_time"}
    assert len(walk.tasks) < limits.TOKENS + 500


def test_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SECONDS", -1)
    model = bpmn(process("p", start("s"), end("e"), path("s", "e")))
    assert Walk(compiled(model)).troubles == [("s", "limit_time")]


@pytest.mark.parametrize("cycle", ["R/PT0S", "R/PT59M", "R5/PT59S", "R1001/PT1H", "R0/PT1H"])
def test_a_cycle_from_a_variable_is_capped_like_one_in_the_diagram(cycle: str):
    model = bpmn(
        process("p", start("s"), user("a"),
                boundary("t", "a", timer(cycle="=c"), interrupting=False), end("x"),
                path("s", "a"), path("t", "x"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"c": cycle})
    assert walk.troubles == [("t", "timer")]
    assert walk.open == ["a"]
    assert walk.complete("a").done


@pytest.mark.parametrize("duration", ["P9999999999M", "P11Y", "-PT5M", "PT", "P", "1 hour", ""])
def test_durations_are_checked_before_anything_counts_them(duration: str):

    model = bpmn(
        process("p", start("s"), catch("t", timer(duration="=d")), end("e"), path("s", "t", "e"))
    )
    assert Walk(compiled(model), variables={"d": duration}).troubles == [("t", "timer")]


def test_five_hundred_iterations_are_allowed():
    model = bpmn(
        process("p", start("s"), task("t", each("who", "one")), end("e"), path("s", "t", "e"))
    )
    assert Walk(compiled(model), variables={"who": list(range(500))}).done


def test_too_much_data():
    """Each text is within the language's own limit; together they are not."""
    model = bpmn(
        process("p", start("s"), script("c", "{n: n + 1, t: t + string(n)}", again(maximum=400)),
                user("u"), end("e"), path("s", "c", "u", "e"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"n": 0, "t": "x" * 900_000})
    assert walk.troubles == [("c", "limit_data")]


def test_advances_of_one_turn_share_what_they_may_cost():
    """Each of them alone is cheap."""
    model = bpmn(
        process("p", start("s"), user("a"), xor("x", "x-a"), end("e"),
                path("s", "a", "x", "a"), flow("x", "e", when="done"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"done": False})
    turn = replace(walk.around, allowance=Allowance(steps=20))
    for _ in range(20):
        token = next(iter(walk.tasks))
        del walk.tasks[token]
        walk._keep(runtime.complete_task(*walk._state, token, {}, None, turn))
        if walk.troubles:
            break
    assert walk.troubles == [("a", "limit_steps")]
    assert walk.retry("a").open == ["a"]


def test_no_expression_takes_longer_than_its_turn_has_left():
    long = "{n: count(for i in 1..100, j in 1..100 return i * j)}"
    model = bpmn(process("p", start("s"), script("c", long), end("e"), path("s", "c", "e")))
    walk = Walk(compiled(model), allowance=Allowance(seconds=0.001))
    assert walk.troubles[0][1] in ("feel_limit", "limit_time")
    assert walk.retry(walk.troubles[0][0]).done


def test_memory_that_is_not_there_is_an_incident(monkeypatch: pytest.MonkeyPatch):
    def used_up(*_: object) -> None:
        raise MemoryError

    model = bpmn(
        process("p", start("s"), both("f"), script("c", "{n: 1}"), user("u"), end("e"),
                path("s", "f", "c", "e"), path("f", "u", "e"))
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(Variables, "assign", used_up)
        walk = Walk(compiled(model))
    assert ("c", "limit_memory") in walk.troubles
    for stuck, _ in list(walk.troubles):
        walk.retry(stuck)
    assert walk.complete("u").done


def test_timers_of_no_time_are_counted_and_a_retry_counts_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "HASTY_TIMERS", 3)
    model = bpmn(
        process("p", start("s"), catch("t", timer(duration="=d")), xor("x", "x-t"), end("e"),
                path("s", "t", "x", "t"), flow("x", "e", when="done"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"d": "PT59S", "done": False})
    for _ in range(2):
        walk.fire("t")
    assert walk.fire("t").troubles == [("t", "limit_timers")]
    assert walk.retry("t").fire("t").set(done=True).fire("t").done
    slow = Walk(compiled(model), variables={"d": "PT1M", "done": False})
    for _ in range(5):
        slow.fire("t")
    assert slow.troubles == []
