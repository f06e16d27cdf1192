"""Events that wait, events that are thrown, and what they do to the activity they sit on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.diagrams import (
    both,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    element,
    end,
    error,
    escalation,
    event_subprocess,
    link,
    message,
    on,
    path,
    process,
    receive,
    script,
    service,
    signal,
    start,
    subprocess,
    terminate,
    throw,
    timer,
    user,
)
from support.walking import MONDAY, Walk, compiled


def guarded(*definition: str, interrupting: bool = True, extra: str = "") -> bytes:
    """A user task `a` with a boundary event `b` that leads to the user task `x`."""
    return bpmn(
        message("M"),
        signal("S"),
        process("p", start("s"), user("a"), boundary("b", "a", *definition,
                interrupting=interrupting), user("x"), end("e"), path("s", "a", "e"),
                path("b", "x", "e"), extra),
    )  # fmt: skip


class TestBoundary:
    def test_interrupting_timer_ends_the_task(self):
        walk = Walk(compiled(guarded(timer(duration="PT1H"))))
        assert walk.timers[walk.token("b")].due_at == MONDAY + timedelta(hours=1)
        walk.fire("b")
        assert (walk.open, walk.closed) == (["x"], ["a"])
        assert walk.last.closed[0].reason == "boundary"

    def test_completing_the_task_drops_its_timer(self):
        walk = Walk(compiled(guarded(timer(duration="PT1H"))))
        assert walk.complete("a").done
        assert len(walk.last.timers_dropped) == 1

    def test_a_timer_that_does_not_interrupt_fires_once(self):
        walk = Walk(compiled(guarded(timer(duration="PT1H"), interrupting=False))).fire("b")
        assert (walk.open, walk.waiting) == (["a", "x"], [])
        assert walk.complete("a").complete("x").done

    def test_a_cycle_goes_on_as_often_as_it_says(self):
        walk = Walk(compiled(guarded(timer(cycle="R3/PT24H"), interrupting=False)))
        for occurrence in (1, 2, 3):
            row = walk.timers[walk.token("b")]
            assert row.occurrence == occurrence
            assert row.due_at == MONDAY + timedelta(days=occurrence)
            walk.fire("b")
        assert walk.waiting == []
        assert walk.open == ["a", "x", "x", "x"]

    @pytest.mark.parametrize("kind", ["message", "signal"])
    def test_messages_and_signals(self, kind: str):
        definition = on(kind, kind[0].upper())
        walk = Walk(compiled(guarded(definition, interrupting=False)))
        walk.hear("b", n=1).hear("b", n=2)
        assert walk.open == ["a", "x", "x"]
        assert walk.variables == {"n": 2}
        assert Walk(compiled(guarded(definition))).hear("b").open == ["x"]

    def test_a_condition_fires_when_it_becomes_true(self):
        walk = Walk(compiled(guarded(condition("n > 1"), interrupting=False)), variables={"n": 1})
        assert walk.open == ["a"]
        assert walk.set(n=2).open == ["a", "x"]
        assert walk.set(n=3).open == ["a", "x"]
        assert walk.set(n=0).set(n=5).open == ["a", "x", "x"]

    def test_a_condition_that_holds_at_once(self):
        walk = Walk(compiled(guarded(condition("n > 1"))), variables={"n": 2})
        assert (walk.open, walk.closed) == (["x"], [])

    def test_a_condition_beside_that_holds_at_once_fires_again_when_it_comes_true_again(self):
        walk = Walk(compiled(guarded(condition("n > 1"), interrupting=False)), variables={"n": 2})
        assert walk.open == ["a", "x"]
        assert walk.set(n=3).open == ["a", "x"]
        assert walk.set(n=0).set(n=5).open == ["a", "x", "x"]
        assert walk.set(n=1).set(n=2).open == ["a", "x", "x", "x"]
        walk.complete("a")
        assert walk.set(n=0).set(n=2).open == ["x", "x", "x"]

    def test_on_a_receive_task_a_service_a_subprocess_and_a_call(self):
        inner = (start("is"), user("i"), end("ie"), path("is", "i", "ie"))
        other = process("q", start("qs"), user("i"), end("qe"), path("qs", "i", "qe"))
        for activity in (
            receive("a", "M"),
            service("a", "test.do"),
            subprocess("a", *inner),
            call("a", "q"),
        ):
            model = bpmn(
                message("M"),
                process("p", start("s"), activity, boundary("b", "a", timer(duration="PT1H")),
                        user("x"), end("e"), path("s", "a", "e"), path("b", "x", "e")),
            )  # fmt: skip
            walk = Walk(compiled(model, bpmn(other)))
            assert "b" in walk.waiting
            walk.fire("b")
            assert (walk.open, walk.waiting, walk.calls) == (["x"], [], {})


class TestCatching:
    def test_timer_date(self):
        model = bpmn(
            process("p", start("s"), catch("t", timer(date="=when")), end("e"),
                    path("s", "t", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"when": "2026-02-01T08:00:00+07:00"})
        assert walk.timers[walk.token("t")].due_at == datetime(2026, 2, 1, 1, tzinfo=UTC)
        assert walk.fire("t").done

    def test_message_with_key(self):
        model = bpmn(
            message("M"),
            process("p", start("s"),
                    catch("m", on("message", "M"),
                          extensions='<saraban:correlation key="=id"/>'),
                    end("e"), path("s", "m", "e")),
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"id": "ab-1"})
        assert walk.subscriptions[walk.token("m")].key == "ab-1"
        assert walk.hear("m", n=1).variables == {"id": "ab-1", "n": 1}
        assert walk.done

    def test_key_without_value_is_an_incident(self):
        model = bpmn(
            message("M"),
            process("p", start("s"), receive("m", "M", key="=id"), end("e"), path("s", "m", "e")),
        )
        assert Walk(compiled(model), variables={"id": None}).troubles == [("m", "correlation_key")]

    def test_condition(self):
        model = bpmn(
            process("p", start("s"), both("f"), catch("c", condition("n = 2")),
                    script("a", "{n: 2}"), user("u"), end("e"), path("s", "f", "c", "e"),
                    path("f", "u", "a", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"n": 1})
        assert "completed c" not in walk.steps
        walk.complete("u")
        assert walk.done

    def test_a_condition_that_cannot_be_told_is_an_incident(self):
        model = bpmn(
            process("p", start("s"), catch("c", condition("n = 2")), end("e"), path("s", "c", "e"))
        )
        walk = Walk(compiled(model))
        assert [e for e, _ in walk.troubles] == ["c"]
        assert walk.set(n=2).retry("c").done


class TestThrowing:
    @pytest.mark.parametrize("node", [throw, end])
    def test_message_and_signal(self, node):
        for kind in ("message", "signal"):
            model = bpmn(
                message("M"),
                signal("S"),
                process("p", start("s"),
                        node("t", on(kind, kind[0].upper()),
                             extensions='<saraban:input name="n" value="=n"/>'),
                        path("s", "t")),
            )  # fmt: skip
            walk = Walk(compiled(model), variables={"n": 1})
            assert walk.done
            assert [(t.kind, t.payload) for t in walk.thrown] == [(kind, {"n": 1})]

    def test_none_events_pass(self):
        model = bpmn(process("p", start("s"), throw("t"), end("e"), path("s", "t", "e")))
        assert Walk(compiled(model)).done

    def test_links_jump(self):
        model = bpmn(
            process("p", start("s"), throw("to", link("L")), catch("from", link("L")), user("a"),
                    end("e"), path("s", "to"), path("from", "a", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model))
        assert walk.open == ["a"]
        assert [s for s in walk.steps if s.startswith("flow")] == ["flow s-to", "flow from-a"]

    def test_terminate_ends_all_in_the_process(self):
        model = bpmn(
            process("p", start("s"), both("f"), user("a"), user("b"), end("t", terminate()),
                    end("e"), path("s", "f", "a", "t"), path("f", "b", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model)).complete("a")
        assert walk.done
        assert (walk.closed, walk.last.end_element) == (["b"], "t")
        assert walk.last.closed[0].reason == "terminated"

    def test_terminate_in_a_subprocess_ends_only_that(self):
        inner = (start("is"), both("f"), user("a"), user("b"), end("t", terminate()),
                 path("is", "f", "a", "t"), path("f", "b"))  # fmt: skip
        model = bpmn(
            process("p", start("s"), subprocess("sub", *inner), user("c"), end("e"),
                    path("s", "sub", "c", "e"))
        )  # fmt: skip
        walk = Walk(compiled(model)).complete("a")
        assert (walk.open, walk.closed) == (["c"], ["b"])


def failing(*catchers: str, inner: str = "") -> bytes:
    """A subprocess `sub` whose task `i` leads to an error end event `x` (code E1)."""
    body = (start("is"), user("i"), end("x", on("error", "E1")), path("is", "i", "x"), inner)
    return bpmn(
        error("E1"),
        error("E2"),
        process("p", start("s"), subprocess("sub", *body), *catchers, user("ok"), user("bad"),
                end("e"), path("s", "sub", "ok", "e"), path("bad", "e")),
    )  # fmt: skip


class TestErrors:
    def test_a_boundary_event_of_the_code_catches_it(self):
        model = failing(boundary("b", "sub", on("error", "E1")), path("b", "bad"))
        walk = Walk(compiled(model)).complete("i")
        assert walk.open == ["bad"]
        assert walk.variables["error_code"] == "E1"

    def test_the_code_comes_before_any_code(self):
        model = failing(
            boundary("all", "sub", on("error")), path("all", "ok"),
            boundary("b", "sub", on("error", "E1")), path("b", "bad"),
        )  # fmt: skip
        assert Walk(compiled(model)).complete("i").open == ["bad"]

    def test_another_code_does_not_catch_it(self):
        model = failing(boundary("b", "sub", on("error", "E2")), path("b", "bad"))
        assert Walk(compiled(model)).complete("i").troubles == [("x", "error_not_caught")]

    def test_a_called_process_throws_to_its_caller(self):
        called = process("q", start("qs"), user("i"), end("x", on("error", "E1")),
                         path("qs", "i", "x"))  # fmt: skip
        model = bpmn(
            error("E1"),
            process("p", start("s"), call("c", "q"), boundary("b", "c", on("error", "E1")),
                    user("bad"), end("e"), path("s", "c", "e"), path("b", "bad", "e")),
            called,
        )  # fmt: skip
        walk = Walk(compiled(model)).complete("i")
        assert walk.open == ["bad"]
        assert [e.status for e in walk.last.calls_ended] == ["cancelled"]

    def test_a_job_throws_to_its_own_boundary_event(self):
        model = bpmn(
            error("E1"),
            process("p", start("s"), service("a", "test.do"),
                    boundary("b", "a", on("error", "E1")), user("bad"), end("e"),
                    path("s", "a", "e"), path("b", "bad", "e")),
        )  # fmt: skip
        walk = Walk(compiled(model))
        assert walk.fail("a", "E9") is False
        assert walk.fail("a", "E1", "no paper") is True
        assert walk.open == ["bad"]
        assert walk.variables == {"error_code": "E1", "error_message": "no paper"}

    def test_an_event_subprocess_catches_inside(self):
        handler = event_subprocess(
            "h", start("hs", on("error", "E1")), user("mend"), end("he"), path("hs", "mend", "he")
        )
        beside = boundary("b", "sub", on("error", "E1")) + path("b", "bad")
        walk = Walk(compiled(failing(beside, inner=handler))).complete("i")
        assert walk.open == ["mend"]
        assert walk.complete("mend").open == ["ok"]


class TestEscalations:
    def model(self, *, interrupting: bool) -> bytes:
        body = (start("is"), throw("t", on("escalation", "L1")), user("i"), end("ie"),
                path("is", "t", "i", "ie"))  # fmt: skip
        return bpmn(
            escalation("L1"),
            process("p", start("s"), subprocess("sub", *body),
                    boundary("b", "sub", on("escalation", "L1"), interrupting=interrupting),
                    user("boss"), end("e"), path("s", "sub", "e"), path("b", "boss", "e")),
        )  # fmt: skip

    def test_without_interrupting_both_go_on(self):
        assert Walk(compiled(self.model(interrupting=False))).open == ["boss", "i"]

    def test_interrupting_ends_the_subprocess(self):
        assert Walk(compiled(self.model(interrupting=True))).open == ["boss"]

    def test_nobody_catching_it_is_no_mistake(self):
        model = bpmn(
            escalation("L1"),
            process("p", start("s"), end("x", on("escalation", "L1")), path("s", "x")),
        )
        assert Walk(compiled(model)).done


def recallable(*definition: str, interrupting: bool = True, signal_: str = "") -> bytes:
    handler = event_subprocess(
        "h", start("hs", *definition, interrupting=interrupting), user("recall"), end("he"),
        path("hs", "recall", "he"),
    )  # fmt: skip
    return bpmn(
        message("M"),
        signal("S"),
        escalation("L1"),
        process("p", start("s"), user("a"), user("c"), end("e"), path("s", "a", "c", "e"), handler),
    )


class TestEventSubprocess:
    def test_interrupting_ends_what_is_around_it(self):
        walk = Walk(compiled(recallable(on("message", "M"))))
        assert (walk.open, walk.waiting) == (["a"], ["hs"])
        walk.hear("hs", why="late")
        assert (walk.open, walk.closed, walk.waiting) == (["recall"], ["a"], [])
        assert walk.complete("recall").done
        assert walk.variables == {"why": "late"}
        assert walk.steps.count("entered hs") == 1

    def test_otherwise_it_runs_beside_and_again(self):
        walk = Walk(compiled(recallable(on("signal", "S"), interrupting=False)))
        walk.hear("hs").hear("hs")
        assert walk.open == ["a", "recall", "recall"]
        walk.complete("recall").complete("a").complete("c")
        assert walk.done is False
        assert walk.complete("recall").done

    def test_the_end_of_the_process_ends_the_listening(self):
        walk = Walk(compiled(recallable(on("message", "M")))).complete("a").complete("c")
        assert walk.done
        assert len(walk.last.subscriptions_dropped) == 1

    def test_timer_and_condition(self):
        walk = Walk(compiled(recallable(timer(duration="PT1H")))).fire("hs")
        assert walk.open == ["recall"]
        walk = Walk(compiled(recallable(condition("n = 1"))), variables={"n": 0})
        assert walk.set(n=1).open == ["recall"]

    def test_a_condition_beside_fires_each_time_that_it_comes_true(self):
        beside = compiled(recallable(condition("n = 1"), interrupting=False))
        for first in (0, 1):
            walk = Walk(beside, variables={"n": first})
            assert walk.open == ["a", "recall"][: 1 + first]
            walk.set(n=0).set(n=1).set(n=0).set(n=1)
            assert walk.open == ["a", *["recall"] * (2 + first)]

    def test_a_condition_that_holds_at_once_interrupts(self):
        walk = Walk(compiled(recallable(condition("n = 1"))), variables={"n": 1})
        assert walk.open == ["recall"]
        assert walk.complete("recall").done

    def test_a_timer_cycle_beside(self):
        walk = Walk(compiled(recallable(timer(cycle="R2/PT24H"), interrupting=False)))
        assert walk.fire("hs").fire("hs").open == ["a", "recall", "recall"]
        assert walk.waiting == []

    def test_inside_a_subprocess_it_ends_only_that(self):
        handler = event_subprocess(
            "h", start("hs", on("message", "M")), user("r"), end("he"), path("hs", "r", "he")
        )
        inner = (start("is"), user("i"), end("ie"), path("is", "i", "ie"), handler)
        model = bpmn(
            message("M"),
            process("p", start("s"), both("f"), subprocess("sub", *inner), user("b"), user("c"),
                    end("e"), path("s", "f", "sub", "c", "e"), path("f", "b", "e")),
        )  # fmt: skip
        walk = Walk(compiled(model)).hear("hs")
        assert walk.open == ["b", "r"]
        assert walk.complete("r").open == ["b", "c"]


@pytest.mark.parametrize(
    "definition", [on("compensate"), on("cancel"), element("multipleEventDefinition", "m")]
)
def test_what_is_not_known_never_passes_silently(definition: str):
    model = bpmn(process("p", start("s"), throw("t", definition), end("e"), path("s", "t", "e")))
    with pytest.raises(Exception, match=r"unsupported|does not"):
        compiled(model)
