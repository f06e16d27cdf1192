"""Running instances in another version of their process: at every kind of wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.diagrams import (
    again,
    assigned,
    both,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    correlation,
    each,
    end,
    error,
    event_subprocess,
    first,
    flow,
    message,
    on,
    outcomes,
    path,
    process,
    returns,
    script,
    send,
    service,
    start,
    subprocess,
    task,
    timer,
    user,
    xor,
)
from support.walking import MONDAY, Walk, compiled

from engine.errors import Invalid
from engine.runtime import Bundle, CorruptState, complete_task, migrate


def model(*parts: str, more: str = "") -> Bundle:
    return compiled(bpmn(message("M"), message("N"), error("E1"), more,
                         process("p", start("s"), end("e"), *parts)))  # fmt: skip


def line(*names: str) -> Bundle:
    """User tasks one after another."""
    return model(*[user(name) for name in names], path("s", *names, "e"))


class TestPositions:
    def test_a_task_stays_open_and_goes_on_by_the_new_version(self):
        walk = Walk(line("a", "b"))
        token = walk.token("a")
        walk.migrate(line("a", "legal", "b"))
        assert (walk.open, walk.token("a"), walk.fates) == (["a"], token, [("a", "kept")])
        assert walk.complete("a").open == ["legal"]
        assert walk.complete("legal").complete("b").done

    def test_the_state_belongs_to_the_new_version(self):
        old = line("a")
        walk = Walk(old).migrate(line("a", "b"))
        with pytest.raises(CorruptState):
            complete_task(
                old, walk.last.state, walk.last.variables, walk.token("a"), {}, None, walk.around
            )

    def test_a_removed_element_refuses_and_is_named(self):
        walk = Walk(line("a", "b"))
        assert walk.reasons(line("b")) == [("a", "element_removed")]
        assert walk.complete("a").open == ["b"]

    def test_what_is_over_or_still_to_come_may_go(self):
        walk = Walk(line("a", "b", "c")).complete("a").migrate(line("b"))
        assert walk.complete("b").done

    def test_an_element_may_have_another_id(self):
        walk = Walk(line("a")).migrate(line("z"), a="z")
        assert walk.fates == [("a", "kept", "name")]
        assert walk.steps[-2:] == ["cancelled a", "entered z"]
        assert walk.retold[0].task.element_id == "z"
        assert walk.complete("a").done

    def test_a_step_that_went_leads_on_to_one_that_was_there_before(self):
        walk = Walk(line("a", "b", "c")).complete("a").migrate(line("a", "c"), b="c")
        assert walk.fates == [("b", "kept", "name")]
        assert walk.retold[0].task.element_id == "c"
        assert walk.complete("b").done

    def test_two_joins_do_not_become_one_while_both_wait(self):
        def joined(*joins: str) -> Bundle:
            ways = [
                [path(fork, f"{fork}{n}", joins[at % len(joins)]) for n in (1, 2)]
                for at, fork in enumerate("xy")
            ]
            return model(
                both("s1"), path("s", "s1"), *[both(f) for f in "xy"], path("s1", "x"),
                path("s1", "y"), *[user(f"{f}{n}") for f in "xy" for n in (1, 2)],
                *[both(j) for j in joins], *[one for way in ways for one in way],
                *[path(j, "e") for j in joins],
            )  # fmt: skip

        walk = Walk(joined("j", "k")).complete("x1").complete("y1")
        assert ("k", "join_taken") in walk.reasons(joined("j"), k="j")

    @pytest.mark.parametrize("mapping", [{"no": "z"}, {"a": "no"}], ids=["source", "target"])
    def test_a_mapping_that_cannot_be_meant(self, mapping: dict[str, str]):
        walk = Walk(line("a", "b"))
        with pytest.raises(Invalid) as refused:
            walk.migrate(line("b", "z"), **mapping)
        assert refused.value.errors[0].code == "bad_mapping"

    def test_another_kind_refuses(self):
        after = model(service("a", "test.do"), path("s", "a", "e"))
        assert Walk(line("a")).reasons(after) == [("a", "kind_differs")]

    def test_another_container_refuses(self):
        inner = (start("is"), user("a"), end("ie"), path("is", "a", "ie"))
        after = model(subprocess("sub", *inner), path("s", "sub", "e"))
        assert Walk(line("a")).reasons(after) == [("a", "container_differs")]

    def test_another_process_refuses(self):
        other = compiled(bpmn(process("q", start("s"), user("a"), end("e"), path("s", "a", "e"))))
        assert Walk(line("a")).reasons(other)[0] == ("p", "process_removed")

    def test_branches_and_what_has_arrived_at_their_join(self):
        def forked(*more: str) -> Bundle:
            ways = path("f", "a", "j", "e"), path("f", "b", *more, "j")
            tasks = [user(name) for name in ("a", "b", *more)]
            return model(both("f"), both("j"), *tasks, path("s", "f"), *ways)

        walk = Walk(forked()).complete("a").migrate(forked("c"))
        assert sorted(walk.fates) == [("b", "kept"), ("j", "kept")]
        assert walk.complete("b").open == ["c"]
        assert walk.complete("c").done

    def test_a_flow_into_a_join_is_known_by_where_it_comes_from(self):
        def forked(id_: str) -> Bundle:
            return model(both("f"), both("j"), user("a"), user("b"), path("s", "f", "a"),
                         flow("a", "j", id_=id_), path("f", "b", "j", "e"))  # fmt: skip

        assert Walk(forked("one")).complete("a").migrate(forked("two")).complete("b").done

    def test_a_flow_that_moved_behind_a_new_task_counts_as_taken(self):
        def forked(*more: str) -> Bundle:
            tasks = [user(name) for name in ("a", "b", *more)]
            return model(both("f"), both("j"), *tasks, path("s", "f", "a", *more, "j", "e"),
                         path("f", "b", "j"))  # fmt: skip

        walk = Walk(forked()).complete("a").migrate(forked("new"))
        assert walk.complete("b").done

    def test_a_join_that_would_wait_in_vain_refuses(self):
        def forked(*more: str) -> Bundle:
            tasks = [user(name) for name in ("a", "b", *more)]
            ways = [path("f", name, "j") for name in ("a", "b", *more)]
            return model(both("f"), both("j"), *tasks, path("s", "f"), *ways, path("j", "e"))

        walk = Walk(forked()).complete("a")
        assert walk.reasons(forked("c")) == [("j", "join_starved")]
        assert walk.complete("b").done

    def test_a_flow_that_is_gone_refuses(self):
        before = model(both("f"), both("j"), user("a"), user("b"), path("s", "f", "a", "j", "e"),
                       path("f", "b", "j"))  # fmt: skip
        new = path("f", "x", "j"), path("f", "y", "j")
        after = model(both("f"), both("j"), task("x"), task("y"), user("b"), *new,
                      path("s", "f", "b", "j", "e"))  # fmt: skip
        assert Walk(before).complete("a").reasons(after) == [("j", "flow_removed")]

    def test_a_stuck_token_tries_again_by_the_new_version(self):
        def fixed(feel: str) -> Bundle:
            return model(script("c", feel), user("a"), path("s", "c", "a", "e"))

        walk = Walk(fixed("{x: nothing + 1}"))
        assert walk.troubles == [("c", "feel_unknown_variable")]
        walk.migrate(fixed("{x: 1}"))
        assert walk.troubles == [("c", "feel_unknown_variable")]
        assert walk.retry("c").open == ["a"]


class TestTasks:
    def one(self, name: str = "", *parts: str, extensions: str = "") -> Bundle:
        return model(user("a", *parts, name=name, extensions=extensions), path("s", "a", "e"))

    def test_what_is_said_alike_is_not_told_again(self):
        plain = self.one("Draft", extensions=outcomes("pass"))
        moved = model("\n\n", user("a", name="Draft", extensions=outcomes("pass")), user("b"),
                      path("s", "a", "b", "e"))  # fmt: skip
        walk = Walk(plain).migrate(moved)
        assert (walk.fates, walk.retold) == ([("a", "kept")], ())

    def test_what_the_new_version_says_otherwise(self):
        walk = Walk(self.one("Draft")).migrate(self.one("Write", extensions=outcomes("pass")))
        (told,) = walk.retold
        assert told.changes == {"name", "outcomes"}
        assert (told.task.name, [o.id for o in told.task.outcomes]) == ("Write", ["pass"])
        assert walk.complete("a", outcome="pass").variables == {"outcome": "pass"}

    def test_only_what_differs_is_evaluated(self):
        walk = Walk(self.one(extensions=assigned("field", "who")), variables={"who": "x"})
        walk.last.variables[""].pop("who")  # type: ignore[attr-defined]
        walk.migrate(self.one("New", extensions=assigned("field", "who")))
        assert walk.fates == [("a", "kept", "name")]
        other = self.one("New", extensions=assigned("field", "who") + assigned("unit", "u"))
        assert walk.reasons(other) == [("a", "unknown_variable")]

    def test_people_deadline_and_priority(self):
        after = assigned("role", "r") + '<saraban:due value="PT8H"/><saraban:priority value="3"/>'
        walk = Walk(self.one()).migrate(self.one(extensions=after))
        told = walk.retold[0]
        assert told.changes == {"assignment", "due", "priority"}
        assert (told.task.due, told.task.priority) == (timedelta(hours=8), 3)
        assert [rule.kind for rule in told.task.assignments] == ["role"]

    def test_returns_and_forms(self):
        def two(**last: str) -> Bundle:
            again_ = flow("x", "a", when='outcome = "return"')
            return model(user("a"), user("b", **last), xor("x", "x-e"), again_,
                         path("s", "a", "b", "x", "e"))  # fmt: skip

        walk = Walk(two()).complete("a").migrate(two(extensions=returns("a")))
        assert (walk.retold[0].changes, walk.retold[0].task.returns) == ({"returns"}, ("a",))


class TestLoops:
    def meeting(self, *, until: str = "", more: bool = False, **loop: bool) -> Bundle:
        votes = each("who", "one", collect=("verdicts", "verdict"), until=until, **loop)
        tasks = [user("vote", votes), *([user("legal")] if more else [])]
        return model(*tasks, path("s", "vote", *(["legal"] if more else []), "e"))

    WHO = {"who": ["v", "w", "x", "y", "z"]}

    def test_two_of_five_verdicts_are_kept(self):
        walk = Walk(self.meeting(), variables=self.WHO)
        walk.complete("vote", nth=4, verdict="no").complete("vote", nth=0, verdict="yes")
        left = list(walk.tasks)
        walk.migrate(self.meeting(more=True))
        assert list(walk.tasks) == left
        assert walk.variables["verdicts"] == ["yes", "no"]
        for verdict in ("b", "c", "d"):
            walk.complete("vote", verdict=verdict)
        assert (walk.variables["verdicts"], walk.open) == (["yes", "b", "c", "d", "no"], ["legal"])

    def test_in_sequence_the_items_left_are_kept(self):
        walk = Walk(self.meeting(sequential=True), variables=self.WHO).complete("vote", verdict=1)
        walk.migrate(self.meeting(sequential=True, more=True))
        for verdict in (2, 3, 4, 5):
            walk.complete("vote", verdict=verdict)
        assert (walk.variables["verdicts"], walk.open) == ([1, 2, 3, 4, 5], ["legal"])

    def test_the_new_condition_decides_when_it_is_enough(self):
        walk = Walk(self.meeting(), variables=self.WHO).complete("vote", verdict=1)
        walk.migrate(self.meeting(until="numberOfCompletedInstances = 2", more=True))
        assert walk.complete("vote", verdict=2).open == ["legal"]

    @pytest.mark.parametrize("other", [{"sequential": True}, None], ids=["sequence", "none"])
    def test_a_loop_of_another_shape_refuses(self, other: dict[str, bool] | None):
        after = line("vote") if other is None else self.meeting(**other)
        walk = Walk(self.meeting(), variables=self.WHO).complete("vote")
        first, *inside = walk.reasons(after)
        assert first == ("vote", "loop_differs")
        assert {code for _, code in inside} == {"container_refused"}
        assert len(walk.open) == 4

    def test_a_standard_loop_counts_on(self):
        def repeated(maximum: int) -> Bundle:
            return model(user("a", again("true", maximum=maximum)), path("s", "a", "e"))

        walk = Walk(repeated(5)).complete("a").migrate(repeated(3))
        assert walk.complete("a").open == ["a"]
        assert walk.complete("a").done

    def test_iterations_with_work_in_them(self):
        def reviewed(*more: str) -> Bundle:
            inner = (start("is"), *(user(n) for n in ("x", *more)), end("ie"),
                     path("is", "x", *more, "ie"))  # fmt: skip
            loop = each("who", "one", collect=("all", "mine"))
            return model(subprocess("sub", loop, *inner), path("s", "sub", "e"))

        walk = Walk(reviewed(), variables={"who": [1, 2]}).complete("x", mine="first")
        walk.migrate(reviewed("y")).complete("x", mine="second")
        assert (walk.open, walk.variables["all"]) == (["y"], ["first"])
        assert walk.complete("y").variables["all"] == ["first", "second"]


class TestListeners:
    def guarded(self, *guards: str) -> Bundle:
        ways = [path(name, "e") for name in ("g", "h") if any(f'"{name}"' in x for x in guards)]
        return model(user("a"), *guards, path("s", "a", "e"), *ways)

    LATE = boundary("g", "a", timer(duration="P1D"))

    def test_a_new_boundary_timer_is_set(self):
        walk = Walk(self.guarded()).migrate(self.guarded(self.LATE))
        assert sorted(walk.fates) == [("a", "kept"), ("g", "set")]
        assert next(iter(walk.timers.values())).due_at == MONDAY + timedelta(days=1)
        assert walk.fire("g").done

    def test_one_that_means_the_same_keeps_its_moment(self):
        walk = Walk(self.guarded(self.LATE)).later(hours=5)
        before = dict(walk.timers)
        walk.migrate(self.guarded("\n", self.LATE))
        assert (walk.timers, walk.last.timers, walk.last.timers_dropped) == (before, (), ())

    def test_one_that_says_another_time_is_set_anew(self):
        walk = Walk(self.guarded(self.LATE)).later(hours=5)
        token = walk.token("g")
        walk.migrate(self.guarded(boundary("g", "a", timer(duration="PT1H"))))
        assert walk.timers[token].due_at == MONDAY + timedelta(hours=6)
        assert ("g", "kept", "timer") in walk.fates

    def test_one_that_is_gone_listens_no_more(self):
        walk = Walk(self.guarded(self.LATE)).migrate(self.guarded())
        assert (walk.timers, ("g", "removed") in walk.fates) == ({}, True)
        assert walk.complete("a").done

    def test_one_of_another_kind_takes_its_place(self):
        walk = Walk(self.guarded(self.LATE)).migrate(
            self.guarded(boundary("g", "a", on("message", "M")))
        )
        assert sorted(walk.fates) == [("a", "kept"), ("g", "removed"), ("g", "set")]
        assert (walk.timers, len(walk.subscriptions)) == ({}, 1)
        assert walk.hear("g").done

    def test_a_reminder_that_has_come_does_not_come_again(self):
        reminder = boundary("g", "a", timer(duration="PT1H"), interrupting=False)
        walk = Walk(self.guarded(reminder)).fire("g")
        walk.migrate(self.guarded(boundary("g", "a", timer(duration="PT2H"), interrupting=False)))
        assert walk.timers == {}

    def test_a_cycle_goes_on_counting(self):
        cycle = boundary("g", "a", timer(cycle="R3/PT1H"), interrupting=False)
        walk = Walk(self.guarded(cycle)).fire("g")
        walk.migrate(self.guarded(cycle, self.LATE.replace('"g"', '"h"')))
        assert walk.timers[walk.token("g")].occurrence == 2
        assert walk.fire("g").fire("g").waiting == ["h"]

    def test_it_may_guard_another_activity_now(self):
        elsewhere = model(user("a"), user("b"), boundary("g", "b", timer(duration="P1D")),
                          path("s", "a", "b", "e"), path("g", "e"))  # fmt: skip
        walk = Walk(self.guarded(self.LATE)).migrate(elsewhere)
        assert walk.waiting == []
        assert walk.complete("a").waiting == ["g"]

    def test_loops_services_subprocesses_and_waits_are_guarded_too(self):
        inner = (start("is"), service("j", "test.do"), end("ie"), path("is", "j", "ie"))
        base = (subprocess("sub", *inner), user("r", each("who", "one")),
                catch("m", on("message", "M")), both("f"),
                path("s", "f", "sub", "e"), path("f", "r", "e"), path("f", "m", "e"))  # fmt: skip
        guards = [boundary(f"g{n}", host, timer(duration="PT1H")) + path(f"g{n}", "e")
                  for n, host in enumerate(("sub", "j", "r"))]  # fmt: skip
        guards[1], inside = "", boundary("g1", "j", timer(duration="PT1H")) + path("g1", "ie")
        walk = Walk(model(*base), variables={"who": [1, 2]})
        assert walk.waiting == ["j", "m"]
        walk.migrate(model(base[0].replace("</bpmn:subProcess>", inside + "</bpmn:subProcess>"),
                           *base[1:], *guards))  # fmt: skip
        assert walk.waiting == ["g0", "g1", "g2", "j", "m"]

    def test_a_stuck_activity_gets_its_events_only_where_it_has_not_worked(self):
        late = self.LATE + path("g", "e")

        def chosen(guard: str = "") -> Bundle:
            return model(user("a"), guard, path("s", "a"), flow("a", "e", when="way = 1"))

        def called(guard: str = "") -> Bundle:
            inner = process("q", start("qs"), end("qe"), path("qs", "qe"))
            return model(call("a", "q", outs={"x": "=way"}), guard, path("s", "a", "e"), more=inner)

        worked = Walk(chosen()).complete("a")
        assert worked.troubles == [("a", "feel_unknown_variable")]
        assert worked.migrate(chosen(late)).waiting == []
        working = Walk(called())
        assert working.troubles == [("a", "feel_unknown_variable")]
        assert working.migrate(called(late)).waiting == ["g"]

    def test_a_new_condition_that_holds_acts_at_once(self):
        walk = Walk(self.guarded(), variables={"late": True})
        walk.migrate(self.guarded(boundary("g", "a", condition("late"))))
        assert (walk.done, walk.closed) == (True, ["a"])

    def test_a_changed_condition_is_looked_at(self):
        def when(feel: str) -> Bundle:
            return model(catch("c", condition(feel)), user("b"), path("s", "c", "b", "e"))

        walk = Walk(when("n > 5"), variables={"n": 3})
        assert walk.open == []
        assert walk.migrate(when("n > 1")).open == ["b"]

    def test_a_new_event_whose_key_fails_refuses(self):
        keyed = boundary("g", "a", on("message", "M"))
        keyed = keyed.replace("<bpmn:messageEvent", "<bpmn:extensionElements>"
                              + correlation("=nobody") + "</bpmn:extensionElements>"
                              + "<bpmn:messageEvent")  # fmt: skip
        assert Walk(self.guarded()).reasons(self.guarded(keyed)) == [("g", "feel_unknown_variable")]


class TestEventSubprocesses:
    def beside(self, *, begin: str = "", interrupting: bool = True) -> Bundle:
        handler = (
            event_subprocess(
                "h", start("hs", begin, interrupting=interrupting), user("r"), end("he"),
                path("hs", "r", "he"),
            )
            if begin
            else ""
        )  # fmt: skip
        return model(user("a"), handler, path("s", "a", "e"))

    MESSAGE = on("message", "M")

    def test_a_new_one_listens(self):
        walk = Walk(self.beside()).migrate(self.beside(begin=self.MESSAGE))
        assert walk.waiting == ["hs"]
        assert walk.hear("hs").open == ["r"]

    def test_one_that_runs_goes_on(self):
        walk = Walk(self.beside(begin=self.MESSAGE, interrupting=False)).hear("hs")
        walk.migrate(self.beside(begin=self.MESSAGE, interrupting=False))
        assert (walk.open, walk.waiting) == (["a", "r"], ["hs"])
        assert walk.complete("r").complete("a").done

    def test_one_that_has_taken_over_is_alone(self):
        walk = Walk(self.beside(begin=self.MESSAGE)).hear("hs")
        assert walk.open == ["r"]
        more = event_subprocess("k", start("ks", on("message", "N")), end("ke"), path("ks", "ke"))
        begun = (start("hs", self.MESSAGE), user("r"), end("he"), path("hs", "r", "he"))
        after = model(user("a"), more, event_subprocess("h", *begun), path("s", "a", "e"))
        walk.migrate(after)
        assert walk.waiting == []
        assert walk.complete("r").done

    def test_a_removed_one_listens_no_more(self):
        walk = Walk(self.beside(begin=self.MESSAGE)).migrate(self.beside())
        assert walk.waiting == []
        assert walk.complete("a").done


class TestMachinesAndMessages:
    def working(self, action: str = "test.do", **inputs: str) -> Bundle:
        return model(
            service("j", action, into="got", **inputs), user("b"), path("s", "j", "b", "e")
        )

    def test_a_job_under_way_is_left_alone(self):
        walk = Walk(self.working(a="=1")).migrate(self.working(a="=1"))
        assert (walk.last.jobs, walk.last.jobs_dropped) == ((), ())
        assert walk.report("j", x=1).variables == {"got": {"x": 1}}

    def test_other_inputs_are_asked_anew(self):
        walk = Walk(self.working(a="=1"))
        token = walk.token("j")
        walk.migrate(self.working(a="=2"))
        assert (walk.last.jobs_dropped, walk.jobs[token].inputs) == ((token,), {"a": 2})
        assert walk.report("j").open == ["b"]

    def test_a_message_of_another_name_is_waited_for_instead(self):
        def waiting(name: str) -> Bundle:
            return model(catch("m", on("message", name)), path("s", "m", "e"))

        walk = Walk(waiting("M"))
        token = walk.token("m")
        walk.migrate(waiting("M"))
        assert (walk.last.subscriptions, walk.last.subscriptions_dropped) == ((), ())
        walk.migrate(waiting("N"))
        assert walk.last.subscriptions_dropped == (token,)
        assert walk.subscriptions[token].name == "N"
        assert walk.hear("m").done

    def test_a_timer_does_not_become_a_message(self):
        def waiting(event: str) -> Bundle:
            return model(catch("m", event), path("s", "m", "e"))

        walk = Walk(waiting(timer(duration="PT1H")))
        assert walk.reasons(waiting(on("message", "M"))) == [("m", "event_differs")]

    def test_an_event_based_gateway_gets_further_events(self):
        def choosing(*more: str) -> Bundle:
            events = {"t": timer(duration="PT1H"), "m": on("message", "M"), "n": on("message", "N")}
            names = ("t", "m", *more)
            return model(first("g"), path("s", "g"), *(catch(n, events[n]) for n in names),
                         *(path("g", n, "e") for n in names))  # fmt: skip

        walk = Walk(choosing()).migrate(choosing("n"))
        assert walk.waiting == ["m", "n", "t"]
        assert walk.hear("n").done
        assert Walk(choosing("n")).reasons(choosing()) == [("n", "element_removed")]

    def test_an_event_after_a_gateway_goes_by_the_flow_of_the_new_version(self):
        def choosing(id_: str) -> Bundle:
            return model(first("g"), catch("m", on("message", "M")), path("s", "g"),
                         catch("t", timer(duration="PT1H")), path("g", "t", "e"),
                         flow("g", "m", id_=id_), path("m", "e"))  # fmt: skip

        walk = Walk(choosing("one")).migrate(choosing("two")).hear("m")
        assert (walk.done, "flow two" in walk.steps) == (True, True)


CALLED = ("q", start("qs"), user("u"), end("qe"))


class TestCalls:
    def caller(self, *more: str, called: str = "q") -> str:
        return process("p", start("s"), call("c", called, ins={}), user("a"), end("e"),
                       path("s", "c", "a", "e"), *more)  # fmt: skip

    def called(self, *more: str) -> str:
        names = ("u", *more)
        return process("q", start("qs"), *(user(n) for n in names), end("qe"),
                       path("qs", *names, "qe"))  # fmt: skip

    def test_in_one_deployment_the_called_process_goes_along(self):
        walk = Walk(compiled(bpmn(self.caller(), self.called())), variables={"n": 1})
        scope = walk.tasks[walk.token("u")].scope
        walk.migrate(compiled(bpmn(self.caller(), self.called("v"))))
        assert sorted(walk.fates) == [("c", "kept"), ("u", "kept")]
        assert walk.complete("u", n=2).open == ["v"]
        assert walk.last.variables[scope]["n"] == 2
        assert walk.complete("v").open == ["a"]
        assert walk.variables["n"] == 2

    def pinned(self, caller: str, called: Bundle) -> Bundle:
        return compiled(bpmn(caller), processes=lambda id_: called if id_ == "q" else None)

    def test_a_pinned_process_stays_as_it_is(self):
        other = compiled(bpmn(self.called()))
        walk = Walk(self.pinned(self.caller(), other))
        walk.migrate(self.pinned(self.caller(user("z"), path("a", "z"), path("z", "e")), other))
        assert sorted(walk.fates) == [("c", "kept"), ("u", "kept")]
        assert walk.complete("u").complete("a").open == ["z"]

    def test_it_goes_to_the_version_that_the_new_one_pins(self):
        walk = Walk(self.pinned(self.caller(), compiled(bpmn(self.called()))))
        walk.migrate(self.pinned(self.caller(), compiled(bpmn(self.called("v")))))
        assert walk.complete("u").open == ["v"]
        gone = compiled(
            bpmn(process("q", start("qs"), user("w"), end("qe"), path("qs", "w", "qe")))
        )
        assert walk.reasons(self.pinned(self.caller(), gone)) == [("v", "element_removed")]

    def test_a_call_of_another_process_refuses(self):
        q, r = self.called(), self.called().replace('"q"', '"r"')
        walk = Walk(compiled(bpmn(self.caller(), q)))
        after = compiled(bpmn(self.caller(called="r"), r))
        assert walk.reasons(after) == [("c", "call_differs"), ("u", "container_refused")]


def test_asking_changes_nothing():
    walk = Walk(line("a", "b"))
    state, after = walk.last.state, line("a")
    for _ in range(2):
        found = migrate(walk.bundle, after, state, walk.last.variables, walk.around)
        assert found.advance is not None
        assert [fate.outcome for fate in found.fates] == ["kept"]
    assert walk.complete("a").open == ["b"]


def test_there_and_back_again_is_the_same_state():
    old = model(user("r", each("who", "one", collect=("all", "mine"))), path("s", "r", "e"))
    new = model(user("r", each("who", "one", collect=("all", "mine"))), send("m", "M"),
                path("s", "r", "m", "e"))  # fmt: skip
    walk = Walk(old, variables={"who": [1, 2, 3]}).complete("r", mine=5)
    state = walk.last.state
    assert walk.migrate(new).last.state != state
    assert walk.migrate(old).last.state == state
