"""What a process may cost: every excess is an incident at its element, and the rest goes on."""

from __future__ import annotations

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

from engine.runtime import limits


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
    monkeypatch.setattr(limits, "WALL_SECONDS", -1)
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
