"""What goes wrong with SpiffWorkflow 3.2.0 as it comes, and must never go wrong here.

One test for each trap that was proven on it (the numbers are those of our notes).
"""

from __future__ import annotations

import builtins
import gc
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from support.diagrams import (
    both,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    each,
    end,
    event_subprocess,
    flow,
    link,
    message,
    on,
    path,
    process,
    script,
    service,
    some,
    start,
    subprocess,
    throw,
    timer,
    times,
    user,
    xor,
)
from support.walking import MONDAY, NoForms, Walk, compiled

from engine import runtime
from engine.errors import DeploymentRefused
from engine.ports import Action
from engine.runtime import TokenGone


def send_back(*block: str) -> bytes:
    """draft, a block, head, and back to the draft as often as the head returns it."""
    return bpmn(
        process("p", start("s"), user("d"), *block, user("h"), xor("g", "g-e"), end("e"),
                path("s", "d"), path("h", "g", "e"), flow("g", "d", when='outcome = "back"'))
    )  # fmt: skip


PARALLEL = (both("f"), user("a"), user("b"), both("j"), path("d", "f", "a", "j", "h"),
            path("f", "b", "j"))  # fmt: skip
INCLUSIVE = (some("f"), user("a"), user("b"), some("j"), path("d", "f"), path("a", "j", "h"),
             path("b", "j"), flow("f", "a", when="true"), flow("f", "b", when="true"))  # fmt: skip


NESTED = (both("f"), some("k"), user("a"), user("b"), some("l"), user("c"), both("j"),
          path("d", "f", "k"), flow("k", "a", when="true"), flow("k", "b", when="true"),
          path("a", "l"), path("b", "l", "j", "h"), path("f", "c", "j"))  # fmt: skip
WRAPPED = (subprocess("sub", start("is"), both("f"), user("a"), user("b"), both("j"), end("ie"),
                      path("is", "f", "a", "j", "ie"), path("f", "b", "j")),
           path("d", "sub", "h"))  # fmt: skip
BLOCKS = {"parallel": PARALLEL, "inclusive": INCLUSIVE, "nested": NESTED, "subprocess": WRAPPED}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("seed", range(10))
def test_01_a_join_in_a_loop_waits_in_every_round(block: tuple[str, ...], seed: int):
    walk, chance = Walk(compiled(send_back(*block))), random.Random(seed)
    for _ in range(5):
        walk.complete("d")
        order = chance.sample(walk.open, len(walk.open))
        while order:
            assert walk.complete(order.pop()).open == (sorted(order) or ["h"])
        walk.complete("h", outcome="back")
    assert walk.open == ["d"]


def test_02_the_state_is_opaque_bytes_with_parents_first():
    """No JSON that a database could sort: rows are a list, and a broken order does not load."""
    walk = Walk(compiled(send_back(*WRAPPED))).complete("d")
    state = walk.last.state
    with pytest.raises(ValueError, match="byte"):
        state.decode("ascii")
    names, rows = msgspec.msgpack.decode(state[5:])
    parents = [parent for _, parent, *_ in rows]
    assert parents[0] == -1
    assert all(parent < number for number, parent in enumerate(parents))
    turned = msgspec.msgpack.encode([names, rows[:1] + rows[:0:-1]])
    bound = zlib.crc32(f"{walk.around.instance_id}|{walk.bundle.sha256}".encode())
    forged = state[:1] + zlib.crc32(turned, bound).to_bytes(4, "big") + turned
    with pytest.raises(runtime.CorruptState):
        runtime.set_variables(walk.bundle, forged, walk.last.variables, "", {}, walk.around)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions it calls: what it costs, on whatever machine."""
    calls = 0

    def count(_frame: object, event: str, _: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_03_a_thousand_send_backs_keep_depth_size_and_cost():
    """The last round costs as many calls as the third, and leaves as many bytes."""
    walk = Walk(compiled(send_back(*PARALLEL)))

    def once() -> None:
        for name in ("d", "a", "b", "h"):
            walk.complete(name, outcome="back")
        walk.steps.clear()

    sizes, costs = set(), []
    for number in range(1_000):
        if number in (2, 500, 999):
            gc.disable()
            costs.append(calls_of(once))
            gc.enable()
        else:
            once()
        sizes.add(len(walk.last.state))
    assert len(sizes) == 1
    assert max(costs) <= min(costs) * 1.02
    assert (walk.open, walk.troubles) == (["d"], [])


def test_03_a_loop_within_a_branch_does_not_grow_either():
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), xor("g", "g-j"), user("b"), both("j"),
                end("e"), path("s", "f", "a", "g", "j", "e"), path("f", "b", "j"),
                flow("g", "a", when='outcome = "again"'))
    )  # fmt: skip
    walk = Walk(compiled(model))
    size = len(walk.complete("a", outcome="again").last.state)
    for _ in range(200):
        walk.complete("a", outcome="again")
    assert len(walk.last.state) == size


def test_04_open_iterations_load_onto_a_freshly_compiled_diagram():
    """Spiff wires iterations when it creates them, and loses the wiring with the process."""
    model = bpmn(
        process("p", start("s"), user("r", each("who", "one")), end("e"), path("s", "r", "e"))
    )
    walk = Walk(compiled(model), variables={"who": [1, 2]})
    walk.bundle = compiled(model)
    assert walk.complete("r").complete("r").done


def test_05_ad_hoc_subprocesses_which_change_it_too_are_refused():
    with pytest.raises(DeploymentRefused):
        compiled(bpmn(process("p", start("s"), '<bpmn:adHocSubProcess id="x"/>', path("s", "x"))))


def recallable() -> bytes:
    handler = event_subprocess(
        "h", start("hs", on("message", "M")), user("r"), end("he"), path("hs", "r", "he")
    )
    return bpmn(
        message("M"),
        process("p", start("s"), user("a"), end("e"), path("s", "a", "e"), handler),
    )


def test_05_event_subprocesses_leave_the_shared_diagram_as_it_was():
    bundle = compiled(recallable())
    assert Walk(bundle).hear("hs").open == ["r"]
    second = Walk(bundle)
    assert second.open == ["a"]
    assert second.waiting == ["hs"]


def test_06_17_a_second_round_and_a_name_in_use():
    loop = each("who", "one", collect=("votes", "vote"))
    model = send_back(user("r", loop), path("d", "r", "h"))
    names = {"who": [1], "one": "taken", "vote": "taken", "votes": ["taken"]}
    walk = Walk(compiled(model), variables=names)
    for answer in ("first", "second"):
        walk.complete("d").complete("r", vote=answer)
        assert walk.variables["votes"] == [answer]
        walk.complete("h", outcome="back")
    assert walk.variables["one"] == walk.variables["vote"] == "taken"


def test_07_cancelled_iterations_do_not_hold_the_loop():
    model = send_back(user("r", each("who", "one", until="enough")), path("d", "r", "h"))
    walk = Walk(compiled(model), variables={"who": [1, 2, 3], "enough": True}).complete("d")
    assert walk.complete("r").open == ["h"]


def test_07_an_iteration_that_is_stuck_holds_no_other():
    model = send_back(
        user("r", each("who", "one", collect=("votes", "vote"), until="vote > limit")),
        path("d", "r", "h"),
    )
    walk = Walk(compiled(model), variables={"who": [1, 2, 3], "limit": 5}).complete("d")
    walk.complete("r", vote="text").complete("r", vote=1).complete("r", vote=2)
    assert (walk.open, walk.troubles) == ([], [("r", "feel_not_boolean")])
    walk.set(limit="a").retry("r")
    assert (walk.open, walk.variables["votes"]) == (["h"], ["text", 1, 2])


def test_08_values_are_never_changed_in_place():
    """Nested values are shared between tasks of Spiff; here a change is a new value."""
    model = bpmn(
        process("p", start("s"), user("a"), script("c", '{doc: {meta: "new"}}'), end("e"),
                path("s", "a", "c", "e"))
    )  # fmt: skip
    given = {"doc": {"meta": "old"}}
    walk = Walk(compiled(model), variables=given)
    before = walk.variables
    walk.complete("a")
    assert walk.variables["doc"] == {"meta": "new"}
    assert given["doc"] == before["doc"] == {"meta": "old"}


def test_09_what_ends_is_no_longer_listened_for():
    model = bpmn(
        process("p", start("s"), user("a"), boundary("t", "a", timer(duration="PT1H")), user("x"),
                end("e"), path("s", "a", "e"), path("t", "x"))
    )  # fmt: skip
    walk = Walk(compiled(model))
    token = walk.token("t")
    done = walk.complete("a").last
    with pytest.raises(TokenGone):
        runtime.fire_timer(walk.bundle, done.state, done.variables, token, walk.around)


def test_10_a_reminder_branch_is_part_of_the_process():
    model = bpmn(
        process("p", start("s"), user("a"),
                boundary("t", "a", timer(duration="PT1H"), interrupting=False),
                script("remind", "{reminded: true}"), end("e"), path("s", "a", "e"),
                path("t", "remind"))
    )  # fmt: skip
    walk = Walk(compiled(model)).fire("t")
    assert walk.variables == {"reminded": True}
    assert walk.complete("a").done


def test_11_machine_work_is_wanted_never_done_inside():
    """Not even when the action is at hand in this very process."""
    called: list[object] = []

    def do(*given: object) -> dict[str, object]:
        called.append(given)
        return {}

    files = {"m.bpmn": bpmn(process("p", start("s"), service("a", "test.do"), path("s", "a")))}
    actions = {"test.do": Action("test.do", do, drawn=True)}
    walk = Walk(runtime.compile_bundle(files, actions=actions, forms=NoForms()))
    assert ([job.action for job in walk.jobs.values()], called) == (["test.do"], [])


def test_12_a_token_that_does_not_wait_is_refused():
    walk = Walk(compiled(send_back(*PARALLEL)))
    token = walk.token("d")
    with pytest.raises(TokenGone):
        runtime.complete_job(*walk._state, token, {}, walk.around)
    with pytest.raises(TokenGone):
        runtime.retry(*walk._state, token, walk.around)
    walk.complete("d")
    with pytest.raises(TokenGone):
        runtime.complete_task(*walk._state, token, {}, None, walk.around)
    assert walk.open == ["a", "b"]


class TestTimers13:
    """Due times are exact moments; nothing is made up for; the expression is read once."""

    def model(self, when: str) -> bytes:
        return bpmn(
            process("p", start("s"), user("a"), boundary("t", "a", when, interrupting=False),
                    end("x"), end("e"), path("s", "a", "e"), path("t", "x"))
        )  # fmt: skip

    def test_a_cycle_missed_for_days_fires_once(self):
        walk = Walk(compiled(self.model(timer(cycle="R5/PT24H"))))
        walk.later(days=3, hours=1).fire("t")
        row = walk.timers[walk.token("t")]
        assert row.due_at == MONDAY + timedelta(days=4)
        assert walk.steps.count("completed t") == 1
        assert row.occurrence == 4

    def test_a_cycle_missed_to_its_end_is_over(self):
        walk = Walk(compiled(self.model(timer(cycle="R2/PT24H"))))
        assert walk.later(days=9).fire("t").waiting == []

    def test_months_keep_the_day_within_the_month(self):
        january = MONDAY.replace(day=31)
        walk = Walk(compiled(self.model(timer(duration="P1M"))), now=january)
        assert walk.timers[walk.token("t")].due_at == january.replace(month=2, day=28)

    def test_a_moment_without_an_offset_is_local(self):
        walk = Walk(compiled(self.model(timer(date="2026-07-01T09:00:00"))))
        assert walk.timers[walk.token("t")].due_at.isoformat() == "2026-07-01T02:00:00+00:00"

    def test_changing_a_variable_later_does_not_move_it(self):
        walk = Walk(compiled(self.model(timer(duration="=d"))), variables={"d": "PT1H"})
        assert walk.set(d="PT9H").timers[walk.token("t")].due_at == MONDAY + timedelta(hours=1)

    def test_working_time(self):
        class OnlyTomorrow:
            def add(self, start, duration):
                return start + timedelta(days=1) + duration

        when = (
            "<bpmn:timerEventDefinition><bpmn:extensionElements><saraban:working/>"
            "</bpmn:extensionElements><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
            "</bpmn:timerEventDefinition>"
        )
        walk = Walk(compiled(self.model(when)), working_time=OnlyTomorrow())
        assert walk.timers[walk.token("t")].due_at == MONDAY + timedelta(days=1, hours=1)


@pytest.fixture
def no_python(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Python's own evaluation, counted wherever SpiffWorkflow or the runtime could reach it."""
    reached: list[str] = []

    def guard(name: str):
        original = getattr(builtins, name)

        def watched(*args, **named):
            caller = sys._getframe(1).f_globals.get("__name__", "")
            if caller.startswith(("SpiffWorkflow", "engine.runtime")):
                reached.append(f"{name} from {caller}")
            return original(*args, **named)

        return watched

    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, guard(name))
    return reached


def test_14_no_python_is_ever_evaluated(no_python: list[str]):
    """A process that uses an expression in every place that has one."""
    inner = (start("is"), script("c", "{mine: one * 2}"), end("ie"), path("is", "c", "ie"))
    model = bpmn(
        message("M"),
        process(
            "p", start("s"), script("a", "{n: 1, who: [1, 2]}"), xor("g", "g-m"),
            subprocess("m", each("=who", "one", collect=("all", "mine"), until="false"), *inner),
            user("u", times("n"), extensions='<saraban:due value="=duration(&quot;P1D&quot;)"/>'),
            boundary("t", "u", timer(duration='="PT1H"'), interrupting=False),
            catch("k", condition("n = 1")), throw("x", on("message", "M"),
                extensions='<saraban:input name="v" value="=n"/>'),
            service("j", "test.do", a="=n"), call("ca", "q", ins={"n": "=n"}, outs={"z": "=n"}),
            end("e"), path("s", "a", "g", "m", "u", "k", "x", "j", "ca", "e"), path("t", "e"),
            flow("g", "u", when="n = 2"),
            extensions='<saraban:title value="=string(n)"/>',
        ),
        process("q", start("qs"), end("qe"), path("qs", "qe")),
    )  # fmt: skip
    walk = Walk(compiled(model)).fire("t").complete("u").report("j")
    assert walk.done
    assert (walk.variables["all"], walk.variables["z"], walk.title) == ([2, 4], 1, "1")
    assert no_python == []


@pytest.mark.parametrize(
    ("where", "nodes"),
    [
        ("g", (xor("g", "g-e"), path("s", "g", "e"), flow("g", "e", when="EVIL", id_="x"))),
        ("t", (catch("t", timer(duration="=EVIL")), path("s", "t", "e"))),
        ("c", (catch("c", condition("EVIL")), path("s", "c", "e"))),
        ("u", (user("u", times("EVIL")), path("s", "u", "e"))),
        ("k", (script("k", "EVIL"), path("s", "k", "e"))),
    ],
)
def test_14_python_in_a_diagram_is_refused(where: str, nodes: tuple[str, ...]):
    evil = "__import__('os').getpid() == 1"
    model = bpmn(process("p", start("s"), *(n.replace("EVIL", evil) for n in nodes), end("e")))
    with pytest.raises(DeploymentRefused) as refused:
        compiled(model)
    assert "expression" in {problem.code for problem in refused.value.problems}


SILENT = {
    "compensation": throw("x", "<bpmn:compensateEventDefinition/>"),
    "conditional flow out of an event": throw("x") + flow("x", "e", when="false", id_="y"),
    "complex gateway": '<bpmn:complexGateway id="x"/>',
    "transaction": '<bpmn:transaction id="x"/>',
    "ad hoc": '<bpmn:adHocSubProcess id="x"/>',
    "two events at once": catch("x", timer(duration="PT1H"), condition("true")),
    "link to nowhere": throw("x", link("nowhere")),
    "compensation handler": '<bpmn:task id="x" isForCompensation="true"/>',
}


@pytest.mark.parametrize("name", SILENT)
def test_15_what_spiff_skips_in_silence_is_refused(name: str):
    model = bpmn(process("p", start("s"), SILENT[name], end("e"), path("s", "x", "e")))
    with pytest.raises(DeploymentRefused) as refused:
        compiled(model)
    first = refused.value.problems[0]
    assert first.line > 1
    assert first.mend


def test_15_links_run_and_signal_ends_throw():
    model = bpmn(
        '<bpmn:signal id="S" name="S"/>',
        process("p", start("s"), throw("to", link("L")), catch("from", link("L")),
                end("e", on("signal", "S")), path("s", "to"), path("from", "e")),
    )  # fmt: skip
    walk = Walk(compiled(model))
    assert walk.done
    assert [(t.kind, t.name) for t in walk.thrown] == [("signal", "S")]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_16_a_join_does_not_bring_old_values_back(order: str):
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), user("b"), both("j"), user("z"), end("e"),
                path("s", "f", "a", "j", "z", "e"), path("f", "b", "j"))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"n": "before"})
    for name in order:
        walk.complete(name, **({"n": "after"} if name == "a" else {}))
    assert walk.variables == {"n": "after"}


def test_the_state_belongs_to_its_instance_and_diagram():
    walk = Walk(compiled(send_back(*PARALLEL)))
    other = compiled(send_back(*INCLUSIVE))
    token = walk.token("d")
    for bundle, around in (
        (walk.bundle, replace(walk.around, instance_id="two")),
        (other, walk.around),
    ):
        with pytest.raises(runtime.CorruptState):
            runtime.complete_task(
                bundle, walk.last.state, walk.last.variables, token, {}, None, around
            )
