"""Gateways."""

from __future__ import annotations

import pytest
from support.diagrams import (
    both,
    bpmn,
    catch,
    condition,
    end,
    first,
    flow,
    message,
    on,
    path,
    process,
    receive,
    signal,
    some,
    start,
    subprocess,
    timer,
    user,
    xor,
)
from support.walking import Walk, compiled


@pytest.mark.parametrize(("n", "way"), [(3, "a"), (2, "b"), (1, "c")])
def test_exclusive_gateway_takes_the_first_way_that_holds(n: int, way: str):
    model = bpmn(
        process("p", start("s"), xor("g", "g-c"), user("a"), user("b"), user("c"), path("s", "g"),
                flow("g", "a", when="n > 2"), flow("g", "b", when="n > 1"), flow("g", "c"))
    )  # fmt: skip
    assert Walk(compiled(model), variables={"n": n}).open == [way]


def test_exclusive_gateway_passes_each_token_on():
    model = bpmn(
        process("p", start("s"), both("f"), xor("m"), user("a"), path("s", "f"),
                flow("f", "m", id_="one"), flow("f", "m", id_="two"), path("m", "a"))
    )  # fmt: skip
    assert Walk(compiled(model)).open == ["a", "a"]


def test_parallel_gateway_split_and_join():
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), user("b"), both("j"), user("c"),
                path("s", "f", "a", "j", "c"), path("f", "b", "j"))
    )  # fmt: skip
    walk = Walk(compiled(model))
    assert walk.open == ["a", "b"]
    assert walk.complete("b").open == ["a"]
    assert walk.complete("a").open == ["c"]


@pytest.mark.parametrize(("n", "ways"), [(3, ["a", "b"]), (2, ["a"]), (1, ["c"])])
def test_inclusive_gateway_takes_every_way_that_holds_and_joins_those(n: int, ways: list[str]):
    model = bpmn(
        process("p", start("s"), some("f", "f-c"), user("a"), user("b"), user("c"), some("j"),
                user("z"), path("s", "f"), flow("f", "a", when="n > 1"),
                flow("f", "b", when="n > 2"), flow("f", "c"), path("a", "j"), path("b", "j"),
                path("c", "j", "z"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"n": n})
    assert walk.open == ways
    for way in ways:
        assert "z" not in walk.open
        walk.complete(way)
    assert walk.open == ["z"]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_inclusive_gateway_join_in_a_loop_waits_in_every_round(order: str):
    """The way back leads to the split: whoever still may come round does not hold up the join."""
    model = bpmn(
        process("p", start("s"), xor("m"), some("f", "f-c"), user("a"), user("b"), user("c"),
                some("j"), user("h"), xor("g", "g-e"), end("e"), path("s", "m", "f"),
                flow("f", "a", when="n > 0"), flow("f", "b", when="n > 1"), flow("f", "c"),
                path("a", "j"), path("b", "j"), path("c", "j", "h", "g", "e"),
                flow("g", "m", when="again"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"n": 2, "again": True})
    for _ in range(3):
        assert walk.open == ["a", "b"]
        assert walk.complete(order[0]).open == [order[1]]
        assert walk.complete(order[1]).open == ["h"]
        walk.complete("h")
    walk.complete("a").complete("b").complete("h", n=0)
    assert walk.open == ["c"]
    assert walk.complete("c").complete("h", again=False).done


def test_inclusive_gateway_join_in_a_loop_is_not_held_up_by_a_branch_that_went_back():
    """`b` goes back to its own task instead of the join: the join waits until it comes or ends."""
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), user("b"), xor("g", "g-j"), some("j"),
                user("z"), end("e"), path("s", "f", "a", "j", "z", "e"), path("f", "b", "g", "j"),
                flow("g", "b", when="again"))
    )  # fmt: skip
    walk = Walk(compiled(model)).complete("a").complete("b", again=True)
    assert walk.open == ["b"]
    assert walk.complete("b", again=False).open == ["z"]


def test_inclusive_gateway_does_not_wait_for_what_is_in_a_subprocess_of_another_way():
    inner = (start("is"), user("i"), end("ie"), path("is", "i", "ie"))
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), subprocess("sub", *inner), some("j"),
                user("z"), end("e"), path("s", "f", "a", "j", "z", "e"), path("f", "sub", "e"))
    )  # fmt: skip
    assert Walk(compiled(model)).complete("a").open == ["i", "z"]


def race(*events: str) -> bytes:
    """An event-based gateway before `x` and `y`; the task behind each is named for it."""
    return bpmn(
        message("M"), message("N"), signal("S"),
        process("p", start("s"), first("g"), *events, user("after-x"), user("after-y"),
                path("s", "g", "x", "after-x"), path("g", "y", "after-y")),
    )  # fmt: skip


OTHER = catch("y", on("message", "N"))


def test_event_based_gateway_message():
    walk = Walk(compiled(race(catch("x", on("message", "M")), OTHER)))
    assert walk.waiting == ["x", "y"]
    walk.hear("x", n=1)
    assert (walk.open, walk.waiting, walk.variables) == (["after-x"], [], {"n": 1})


def test_event_based_gateway_signal():
    walk = Walk(compiled(race(catch("x", on("signal", "S")), OTHER))).hear("x")
    assert (walk.open, walk.waiting) == (["after-x"], [])


def test_event_based_gateway_timer():
    walk = Walk(compiled(race(catch("x", timer(duration="PT1H")), OTHER))).fire("x")
    assert (walk.open, walk.waiting) == (["after-x"], [])


def test_event_based_gateway_conditional():
    bundle = compiled(race(catch("x", condition("n = 1")), OTHER))
    walk = Walk(bundle, variables={"n": 0})
    assert walk.open == []
    walk.set(n=1)
    assert (walk.open, walk.waiting) == (["after-x"], [])
    at_once = Walk(bundle, variables={"n": 1})
    assert (at_once.open, at_once.waiting) == (["after-x"], [])


def test_event_based_gateway_conditional_both_hold_at_once():
    """One event decides, never two: the one drawn first."""
    model = race(catch("x", condition("n > 0")), catch("y", condition("n > 1")))
    walk = Walk(compiled(model), variables={"n": 0}).set(n=5)
    assert walk.open == ["after-x"]


def test_event_based_gateway_receive_task():
    walk = Walk(compiled(race(receive("x", "M"), OTHER))).hear("x", n=1)
    assert (walk.open, walk.waiting, walk.variables) == (["after-x"], [], {"n": 1})


def test_event_based_gateway_in_a_loop_listens_anew():
    model = bpmn(
        message("M"),
        process("p", start("s"), xor("m"), first("g"), catch("x", on("message", "M")),
                catch("y", timer(duration="PT1H")), end("e"), path("s", "m", "g", "x", "e"),
                path("g", "y", "m")),
    )  # fmt: skip
    walk = Walk(compiled(model)).fire("y").fire("y")
    assert walk.waiting == ["x", "y"]
    assert walk.hear("x").done
