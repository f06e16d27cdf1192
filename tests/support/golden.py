"""Instances in flight, kept as the engine of their day stored them: later versions must go on.

`python -m support.golden` writes the cases that have no file yet. A file that is there is never
written again: it stands for the instances of a house that has upgraded since. If one no longer
loads, the engine is wrong, not the file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from support.diagrams import (
    again,
    both,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    each,
    end,
    error,
    escalation,
    event_subprocess,
    first,
    flow,
    message,
    on,
    path,
    process,
    receive,
    script,
    service,
    signal,
    some,
    start,
    subprocess,
    terminate,
    timer,
    times,
    user,
    xor,
)
from support.walking import MONDAY, Walk, compiled

from engine import runtime

FOLDER = Path(__file__).parents[1] / "unit" / "runtime" / "golden"
ROOTS = (message("M"), signal("S"), error("E"), escalation("L"))
#: one call of a `Walk`: verb, element, keywords
Act = tuple[str, str | None, dict[str, Any]]


# -- reading ----------------------------------------------------------------------------------


class Resumed(Walk):
    """An instance that another version of the engine has stored, and the rows that waited."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        files = {name: "\n".join(lines).encode() for name, lines in kept["files"].items()}
        self._know_nothing(runtime.load_bundle(files))
        self.calls = dict(kept["calls"])
        self.last = SimpleNamespace(  # type: ignore[assignment]  # as much of it as a caller stores
            state=base64.b64decode(kept["state"]), variables=kept["variables"], status="active"
        )
        for token, (kind, element_id) in kept["waiting"].items():
            row = SimpleNamespace(
                element_id=element_id, due_at=MONDAY, cause=SimpleNamespace(element_id=element_id)
            )
            getattr(self, kind)[token] = row

    def act(self, verb: str, element_id: str | None, given: Mapping[str, Any]) -> None:
        getattr(self, verb)(*([] if element_id is None else [element_id]), **given)


def load(name: str) -> dict[str, Any]:
    text = (FOLDER / f"{name}.json").read_text()
    kept: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return kept


# -- writing ----------------------------------------------------------------------------------


def write(name: str) -> None:
    """Walk to where the case waits, store that, and then tell how it went on."""
    files, variables, before, after = CASES[name]()
    walk = Walk(compiled(*files), variables=variables)
    for verb, element_id, given in before:
        getattr(walk, verb)(*([] if element_id is None else [element_id]), **given)
    kept: dict[str, Any] = {
        "files": {n: s.decode().split("\n") for n, s in walk.bundle.files.items()},
        "waiting": _waiting(walk),
        "calls": dict(walk.calls),
        "variables": {scope: dict(values) for scope, values in walk.last.variables.items()},
        "state": base64.b64encode(walk.last.state).decode(),
        "then": after,
    }
    walk.steps.clear()
    for verb, element_id, given in after:
        getattr(walk, verb)(*([] if element_id is None else [element_id]), **given)
    assert walk.done, name
    kept["end"] = {"variables": dict(walk.variables), "steps": walk.steps}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n")


def _waiting(walk: Walk) -> dict[str, tuple[str, str]]:
    found = {}
    for kind in ("tasks", "jobs", "timers", "subscriptions"):
        found |= {token: (kind, row.element_id) for token, row in getattr(walk, kind).items()}
    return found | {t: ("stuck", s.cause.element_id) for t, s in walk.stuck.items()}


Case = tuple[tuple[bytes, ...], dict[str, Any], list[Act], list[Act]]
CASES: dict[str, Callable[[], Case]] = {}


def case(made: Callable[[], Case]) -> Callable[[], Case]:
    CASES[made.__name__] = made
    return made


def whole(*nodes: str, more: str = "") -> tuple[bytes, ...]:
    return (bpmn(*ROOTS, process("p", *nodes), more),)


def one(node: str) -> tuple[bytes, ...]:
    return whole(start("s"), node, end("e"), path("s", "x", "e"))


def guarded(host: str, definition: str, *, interrupting: bool = True) -> tuple[bytes, ...]:
    return whole(start("s"), host, boundary("b", "a", definition, interrupting=interrupting),
                 user("late"), end("e"), path("s", "a", "e"), path("b", "late", "e"))  # fmt: skip


def handled(definition: str, *inside: str, interrupting: bool = True) -> tuple[bytes, ...]:
    handler = event_subprocess(
        "h", start("hs", definition, interrupting=interrupting), user("handle"), end("he"),
        path("hs", "handle", "he"),
    )  # fmt: skip
    body = inside or (user("a"), path("s", "a"))
    return whole(start("s"), *body, handler)


def act(verb: str, element_id: str | None = None, **given: Any) -> Act:
    return verb, element_id, given


# -- what waits -------------------------------------------------------------------------------


@case
def user_task() -> Case:
    return one(user("x")), {"n": 1}, [], [act("complete", "x", n=2)]


@case
def user_task_with_values_of_every_kind() -> Case:
    """An iteration keeps its item in the state: numbers, dates and durations are exact there."""
    items = (
        '=[0.10, 12345678901234567890, null, true, "ไทย", [1, {a: 2.5}], date("2026-01-05"), '
        'time("09:30:00"), date and time("2026-01-05T09:30:00+07:00"), duration("P1DT2H"), '
        'duration("P1Y2M")]'
    )
    inner = (start("is"), user("i"), script("c", "{seen: string(one)}"), end("ie"),
             path("is", "i", "c", "ie"))  # fmt: skip
    body = subprocess("x", each(items, "one", collect=("all", "seen")), *inner)
    return one(body), {}, [], [act("complete", "i") for _ in range(11)]


@case
def service_task() -> Case:
    return one(service("x", "test.do", into="r", a="=n")), {"n": 1}, [], [act("report", "x", n=2)]


@case
def receive_task() -> Case:
    return one(receive("x", "M", key="=n")), {"n": 1}, [], [act("hear", "x", m=2)]


@case
def message_catch_event() -> Case:
    return one(catch("x", on("message", "M"))), {}, [], [act("hear", "x", m=2)]


@case
def signal_catch_event() -> Case:
    return one(catch("x", on("signal", "S"))), {}, [], [act("hear", "x", m=2)]


@case
def timer_catch_event() -> Case:
    return one(catch("x", timer(duration="PT1H"))), {}, [], [act("fire", "x")]


@case
def conditional_catch_event() -> Case:
    return one(catch("x", condition("n > 1"))), {"n": 1}, [], [act("set", n=2)]


@case
def event_based_gateway() -> Case:
    nodes = (first("g"), catch("m", on("message", "M")), catch("t", timer(duration="PT1H")),
             catch("i", on("signal", "S")), catch("c", condition("n > 1")), user("a"), end("e"),
             path("s", "g", "m", "a", "e"), path("g", "t", "e"), path("g", "i", "e"),
             path("g", "c", "e"))  # fmt: skip
    return whole(start("s"), *nodes), {"n": 1}, [], [act("hear", "m"), act("complete", "a")]


@case
def parallel_join_that_has_seen_one_twice() -> Case:
    """Two tokens came along one flow: a counter of 2 lies in the state."""
    nodes = (both("f"), xor("m"), user("a"), user("b"), both("j"), user("c"), end("t", terminate()),
             path("s", "f"), flow("f", "m", id_="one"), flow("f", "m", id_="two"),
             path("m", "a", "j"), path("f", "b", "j"), path("j", "c", "t"))  # fmt: skip
    before = [act("complete", "a"), act("complete", "a")]
    return whole(start("s"), *nodes), {}, before, [act("complete", "b"), act("complete", "c")]


@case
def inclusive_join() -> Case:
    nodes = (some("f"), user("a"), user("b"), some("j"), user("c"), end("e"),
             path("s", "f", "a", "j", "c", "e"), path("f", "b", "j"))  # fmt: skip
    return whole(start("s"), *nodes), {}, [act("complete", "a")], [
        act("complete", "b"), act("complete", "c")]  # fmt: skip


@case
def multi_instance_in_parallel() -> Case:
    loop = each("who", "one", collect=("votes", "vote"), until='vote = "stop"')
    before = [act("complete", "x", nth=1, vote="b")]
    return one(user("x", loop)), {"who": ["a", "b", "c"]}, before, [
        act("complete", "x", vote="a"), act("complete", "x", vote="c")]  # fmt: skip


@case
def multi_instance_in_sequence() -> Case:
    loop = each("who", "one", sequential=True, collect=("votes", "vote"))
    return one(user("x", loop)), {"who": ["a", "b", "c"]}, [act("complete", "x", vote="a")], [
        act("complete", "x", vote="b"), act("complete", "x", vote="c")]  # fmt: skip


@case
def multi_instance_in_parallel_with_one_late_and_one_withdrawn() -> Case:
    """The iterations' numbers have a gap, and their list is not the one that was begun with."""
    loop = each("who", "one", collect=("votes", "vote"))
    before = [act("change_list", "x", withdraw=["b"]), act("change_list", "x", add=["d"])]
    return one(user("x", loop)), {"who": ["a", "b", "c"]}, before, [
        act("change_list", "x", add=["e"], withdraw=["a"]), act("complete", "x", vote="c"),
        act("complete", "x", vote="d"), act("complete", "x", vote="e")]  # fmt: skip


@case
def multi_instance_in_sequence_with_one_late_and_one_withdrawn() -> Case:
    loop = each("who", "one", sequential=True, collect=("votes", "vote"))
    before = [act("complete", "x", vote="a"), act("change_list", "x", add=["d"], withdraw=["b"])]
    return one(user("x", loop)), {"who": ["a", "b", "c"]}, before, [
        act("complete", "x", vote="c"), act("complete", "x", vote="d")]  # fmt: skip


@case
def standard_loop() -> Case:
    return one(user("x", again("n < 3", maximum=5))), {}, [act("complete", "x", n=1)], [
        act("complete", "x", n=2), act("complete", "x", n=3)]  # fmt: skip


@case
def sub_process() -> Case:
    inner = (start("is"), both("f"), user("i"), user("j"), end("ie"), path("is", "f", "i", "ie"),
             path("f", "j", "ie"))  # fmt: skip
    return one(subprocess("x", *inner)), {}, [act("complete", "i")], [act("complete", "j")]


@case
def call_activity() -> Case:
    called = process("q", start("qs"), user("i"), end("qe"), path("qs", "i", "qe"))
    nodes = (call("x", "q", ins={"n": "=n + 1"}, outs={"m": "=n"}), end("e"), path("s", "x", "e"))
    return whole(start("s"), *nodes, more=called), {"n": 1}, [], [act("complete", "i", n=9)]


@case
def loops_within_loops_and_calls() -> Case:
    called = process("q", start("qs"), user("i", times("2")), end("qe"), path("qs", "i", "qe"))
    inner = (start("is"), call("c", "q"), end("ie"), path("is", "c", "ie"))
    body = subprocess("x", each("who", "one"), *inner)
    files = whole(start("s"), body, end("e"), path("s", "x", "e"), more=called)
    return files, {"who": ["a", "b"]}, [act("complete", "i", nth=2)], [
        act("complete", "i") for _ in range(3)]  # fmt: skip


@case
def boundary_event_timer_in_a_cycle() -> Case:
    files = guarded(user("a"), timer(cycle="R3/PT24H"), interrupting=False)
    return files, {}, [act("fire", "b")], [
        act("fire", "b"), act("complete", "late"), act("complete", "late"), act("complete", "a"),
    ]  # fmt: skip


@case
def boundary_event_message() -> Case:
    files = guarded(user("a", times("2")), on("message", "M"))
    return files, {}, [act("complete", "a")], [act("hear", "b"), act("complete", "late")]


@case
def boundary_event_signal() -> Case:
    files = guarded(user("a"), on("signal", "S"), interrupting=False)
    return files, {}, [act("hear", "b", n=1)], [
        act("hear", "b", n=2), act("complete", "late"), act("complete", "late"),
        act("complete", "a"),
    ]  # fmt: skip


@case
def boundary_event_conditional_that_has_held() -> Case:
    files = guarded(user("a"), condition("n > 1"), interrupting=False)
    return files, {"n": 2}, [], [
        act("set", n=3), act("set", n=0), act("set", n=2), act("complete", "a"),
        act("complete", "late"), act("complete", "late"),
    ]  # fmt: skip


@case
def boundary_event_error() -> Case:
    inner = (start("is"), user("i"), end("ie", on("error", "E")), path("is", "i", "ie"))
    return guarded(subprocess("a", *inner), on("error", "E")), {}, [], [
        act("complete", "i"), act("complete", "late")]  # fmt: skip


@case
def boundary_event_escalation() -> Case:
    inner = (start("is"), user("i"), end("ie", on("escalation", "L")), path("is", "i", "ie"))
    files = guarded(subprocess("a", *inner), on("escalation", "L"), interrupting=False)
    return files, {}, [], [act("complete", "i"), act("complete", "late")]


@case
def event_subprocess_message() -> Case:
    return handled(on("message", "M"), interrupting=False), {}, [act("hear", "hs", n=1)], [
        act("hear", "hs", n=2), act("complete", "handle"), act("complete", "a"),
        act("complete", "handle"),
    ]  # fmt: skip


@case
def event_subprocess_signal() -> Case:
    return handled(on("signal", "S")), {}, [], [
        act("hear", "hs", n=1), act("complete", "handle")]  # fmt: skip


@case
def event_subprocess_timer() -> Case:
    return handled(timer(duration="PT1H")), {}, [], [act("fire", "hs"), act("complete", "handle")]


@case
def event_subprocess_conditional() -> Case:
    return handled(condition("n > 1")), {"n": 1}, [], [
        act("set", n=2), act("complete", "handle")]  # fmt: skip


@case
def event_subprocess_error() -> Case:
    inner = (user("a"), end("x", on("error", "E")), path("s", "a", "x"))
    return handled(on("error", "E"), *inner), {}, [], [
        act("complete", "a"), act("complete", "handle")]  # fmt: skip


@case
def event_subprocess_escalation() -> Case:
    inner = (user("a"), end("x", on("escalation", "L")), path("s", "a", "x"))
    return handled(on("escalation", "L"), *inner, interrupting=False), {}, [], [
        act("complete", "a"), act("complete", "handle")]  # fmt: skip


@case
def stuck_in_a_script() -> Case:
    return one(script("x", "{n: m + 1}")), {}, [], [act("set", m=1), act("retry", "x")]


@case
def stuck_on_arrival() -> Case:
    return one(user("x", each("who", "one"))), {}, [], [
        act("set", who=["a"]), act("retry", "x"), act("complete", "x")]  # fmt: skip


@case
def stuck_after_its_work() -> Case:
    """The script has run; its way on could not be told."""
    nodes = (script("x", "{n: n + 1}"), user("a"), end("e"), path("s", "x"), path("a", "e"))
    way = ('<bpmn:sequenceFlow id="w" sourceRef="x" targetRef="a"><bpmn:conditionExpression>m = 1'
           "</bpmn:conditionExpression></bpmn:sequenceFlow>")  # fmt: skip
    return whole(start("s"), *nodes, way), {"n": 1, "m": None}, [], [
        act("set", m=1), act("retry", "x"), act("complete", "a")]  # fmt: skip


@case
def stuck_while_looking() -> Case:
    """A condition that could be told when it was reached, and no longer."""
    return one(catch("x", condition("n > 1"))), {"n": 1}, [act("set", n="text")], [
        act("set", n=2), act("retry", "x")]  # fmt: skip


def main() -> None:
    for name in CASES:
        if not (FOLDER / f"{name}.json").exists():
            write(name)


if __name__ == "__main__":
    main()
