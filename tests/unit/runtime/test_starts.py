"""Processes that events start: where they begin, when their timers fire, what is refused."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.diagrams import (
    assigned,
    bpmn,
    call,
    catch,
    end,
    event_subprocess,
    message,
    on,
    path,
    process,
    signal,
    start,
    throw,
    timer,
    user,
)
from support.walking import MONDAY, NoForms, Walk, compiled

from engine import runtime
from engine.errors import DeploymentRefused, Problem
from engine.runtime.values import Surroundings

BANGKOK = ZoneInfo("Asia/Bangkok")
AROUND = Surroundings(now=MONDAY)
ROLE = '<saraban:start role="clerk"/>'


def begins(*definition: str, extra: str = "", extensions: str = "") -> bytes:
    """A plain start leads to the task `a`, the event start `go` to the task `b`."""
    return bpmn(
        message("M"), signal("S"),
        process("p", start("s"), user("a"), start("go", *definition), user("b"), end("e"),
                path("s", "a", "e"), path("go", "b", "e"), extra, extensions=extensions),
    )  # fmt: skip


def only(*definition: str) -> bytes:
    return bpmn(
        message("M"), process("p", start("go", *definition), user("b"), end("e"),
                              path("go", "b", "e")),
    )  # fmt: skip


class TestBeginning:
    def test_at_the_plain_start_or_at_the_event(self):
        bundle = compiled(begins(on("message", "M")))
        assert Walk(bundle).open == ["a"]
        walk = Walk(bundle, event="go", variables={"n": 1})
        assert (walk.open, walk.variables) == (["b"], {"n": 1})
        assert walk.steps[:2] == ["entered go", "completed go"]
        assert walk.complete("b").done

    def test_what_starts_a_process_is_known_of_it(self):
        definitions = (on("message", "M"), on("signal", "S"), timer(duration="P1D"))
        for definition, kind, name in zip(
            definitions, ("message", "signal", "timer"), ("M", "S", ""), strict=True
        ):
            info = compiled(begins(definition)).processes["p"]
            assert info.startable
            assert [(s.element_id, s.kind, s.name) for s in info.starts] == [("go", kind, name)]
        assert not compiled(only(on("message", "M"))).processes["p"].startable

    def test_event_subprocesses_listen_whichever_way_it_begins(self):
        guard = event_subprocess("g", start("gs", on("message", "M")), end("ge"), path("gs", "ge"))
        walk = Walk(compiled(begins(on("signal", "S"), extra=guard)), event="go")
        assert (walk.open, walk.waiting) == (["b"], ["gs"])

    def test_a_call_begins_at_the_plain_start(self):
        caller = bpmn(process("q", start("s"), call("c", "p"), end("e"), path("s", "c", "e")))
        assert Walk(compiled(caller, begins(on("message", "M"))), "q").open == ["a"]


def first(definition: str, now: datetime = MONDAY) -> runtime.moments.Running | None:
    return runtime.first_moment(compiled(only(definition)), "p", "go", replace(AROUND, now=now))


class TestMoments:
    """09:00 of a Monday in Bangkok, 02:00 UTC."""

    def test_durations_and_cycles_count_from_the_deployment(self):
        assert first(timer(duration="PT2H"))["due"] == MONDAY + timedelta(hours=2)
        running = first(timer(cycle="R/P1D"))
        assert (running["due"], running["n"]) == (MONDAY + timedelta(days=1), 1)

    def test_a_date_fires_once_and_not_where_it_has_passed(self):
        running = first(timer(date="2026-01-05T09:00:00+07:00"))
        assert running["due"] == MONDAY
        assert runtime.next_moment(running, MONDAY) is None
        assert first(timer(date="2026-01-05T08:59:59+07:00")) is None

    def test_a_cycle_that_began_before_goes_on_with_its_next_moment(self):
        running = first(timer(cycle="R/2026-01-01T08:00:00+07:00/P1D"))
        assert (running["due"], running["n"]) == (datetime(2026, 1, 6, 1, 0, tzinfo=UTC), 6)
        assert first(timer(cycle="R4/2026-01-01T08:00:00+07:00/P1D")) is None

    def test_what_was_missed_counts_and_is_not_made_up_for(self):
        running = first(timer(cycle="R5/PT1H"))
        after = runtime.next_moment(running, running["due"] + timedelta(hours=2, minutes=30))
        assert (after["due"], after["n"], after["left"]) == (
            running["due"] + timedelta(hours=3), 4, 2,
        )  # fmt: skip
        last = runtime.next_moment(after, after["due"])
        assert last["n"] == 5
        assert runtime.next_moment(last, last["due"]) is None

    def test_millions_of_missed_moments_are_leapt_over(self):
        began = time.monotonic()
        running = first(timer(cycle="R/0001-02-01T00:00:00Z/PT1H"))
        assert time.monotonic() - began < 2
        assert MONDAY <= running["due"] <= MONDAY + timedelta(hours=1)

    def test_months_end_where_they_end(self):
        running = first(timer(cycle="R/2025-11-30T09:00:00+07:00/P1M"))
        assert running["due"] == datetime(2026, 1, 30, 2, 0, tzinfo=UTC)

    def dues(self, running, times: int) -> list[str]:
        """The days in Bangkok of the moment and of those that follow."""
        found = []
        for _ in range(times):
            found.append(running["due"].astimezone(BANGKOK).date().isoformat())
            running = runtime.next_moment(running, running["due"])
        return found

    @pytest.mark.parametrize("hour", ["00:00", "06:30", "23:59"])
    def test_the_last_day_of_a_month_stays_the_last_day(self, hour: str):
        running = first(timer(cycle=f"R/2026-01-31T{hour}:00+07:00/P1M"))
        assert self.dues(running, 5) == [
            "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31",
        ]  # fmt: skip

    def test_a_leap_year_has_its_day(self):
        running = first(timer(cycle="R/2027-12-31T08:00:00+07:00/P1M"))
        assert self.dues(running, 4) == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]

    def test_a_cycle_without_a_start_counts_months_from_the_deployment(self):
        january = datetime(2026, 1, 31, 2, tzinfo=BANGKOK).astimezone(UTC)
        running = first(timer(cycle="R4/P1M"), january)
        days = self.dues(running, 4)
        assert days == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
        assert runtime.next_moment(running, january + timedelta(days=3650)) is None

    def test_a_month_that_was_missed_is_leapt_over_to_the_right_day(self):
        running = first(timer(cycle="R/2026-01-31T08:00:00+07:00/P1M"))
        later = runtime.next_moment(running, datetime(2026, 4, 30, 1, 0, tzinfo=UTC))
        assert (later["due"], later["n"]) == (datetime(2026, 5, 31, 1, 0, tzinfo=UTC), 5)

    def test_a_timer_of_an_older_release_goes_on_from_where_it_is(self):
        old = {
            "due": MONDAY, "n": 3, "cycle": "R/P1M", "left": None, "zone": "Asia/Bangkok",
        }  # fmt: skip
        assert self.dues(old, 3) == ["2026-01-05", "2026-02-05", "2026-03-05"]

    def test_feel_is_worked_out_at_the_deployment(self):
        running = first(timer(date='=now() + duration("PT90M")'))
        assert running["due"] == MONDAY + timedelta(minutes=90)
        with pytest.raises(DeploymentRefused) as refused:
            first(timer(duration="=1 + 1"))
        (problem,) = refused.value.problems
        assert (problem.file, problem.element, problem.attribute, problem.code) == (
            "model0.bpmn", "go", "timeDuration", "timer",
        )  # fmt: skip
        assert problem.line > 1


def check(*files: bytes) -> list[Problem]:
    named = {f"m{number}.bpmn": source for number, source in enumerate(files)}
    return runtime.check(named, actions={}, forms=NoForms())


def codes(*files: bytes, severity: str = "error") -> set[str]:
    return {problem.code for problem in check(*files) if problem.severity == severity}


class TestRules:
    def test_a_process_needs_no_plain_start_and_its_cycle_repeats(self):
        assert codes(only(timer(cycle="R/P1D"))) == set()
        assert "timer_cycle" not in codes(only(timer(cycle="R/P1D")), severity="warning")

    @pytest.mark.parametrize("definition", [on("error"), on("escalation")])
    def test_other_events_start_nothing_and_the_reason_is_said(self, definition: str):
        (problem,) = [p for p in check(only(definition)) if p.severity == "error"]
        assert (problem.code, problem.element) == ("unsupported_start", "go")
        assert "throw a message" in problem.mend

    def test_a_subprocess_still_begins_by_itself(self):
        inner = (
            "<bpmn:startEvent id='i'><bpmn:signalEventDefinition signalRef='S'/></bpmn:startEvent>"
        )
        nested = f"<bpmn:subProcess id='x'>{inner}</bpmn:subProcess>"
        assert "unsupported_start" in codes(begins(on("message", "M"), extra=nested))

    def test_a_message_starts_one_process(self):
        other = begins(on("message", "M")).replace(b'id="p"', b'id="q"')
        (problem,) = [p for p in check(begins(on("message", "M")), other) if p.severity == "error"]
        assert (problem.code, problem.file, problem.element) == ("start_taken", "m1.bpmn", "go")
        quiet = other.replace(b'isExecutable="true"', b'isExecutable="false"')
        assert "start_taken" not in codes(begins(on("message", "M")), quiet)

    def test_signals_start_as_many_as_listen(self):
        other = begins(on("signal", "S")).replace(b'id="p"', b'id="q"')
        assert codes(begins(on("signal", "S")), other) == set()

    def test_a_call_needs_a_plain_start(self):
        caller = bpmn(process("q", start("s"), call("c", "p"), end("e"), path("s", "c", "e")))
        assert codes(caller, only(on("message", "M"))) == {"call_start"}
        assert codes(caller, begins(on("message", "M"))) == set()
        pinned = compiled(only(on("message", "M")))
        with pytest.raises(DeploymentRefused, match="plain start"):
            compiled(caller, processes=lambda _: pinned)

    @pytest.mark.parametrize(
        ("assignment", "role", "warned"),
        [
            ("", "", True),
            ("", ROLE, False),
            (assigned("starter"), "", True),
            (assigned("starter"), ROLE, False),
            (assigned("superior"), ROLE, True),
            (assigned("superior", "=boss"), "", False),
            (assigned("role", "clerk"), "", False),
        ],
    )
    def test_tasks_of_the_starter_are_warned_of(self, assignment: str, role: str, warned: bool):
        model = bpmn(
            process("p", start("go", timer(duration="P1D")), user("b", extensions=assignment),
                    end("e"), path("go", "b", "e"), extensions=role),
        )  # fmt: skip
        assert ("nobody_started" in codes(model, severity="warning")) is warned

    def test_a_plain_process_always_has_a_starter(self):
        model = bpmn(process("p", start("s"), user("b"), end("e"), path("s", "b", "e")))
        assert "nobody_started" not in codes(model, severity="warning")

    def test_a_process_that_starts_itself_is_warned_of(self):
        loop = throw("t", on("signal", "S")), path("b", "t")
        assert "starts_itself" in codes(begins(on("signal", "S"), extra="".join(loop)),
                                        severity="warning")  # fmt: skip
        other = catch("t", on("signal", "S")), path("b", "t")
        assert "starts_itself" not in codes(begins(on("signal", "S"), extra="".join(other)),
                                            severity="warning")  # fmt: skip
