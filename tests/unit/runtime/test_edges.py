"""Bounds of one advance at their edges: exactly as much goes on, one more is an incident there.

What a model needs is found out first; the bound is then laid exactly there, and one below.
"""

from __future__ import annotations

from typing import Any

import pytest
from support.diagrams import (
    bpmn,
    catch,
    end,
    flow,
    path,
    process,
    script,
    start,
    subprocess,
    task,
    timer,
    times,
    user,
    xor,
)
from support.walking import ACTIONS, NoForms, Walk, compiled

from engine import runtime
from engine.runtime import allowance, limits
from engine.runtime.allowance import Allowance

LINE = bpmn(process("p", start("s"), task("t"), user("u"), end("e"), path("s", "t", "u", "e")))


def _message(walk: Walk) -> str:
    (stuck,) = walk.stuck.values()
    return stuck.cause.message


def _needed(model: bytes) -> int:
    """Steps of the whole first advance."""
    given = Allowance()
    assert Walk(compiled(model), allowance=given).troubles == []
    return limits.TURN_STEPS - given.steps


def test_steps_of_an_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = _needed(LINE)
    monkeypatch.setattr(limits, "STEPS", needed)
    assert Walk(compiled(LINE)).open == ["u"]
    monkeypatch.setattr(limits, "STEPS", needed - 1)
    walk = Walk(compiled(LINE))
    assert walk.troubles == [("u", "limit_steps")]
    assert f"at most {needed - 1:,} steps" in _message(walk)
    assert walk.retry("u").open == ["u"]


def test_steps_of_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = _needed(LINE)
    monkeypatch.setattr(limits, "TURN_STEPS", needed)
    assert Walk(compiled(LINE), allowance=Allowance()).open == ["u"]
    monkeypatch.setattr(limits, "TURN_STEPS", needed - 1)
    assert Walk(compiled(LINE), allowance=Allowance()).troubles == [("u", "limit_steps")]


def test_seconds_of_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0])
    monkeypatch.setattr(allowance.time, "thread_time", lambda: next(now, limits.SECONDS))
    assert Walk(compiled(LINE), allowance=Allowance()).open == ["u"]
    now = iter([0.0])
    monkeypatch.setattr(allowance.time, "thread_time", lambda: next(now, limits.SECONDS + 0.001))
    walk = Walk(compiled(LINE), allowance=Allowance())
    assert walk.troubles == [("s", "limit_time")]
    assert f"at most {limits.SECONDS} seconds" in _message(walk)


def _loop(count: int) -> bytes:
    return bpmn(
        process("p", start("s"), user("u", times(str(count))), end("e"), path("s", "u", "e"))
    )


def test_tokens_of_an_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TOKENS", 40)
    most = max(count for count in range(30, 41) if not Walk(compiled(_loop(count))).troubles)
    # The process and the loop itself are tokens as well.
    assert most == 38
    walk = Walk(compiled(_loop(most + 1)))
    assert {code for _, code in walk.troubles} == {"limit_tokens"}
    assert {element for element, _ in walk.troubles} == {"u"}
    assert {"at most 40 tokens" in stuck.cause.message for stuck in walk.stuck.values()} == {True}


def _within(levels: int) -> bytes:
    """A task within so many subprocesses."""
    inner: tuple[Any, ...] = (start("s0"), user("u"), end("e0"), path("s0", "u", "e0"))
    for n in range(1, levels + 1):
        inner = (start(f"s{n}"), subprocess(f"p{n}", *inner), end(f"e{n}"),
                 path(f"s{n}", f"p{n}", f"e{n}"))  # fmt: skip
    return bpmn(process("p", *inner))


def test_containers_within_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DEPTH", 5)
    assert Walk(compiled(_within(4))).open == ["u"]  # the process is a container, too
    walk = Walk(compiled(_within(5)))
    assert walk.troubles == [("p1", "limit_depth")]
    assert "at most 5 levels" in _message(walk)


def test_characters_set_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = bpmn(
        process("p", start("s"), script("c", "{t: x}"), user("u"), end("e"),
                path("s", "c", "u", "e"))
    )  # fmt: skip

    def troubles(length: int) -> list[tuple[str, str]]:
        return Walk(compiled(model), variables={"x": "a" * length}).troubles

    monkeypatch.setattr(limits, "DATA", 1_000)
    assert (troubles(1_000), troubles(1_001)) == ([], [("u", "limit_data")])
    walk = Walk(compiled(model), variables={"x": "a" * 1_001})
    assert "at most 1,000 characters" in _message(walk)


def test_timers_of_no_time_in_one_case() -> None:
    model = bpmn(
        process("p", start("s"), catch("t", timer(duration="=d")), xor("x", "x-t"), end("e"),
                path("s", "t", "x", "t"), flow("x", "e", when="done"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"d": "PT59S", "done": False})
    for _ in range(limits.HASTY_TIMERS - 1):
        walk.fire("t")
    assert (walk.troubles, walk.waiting) == ([], ["t"])
    assert walk.fire("t").troubles == [("t", "limit_timers")]
    assert f"at most {limits.HASTY_TIMERS:,} timers" in _message(walk)


def test_a_diagram_that_can_still_be_read() -> None:
    def warnings(nodes: int) -> list[tuple[str, str]]:
        names = [f"t{number}" for number in range(nodes - 2)]
        source = bpmn(process("p", start("s"), *map(task, names), end("e"), path("s", *names, "e")))
        found = runtime.check({"a.bpmn": source}, actions=ACTIONS, forms=NoForms())
        return [(one.code, one.element) for one in found if one.code == "too_many_nodes"]

    assert warnings(limits.READABLE_NODES) == []
    assert warnings(limits.READABLE_NODES + 1) == [("too_many_nodes", "p")]
