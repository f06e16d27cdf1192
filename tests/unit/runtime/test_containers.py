"""Subprocesses and calls."""

from __future__ import annotations

import pytest
from support.diagrams import (
    both,
    bpmn,
    call,
    end,
    path,
    process,
    script,
    service,
    start,
    subprocess,
    task,
    user,
)
from support.walking import NoForms, Walk, compiled

from engine.errors import DeploymentRefused
from engine.runtime import CorruptState, bundle_cache, compile_bundle, load_bundle


class TestSubprocess:
    def model(self) -> bytes:
        inner = (start("is"), both("f"), user("x"), user("y"), end("ie"),
                 path("is", "f", "x", "ie"), path("f", "y", "ie"))  # fmt: skip
        return bpmn(
            process("p", start("s"), subprocess("sub", *inner), user("a"), end("e"),
                    path("s", "sub", "a", "e"))
        )  # fmt: skip

    def test_ends_when_all_in_it_has_ended(self):
        walk = Walk(compiled(self.model()))
        assert walk.open == ["x", "y"]
        assert walk.complete("x").open == ["y"]
        assert walk.complete("y").open == ["a"]
        assert walk.steps.index("completed sub") > walk.steps.index("completed y")

    def test_shares_the_variables_of_the_process(self):
        walk = Walk(compiled(self.model()), variables={"n": 1}).complete("x", n=2)
        assert walk.variables == {"n": 2}


def caller(ins: dict[str, str], outs: dict[str, str]) -> str:
    return process("p", start("s"), call("c", "q", ins=ins, outs=outs), user("a"), end("e"),
                   path("s", "c", "a", "e"))  # fmt: skip


CALLED = process("q", start("qs"), user("u"), script("qc", "{result: n + 1, private: 1}"),
                 end("qe"), path("qs", "u", "qc", "qe"))  # fmt: skip


class TestCall:
    def test_without_mappings_all_goes_in_and_all_comes_out(self):
        walk = Walk(compiled(bpmn(caller({}, {}), CALLED)), variables={"n": 1})
        scope = walk.tasks[walk.token("u")].scope
        assert walk.calls == {scope: "q"}
        assert walk.last.variables[scope] == {"n": 1}
        assert [(c.parent_scope, c.element_id, c.variables) for c in walk.last.calls] == [
            ("", "c", {"n": 1})
        ]
        walk.complete("u", n=5)
        assert walk.variables == {"n": 5, "result": 6, "private": 1}
        assert (walk.calls, walk.open) == ({}, ["a"])

    def test_mappings_choose(self):
        model = bpmn(caller({"n": "=m * 2"}, {"got": "=result"}), CALLED)
        walk = Walk(compiled(model), variables={"m": 4, "n": 100}).complete("u")
        assert walk.variables == {"m": 4, "n": 100, "got": 9}

    def test_variables_inside_stay_inside_until_the_end(self):
        walk = Walk(compiled(bpmn(caller({}, {}), CALLED)), variables={"n": 1}).set(n=7)
        assert walk.complete("u").variables["result"] == 2

    def test_an_output_that_fails_is_an_incident_that_keeps_the_variables(self):
        model = bpmn(caller({}, {"got": "=missing"}), CALLED)
        walk = Walk(compiled(model), variables={"n": 1}).complete("u")
        assert [e for e, _ in walk.troubles] == ["c"]
        (scope,) = walk.calls
        assert walk.set(scope, missing=3).retry("c").variables["got"] == 3
        assert walk.open == ["a"]

    def test_steps_name_the_called_process_by_its_scope(self):
        walk = Walk(compiled(bpmn(caller({}, {}), CALLED)), variables={"n": 1})
        scopes = {step.element_id: step.scope for step in walk.last.steps}
        assert scopes["c"] == ""
        assert scopes["u"] == scopes["qs-u"] == next(iter(walk.calls))

    def test_processes_of_other_deployments_are_pinned(self):
        first = compiled(bpmn(CALLED))
        other = compiled(bpmn(CALLED.replace("n + 1", "n + 100")))
        pinned = compiled(bpmn(caller({}, {})), processes={"q": first}.get)
        again = compiled(bpmn(caller({}, {})), processes={"q": other}.get)
        assert pinned.pins == {"q": first.sha256}
        assert pinned.sha256 != again.sha256
        assert Walk(pinned, variables={"n": 1}).complete("u").variables["result"] == 2
        assert Walk(again, variables={"n": 1}).complete("u").variables["result"] == 101

    def test_a_process_of_the_same_name_elsewhere_does_not_get_in_the_way(self):
        """Both bundles have a process "p": their places must not be mixed up in one state."""
        shared = process("p", start("ps"), user("pu"), end("pe"), path("ps", "pu", "pe"))
        other = compiled(bpmn(shared, CALLED))
        walk = Walk(compiled(bpmn(caller({}, {})), processes={"q": other}.get), variables={"n": 1})
        assert walk.complete("u").complete("a").done

    @pytest.mark.parametrize("names", [["p"], ["p", "q"], ["p", "q", "r"]])
    def test_circles_are_refused(self, names: list[str]):
        nexts = [*names[1:], names[0]]
        models = [
            process(one, start(f"s{one}"), call(f"c{one}", other), end(f"e{one}"),
                    path(f"s{one}", f"c{one}", f"e{one}"))
            for one, other in zip(names, nexts, strict=True)
        ]  # fmt: skip
        with pytest.raises(DeploymentRefused) as refused:
            compiled(bpmn(*models))
        assert {p.code for p in refused.value.problems if p.severity == "error"} == {"call_cycle"}

    def test_too_many_within_each_other_are_an_incident(self):
        """No circle, but a chain of deployments that is too long."""
        bundle = compiled(bpmn(process("q0", start("s"), task("t"), path("s", "t"))))
        for depth in range(1, 13):
            model = process(f"q{depth}", start("s"), call("c", f"q{depth - 1}"), path("s", "c"))
            bundle = compiled(bpmn(model), processes={f"q{depth - 1}": bundle}.get)
        walk = Walk(bundle, "q12")
        assert walk.troubles == [("c", "limit_calls")]
        assert len(walk.calls) == 10


def test_the_cache_compiles_once():
    files = {"m.bpmn": bpmn(CALLED)}
    loads = []

    def load():
        loads.append(1)
        return compile_bundle(files, actions={}, forms=NoForms())

    bundle = load()
    assert bundle_cache(bundle.sha256, load) is bundle_cache(bundle.sha256, load)
    assert len(loads) == 2
    with pytest.raises(CorruptState):
        bundle_cache("another", load)


def test_a_stored_bundle_is_loaded_without_judging_it():
    """An action that is gone, or a rule that came later, must not stop what runs."""
    files = {"model0.bpmn": bpmn(process("p", start("s"), service("a", "test.do"), path("s", "a")))}
    stored = load_bundle(files)
    assert stored.sha256 == compiled(files["model0.bpmn"]).sha256
    assert Walk(stored).waiting == ["a"]
