"""Gateways, both ways of each, and flows that decide."""

from __future__ import annotations

import pytest
from support.diagrams import (
    both,
    boundary,
    bpmn,
    catch,
    condition,
    element,
    end,
    first,
    flow,
    message,
    on,
    path,
    process,
    receive,
    script,
    signal,
    some,
    start,
    timer,
    user,
    xor,
)
from support.walking import Walk, compiled


class TestExclusive:
    def model(self) -> bytes:
        return bpmn(
            process("p", start("s"), xor("g", "g-c"), user("a"), user("b"), user("c"), end("e"),
                    path("s", "g"), flow("g", "a", when="n > 2"), flow("g", "b", when="= n > 1"),
                    flow("g", "c"), path("a", "e"), path("b", "e"), path("c", "e"))
        )  # fmt: skip

    @pytest.mark.parametrize(("n", "way"), [(3, "a"), (2, "b"), (1, "c")])
    def test_takes_the_first_that_holds_else_the_default(self, n: int, way: str):
        walk = Walk(compiled(self.model()), variables={"n": n})
        assert walk.open == [way]
        assert f"flow g-{way}" in walk.steps

    @pytest.mark.parametrize("n", [None, "3", True])
    def test_neither_true_nor_false_is_an_incident_never_the_default(self, n: object):
        walk = Walk(compiled(self.model()), variables={"n": n})
        assert [e for e, _ in walk.troubles] == ["g"]
        assert walk.open == []
        assert walk.set(n=1).retry("g").open == ["c"]

    def test_unknown_variable_is_an_incident(self):
        assert [e for e, _ in Walk(compiled(self.model())).troubles] == ["g"]

    def test_no_way_at_all_is_an_incident(self):
        model = bpmn(
            process("p", start("s"), xor("g"), user("a"), end("e"), path("s", "g"),
                    flow("g", "a", when="n = 1"), path("a", "e"))
        )  # fmt: skip
        assert Walk(compiled(model), variables={"n": 2}).troubles == [("g", "no_flow")]

    def test_merges_without_waiting(self):
        model = bpmn(
            process("p", start("s"), both("f"), xor("m"), user("a"), end("e"), path("s", "f"),
                    flow("f", "m", id_="one"), flow("f", "m", id_="two"), path("m", "a", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model))
        assert walk.open == ["a", "a"]
        assert walk.complete("a").done is False
        assert walk.complete("a").done


class TestParallel:
    def model(self) -> bytes:
        return bpmn(
            process("p", start("s"), both("f"), user("a"), user("b"), both("j"), user("c"),
                    end("e"), path("s", "f", "a", "j", "c", "e"), path("f", "b", "j"))
        )  # fmt: skip

    @pytest.mark.parametrize("order", ["ab", "ba"])
    def test_waits_for_all(self, order: str):
        walk = Walk(compiled(self.model()))
        assert walk.open == ["a", "b"]
        walk.complete(order[0])
        assert walk.open == [order[1]]
        assert walk.complete(order[1]).open == ["c"]
        assert walk.steps.count("entered j") == 2
        assert walk.steps.count("completed j") == 1

    def test_waits_in_vain_is_an_incident(self):
        model = bpmn(
            process("p", start("s"), both("f"), user("a"), user("b"), both("j"), end("e"), end("x"),
                    path("s", "f", "a", "j", "e"), path("f", "b"), xor("g", "g-x"),
                    path("b", "g", "x"), flow("g", "j", when="n = 1"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"n": 2}).complete("a").complete("b")
        assert walk.troubles == [("j", "join_starved")]

    def test_left_over_tokens_wait_for_the_next_round(self):
        """Two tokens come along one flow: the join takes one of each and keeps the other."""
        model = bpmn(
            process("p", start("s"), both("f"), xor("m"), user("a"), user("b"), both("j"),
                    user("c"), end("e"), path("s", "f"), flow("f", "m", id_="one"),
                    flow("f", "m", id_="two"), path("m", "a", "j"), path("f", "b", "j"),
                    path("j", "c", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model)).complete("a").complete("a")
        assert walk.open == ["b"]
        walk.complete("b")
        assert walk.open == ["c"]
        assert walk.troubles == [("j", "join_starved")]


class TestInclusive:
    def model(self) -> bytes:
        return bpmn(
            process("p", start("s"), some("f", "f-c"), user("a"), user("b"), user("c"), some("j"),
                    user("z"), end("e"), path("s", "f"), flow("f", "a", when="n > 1"),
                    flow("f", "b", when="n > 2"), flow("f", "c"), path("a", "j"), path("b", "j"),
                    path("c", "j", "z", "e"))
        )  # fmt: skip

    @pytest.mark.parametrize(("n", "ways"), [(3, ["a", "b"]), (2, ["a"]), (1, ["c"])])
    def test_takes_all_that_hold_and_joins_just_those(self, n: int, ways: list[str]):
        walk = Walk(compiled(self.model()), variables={"n": n})
        assert walk.open == ways
        for way in ways:
            assert "z" not in walk.open
            walk.complete(way)
        assert walk.open == ["z"]
        assert walk.complete("z").done

    def test_waits_for_a_token_that_has_left_its_task_and_not_arrived_yet(self):
        """Two scripts end in one advance: the second token is on its way when the first arrives."""
        model = bpmn(
            process("p", start("s"), some("f", "f-c"), script("a", "{ x: 1 }"),
                    script("b", "{ y: 2 }"), user("c"), some("j"), user("z"), end("e"),
                    path("s", "f"), flow("f", "a", when="n > 0"), flow("f", "b", when="n > 0"),
                    flow("f", "c"), path("a", "j"), path("b", "j"), path("c", "j", "z", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"n": 1})
        assert walk.open == ["z"]
        assert walk.complete("z").done

    def test_waits_for_a_token_that_can_still_come_by_a_boundary_event(self):
        model = bpmn(
            process("p", start("s"), both("f"), user("a"), user("b"), end("x"), some("j"),
                    boundary("late", "b", timer(duration="PT1H")), user("z"), end("e"),
                    path("s", "f", "a", "j", "z", "e"), path("f", "b", "x"), path("late", "j"))
        )  # fmt: skip
        walk = Walk(compiled(model)).complete("a")
        assert walk.open == ["b"]
        assert Walk(compiled(model)).complete("a").complete("b").open == ["z"]
        assert walk.fire("late").open == ["z"]


class TestEventBased:
    def model(self) -> bytes:
        return bpmn(
            message("M"),
            signal("S"),
            process("p", start("s"), first("g"), catch("m", on("message", "M")),
                    catch("t", timer(duration="PT1H")), catch("i", on("signal", "S")),
                    catch("c", condition("n = 2")), receive("r", "M", key="other"),
                    user("a"), end("e"), path("s", "g", "m", "e"), path("g", "t", "a", "e"),
                    path("g", "i", "e"), path("g", "c", "e"), path("g", "r", "e")),
        )  # fmt: skip

    def test_the_first_event_ends_the_others(self):
        walk = Walk(compiled(self.model()), variables={"n": 1})
        assert walk.waiting == ["i", "m", "r", "t"]
        walk.fire("t")
        assert (walk.open, walk.waiting) == (["a"], [])
        assert "flow g-t" in walk.steps
        assert walk.complete("a").done

    @pytest.mark.parametrize("event", ["m", "i", "r"])
    def test_messages_and_signals(self, event: str):
        walk = Walk(compiled(self.model()), variables={"n": 1}).hear(event, x=1)
        assert walk.done
        assert walk.variables == {"n": 1, "x": 1}

    def test_a_condition(self):
        assert Walk(compiled(self.model()), variables={"n": 1}).set(n=2).done


class TestUncontrolledFlow:
    def test_several_flows_out_of_a_task_are_all_taken(self):
        model = bpmn(
            process("p", start("s"), user("a"), user("b"), user("c"), end("e"), path("s", "a"),
                    path("a", "b", "e"), path("a", "c", "e"))
        )  # fmt: skip
        assert Walk(compiled(model)).complete("a").open == ["b", "c"]

    @pytest.mark.parametrize(("n", "ways"), [(1, ["b"]), (2, ["b", "c"]), (0, ["d"])])
    def test_conditions_out_of_a_task_decide(self, n: int, ways: list[str]):
        model = bpmn(
            process("p", start("s"), element("userTask", "a", default="a-d"), user("b"), user("c"),
                    user("d"), end("e"), path("s", "a"), flow("a", "b", when="n > 0"),
                    flow("a", "c", when="n > 1"), flow("a", "d"), path("b", "e"), path("c", "e"),
                    path("d", "e"))
        )  # fmt: skip
        assert Walk(compiled(model)).complete("a", n=n).open == ways

    def test_a_condition_that_fails_after_a_script_does_not_run_it_again(self):
        model = bpmn(
            process("p", start("s"), script("a", "{n: n + 1}"), user("b"), end("e"), path("s", "a"),
                    flow("a", "b", when="m = 1"), path("b", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"n": 0, "m": None})
        assert [e for e, _ in walk.troubles] == ["a"]
        assert walk.set(m=1).retry("a").open == ["b"]
        assert walk.variables["n"] == 1


def test_an_element_without_a_way_out_is_an_end():
    model = bpmn(process("p", start("s"), user("a"), path("s", "a")))
    assert Walk(compiled(model)).complete("a").done
