"""Activities that run several times."""

from __future__ import annotations

import pytest
from support.diagrams import (
    again,
    assigned,
    boundary,
    bpmn,
    call,
    each,
    end,
    flow,
    path,
    process,
    script,
    service,
    start,
    subprocess,
    task,
    timer,
    times,
    user,
    xor,
)
from support.walking import Walk, compiled


def asking(loop: str, *, extra: str = "", extensions: str = "") -> bytes:
    return bpmn(
        process("p", start("s"), user("r", loop, extensions=extensions), end("e"),
                path("s", "r", "e"), extra)
    )  # fmt: skip


class TestParallel:
    def test_one_for_each_item_collected_in_the_order_of_the_items(self):
        walk = Walk(compiled(asking(each("who", "one", collect=("votes", "vote")))),
                    variables={"who": ["x", "y", "z"]})  # fmt: skip
        assert walk.open == ["r", "r", "r"]
        assert [dict(t.local) for t in walk.tasks.values()] == [
            {"one": name, "loopCounter": n} for n, name in enumerate("xyz", 1)
        ]
        walk.complete("r", nth=2, vote=3)
        assert walk.variables["votes"] == [3]
        walk.complete("r", nth=0, vote=1)
        assert walk.variables["votes"] == [1, 3]
        assert walk.complete("r", vote=2).done
        assert walk.variables == {"who": ["x", "y", "z"], "votes": [1, 2, 3]}

    def test_the_element_variable_decides_who(self):
        model = asking(each("who", "one"), extensions=assigned("expression", "one"))
        walk = Walk(compiled(model), variables={"who": ["x", "y"]})
        assert [t.assignments[0].value for t in walk.tasks.values()] == ["x", "y"]

    def test_without_an_output_item_variables_go_to_the_process(self):
        walk = Walk(compiled(asking(each("who", "one"))), variables={"who": [1, 2]})
        walk.complete("r", n=1).complete("r", n=2, one=5)
        assert walk.variables == {"who": [1, 2], "n": 2}

    def test_an_iteration_that_sets_nothing_counts_as_null(self):
        model = asking(each("who", "one", collect=("votes", "vote")))
        walk = Walk(compiled(model), variables={"who": [1, 2], "vote": "old"})
        assert walk.complete("r").complete("r", vote=2).variables["votes"] in ([None, 2], [2, None])

    def test_an_empty_list_passes_on_and_empties_the_output(self):
        model = asking(each("who", "one", collect=("votes", "vote")))
        walk = Walk(compiled(model), variables={"who": [], "votes": [1]})
        assert walk.done
        assert walk.variables["votes"] == []

    def test_completion_condition_ends_the_others(self):
        model = asking(each("who", "one", collect=("votes", "vote"), until='vote = "no"'))
        walk = Walk(compiled(model), variables={"who": [1, 2, 3]})
        assert walk.complete("r", vote="yes").open == ["r", "r"]
        assert walk.complete("r", vote="no").done
        assert walk.last.closed[0].reason == "completion_condition"

    def test_completion_condition_sees_the_counters_and_the_list(self):
        until = "numberOfCompletedInstances >= 2 and numberOfInstances = 4 and "
        until += "numberOfActiveInstances = 2 and count(votes) = 2"
        model = asking(each("who", "one", collect=("votes", "vote"), until=until))
        walk = Walk(compiled(model), variables={"who": [1, 2, 3, 4]})
        assert walk.complete("r", vote=1).open == ["r"] * 3
        assert walk.complete("r", vote=2).done

    def test_a_condition_that_fails_is_an_incident_of_that_iteration(self):
        model = asking(each("who", "one", collect=("votes", "vote"), until="vote > limit"))
        walk = Walk(compiled(model), variables={"who": [1, 2], "limit": None})
        walk.complete("r", vote=1)
        assert [e for e, _ in walk.troubles] == ["r"]
        assert walk.variables["votes"] == []
        walk.set(limit=5).retry("r")
        assert (walk.troubles, walk.open, walk.variables["votes"]) == ([], ["r"], [1])

    @pytest.mark.parametrize("who", [None, "text", {"a": 1}, 5])
    def test_what_is_no_list_is_an_incident(self, who: object):
        walk = Walk(compiled(asking(each("who", "one"))), variables={"who": who})
        assert walk.troubles == [("r", "loop_not_a_list")]

    def test_an_unknown_list_is_an_incident(self):
        assert Walk(compiled(asking(each("who", "one")))).troubles == [("r", "unknown_variable")]

    def test_the_list_may_be_feel(self):
        model = asking(each("=who[item > 1]", "one"))
        assert Walk(compiled(model), variables={"who": [1, 2, 3]}).open == ["r", "r"]

    def test_an_interrupting_boundary_event_keeps_what_was_collected(self):
        extra = boundary("late", "r", timer(duration="P5D")) + user("x") + path("late", "x")
        model = asking(each("who", "one", collect=("votes", "vote")), extra=extra)
        walk = Walk(compiled(model), variables={"who": [1, 2], "votes": ["old"]})
        walk.complete("r", vote="yes").fire("late")
        assert (walk.open, walk.closed) == (["x"], ["r"])
        assert walk.variables["votes"] == ["yes"]

    def test_nobody_and_nothing_runs_over_the_cap(self):
        walk = Walk(compiled(asking(each("who", "one"))), variables={"who": list(range(501))})
        assert walk.troubles == [("r", "limit_iterations")]


class TestSequential:
    def test_one_after_the_other(self):
        loop = each("who", "one", sequential=True, collect=("votes", "vote"))
        walk = Walk(compiled(asking(loop)), variables={"who": ["x", "y"]})
        assert [dict(t.local) for t in walk.tasks.values()] == [{"one": "x", "loopCounter": 1}]
        walk.complete("r", vote=1)
        assert [dict(t.local) for t in walk.tasks.values()] == [{"one": "y", "loopCounter": 2}]
        assert walk.complete("r", vote=2).variables["votes"] == [1, 2]
        assert walk.done

    def test_completion_condition_leaves_the_rest_out(self):
        loop = each("who", "one", sequential=True, until="loopCounter = 2")
        walk = Walk(compiled(asking(loop)), variables={"who": [1, 2, 3]})
        assert walk.complete("r").complete("r").done

    def test_the_list_is_taken_when_the_round_begins(self):
        loop = each("who", "one", sequential=True)
        walk = Walk(compiled(asking(loop)), variables={"who": [1, 2]}).set(who=[9])
        assert walk.complete("r").complete("r").done


class TestCardinality:
    def test_so_many_times(self):
        walk = Walk(compiled(asking(times("n + 1"))), variables={"n": 2})
        assert walk.open == ["r", "r", "r"]

    @pytest.mark.parametrize("n", [-1, "2", None, True, [1]])
    def test_what_is_no_number_of_times_is_an_incident(self, n: object):
        walk = Walk(compiled(asking(times("n"))), variables={"n": n})
        assert walk.troubles == [("r", "loop_not_a_number")]

    def test_zero_passes_on(self):
        assert Walk(compiled(asking(times("n"))), variables={"n": 0}).done


class TestStandardLoop:
    def test_goes_on_while_true_at_least_once(self):
        walk = Walk(compiled(asking(again("n < 3"))))
        assert walk.complete("r", n=1).complete("r", n=2).open == ["r"]
        assert walk.complete("r", n=3).done

    def test_may_test_before(self):
        model = asking(again("n < 3", before=True))
        assert Walk(compiled(model), variables={"n": 3}).done
        assert Walk(compiled(model), variables={"n": 2}).open == ["r"]

    def test_ends_at_its_maximum(self):
        walk = Walk(compiled(asking(again("true", maximum=2))))
        assert walk.complete("r").complete("r").done

    def test_counts(self):
        model = bpmn(
            process("p", start("s"), script("r", "{seen: append(seen, loopCounter)}",
                    again(maximum=3)), end("e"), path("s", "r", "e"))
        )  # fmt: skip
        assert Walk(compiled(model), variables={"seen": []}).variables["seen"] == [1, 2, 3]


class TestBodies:
    def test_a_subprocess_keeps_its_own_variables_when_it_collects(self):
        inner = (start("is"), script("c", "{mine: one * 10}"), user("i"), end("ie"),
                 path("is", "c", "i", "ie"))  # fmt: skip
        loop = each("who", "one", collect=("all", "mine"))
        model = bpmn(
            process("p", start("s"), subprocess("sub", loop, *inner), end("e"),
                    path("s", "sub", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"who": [1, 2]})
        assert "mine" not in walk.variables
        walk.complete("i", nth=1, note="x").complete("i")
        assert walk.variables == {"who": [1, 2], "all": [10, 20]}

    def test_a_call_gets_the_item_and_gives_its_result(self):
        called = process("q", start("qs"), script("double", "{twice: n * 2}"), end("qe"),
                         path("qs", "double", "qe"))  # fmt: skip
        loop = each("who", "one", collect=("all", "twice"))
        model = bpmn(
            process("p", start("s"),
                    call("c", "q", loop, ins={"n": "=one"}, outs={"twice": "=twice"}), end("e"),
                    path("s", "c", "e")),
            called,
        )  # fmt: skip
        assert Walk(compiled(model), variables={"who": [1, 2]}).variables["all"] == [2, 4]

    def test_jobs_in_parallel(self):
        model = bpmn(
            process("p", start("s"), service("j", "test.do", each("who", "one"), a="=one"),
                    end("e"), path("s", "j", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"who": [1, 2]})
        assert [job.inputs for job in walk.jobs.values()] == [{"a": 1}, {"a": 2}]
        assert walk.report("j").report("j").done

    def test_loops_within_loops(self):
        inner = (start("is"), user("i", each("=[1, 2]", "two")), end("ie"), path("is", "i", "ie"))
        model = bpmn(
            process("p", start("s"), subprocess("sub", each("=[1, 2]", "one", sequential=True),
                    *inner), end("e"), path("s", "sub", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model))
        for _ in range(4):
            walk.complete("i")
        assert walk.done

    def test_elements_that_pass_repeat_without_resting(self):
        model = bpmn(
            process("p", start("s"), task("t", times("500")), end("e"), path("s", "t", "e"))
        )
        assert Walk(compiled(model)).done


def test_each_round_replaces_the_output_list():
    """A second round starts with an empty list (SpiffWorkflow refuses it: traps 6 and 17)."""
    loop = each("who", "one", collect=("votes", "vote"))
    model = bpmn(
        process("p", start("s"), user("r", loop), user("h"), xor("g", "g-e"), end("e"),
                path("s", "r", "h", "g", "e"), flow("g", "r", when='outcome = "again"'))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"who": [1, 2], "vote": "outside"})
    walk.complete("r", vote="a").complete("r", vote="b").complete("h", outcome="again")
    assert walk.variables["votes"] == []
    walk.complete("r", vote="c").complete("r", vote="d")
    assert walk.variables["votes"] == ["c", "d"]
    assert walk.variables["vote"] == "outside"
