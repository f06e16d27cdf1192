"""Activities that are one piece of work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.diagrams import (
    assigned,
    bpmn,
    decide,
    each,
    end,
    flow,
    message,
    outcomes,
    path,
    process,
    receive,
    returns,
    script,
    send,
    service,
    start,
    task,
    user,
    xor,
)
from support.walking import MONDAY, NoForms, Walk, compiled

from engine.errors import DeploymentRefused
from engine.runtime import TokenGone, complete_task


def line(*nodes: str, ids: str = "s a e") -> bytes:
    """start, the nodes, end."""
    return bpmn(process("p", start("s"), *nodes, end("e"), path(*ids.split())))


class TestUserTask:
    def test_waits_until_completed(self):
        walk = Walk(compiled(line(user("a"))))
        assert walk.open == ["a"]
        assert walk.complete("a", reason="good").done
        assert walk.variables == {"reason": "good"}
        assert walk.last.end_element == "e"

    def test_tells_who_until_when_and_how_urgent(self):
        extensions = (
            assigned("position", "D-HEAD")
            + assigned("expression", "= reviewers")
            + assigned("field", "checker")
            + assigned("starter")
            + '<saraban:exclude kind="performer" value="a"/>'
            + '<saraban:due value="PT8H" working="false"/><saraban:priority value="=urgency"/>'
            + '<saraban:act kind="sign"/><saraban:skip samePerson="true"/>'
            + '<saraban:reminder at="0.5"/><saraban:escalation to="superior"/>'
            + outcomes("pass", "fail")
            + returns("a")
        )
        again = flow("g", "a", when='outcome = "return"')
        model = bpmn(
            process("p", start("s"), user("a", extensions=extensions, name="Check"),
                    xor("g", "g-e"), end("e"), path("s", "a", "g", "e"), again)
        )  # fmt: skip
        variables = {"reviewers": ["x", "y"], "checker": "z", "urgency": 3}
        opened = next(iter(Walk(compiled(model), variables=variables).tasks.values()))
        assert [(r.kind, r.value) for r in opened.assignments] == [
            ("position", "D-HEAD"),
            ("expression", ["x", "y"]),
            ("field", "z"),
            ("starter", None),
        ]
        assert [(r.kind, r.value) for r in opened.excluded] == [("performer", "a")]
        assert (opened.due, opened.due_working, opened.priority) == (timedelta(hours=8), False, 3)
        assert (opened.act, opened.skip_same_person) == ("sign", True)
        assert (opened.remind_at, opened.escalate) == ((0.5,), "superior")
        assert [o.id for o in opened.outcomes] == ["pass", "fail"]
        assert opened.returns == ("a",)
        assert opened.name == "Check"

    def test_outcome_is_a_variable_and_an_old_one_does_not_linger(self):
        model = line(
            user("a", extensions=outcomes("pass", "fail")),
            user("b", extensions=outcomes("pass")),
            ids="s a b e",
        )
        walk = Walk(compiled(model)).complete("a", outcome="pass")
        assert walk.variables == {"outcome": "pass"}
        assert walk.complete("b").variables == {"outcome": None}

    def test_outcome_may_have_another_variable(self):
        model = line(user("a", extensions=outcomes("pass", variable="verdict")))
        assert Walk(compiled(model)).complete("a", "pass").variables == {"verdict": "pass"}

    def test_nobody_can_be_told_is_an_incident_and_a_retry_opens_it(self):
        model = line(user("a", extensions=assigned("field", "checker")))
        walk = Walk(compiled(model))
        assert walk.troubles == [("a", "unknown_variable")]
        assert walk.open == []
        assert walk.set(checker=["x", "y"]).retry("a").open == ["a"]
        assert walk.troubles == []

    @pytest.mark.parametrize(
        ("value", "due"),
        [
            ('=duration("P1D")', timedelta(days=1)),
            ('=date and time("2026-01-06T09:00:00+07:00")', MONDAY + timedelta(days=1)),
            ('=date("2026-01-05")', MONDAY + timedelta(hours=15)),
            ("=null", None),
        ],
    )
    def test_due_may_be_feel(self, value: str, due: object):
        model = line(user("a", extensions=f"<saraban:due value='{value}'/>"))
        assert next(iter(Walk(compiled(model)).tasks.values())).due == due

    def test_completing_twice_is_refused(self):
        bundle = compiled(line(user("a")))
        walk = Walk(bundle)
        token, state = walk.token("a"), walk.last.state
        done = walk.complete("a").last
        with pytest.raises(TokenGone):
            complete_task(bundle, done.state, done.variables, token, {}, None, walk.around)
        with pytest.raises(TokenGone):
            complete_task(bundle, state, {"": {}}, "nonsense", {}, None, walk.around)

    @pytest.mark.parametrize("name", ["__builtins__", "constructor", "prototype"])
    def test_odd_variable_names_never_come_in(self, name: str):
        walk = Walk(compiled(line(user("a"))))
        with pytest.raises(Exception, match="ordinary variable name"):
            walk.complete("a", **{name: 1})


class TestPassThrough:
    def test_abstract_and_manual_tasks_are_passed(self):
        assert Walk(compiled(line(task("a")))).done
        assert Walk(compiled(line('<bpmn:manualTask id="a"/>'))).done


class TestScript:
    def test_a_context_is_merged(self):
        walk = Walk(compiled(line(script("a", "{total: a + b, twice: total * 2}"))),
                    variables={"a": 1, "b": 2})  # fmt: skip
        assert walk.variables == {"a": 1, "b": 2, "total": 3, "twice": 6}

    def test_any_value_goes_to_a_named_variable(self):
        walk = Walk(compiled(line(script("a", "[1, 2]", into="list"))))
        assert walk.variables == {"list": [1, 2]}

    def test_another_value_is_an_incident(self):
        assert Walk(compiled(line(script("a", "1 + 1")))).troubles == [("a", "script_result")]

    def test_unknown_variable_is_an_incident_mended_by_setting_it(self):
        walk = Walk(compiled(line(script("a", "{n: m + 1}"))))
        assert [element for element, _ in walk.troubles] == ["a"]
        assert walk.set(m=1).retry("a").done
        assert walk.variables["n"] == 2

    @pytest.mark.parametrize("text", ["{n: m * 2}", "{k: 1, n: 1 / 0}", "{n: {deep: m - 1}.deep}"])
    def test_null_by_mistake_is_an_incident(self, text: str):
        walk = Walk(compiled(line(script("a", text))), variables={"m": "text"})
        assert walk.troubles == [("a", "feel_null")]
        assert "n" not in walk.variables

    @pytest.mark.parametrize("text", ["{n: null, k: if m * 2 = null then 0 else 1}", "{n: null}"])
    def test_null_that_is_meant_is_a_value(self, text: str):
        walk = Walk(compiled(line(script("a", text))), variables={"m": "text"})
        assert walk.variables["n"] is None

    def test_reserved_keys_are_refused(self):
        """Those that only show when the script runs; the others the linter refuses."""
        model = line(script("a", 'context([{key: "__builtins__", value: 1}])'))
        assert Walk(compiled(model)).troubles == [("a", "reserved_name")]

    def test_changes_say_who_set_what(self):
        walk = Walk(compiled(line(script("a", "{n: n, m: 1}"))), variables={"n": 1})
        assert [(c.name, c.value, c.element_id) for c in walk.last.changes] == [("m", 1, "a")]


class TestService:
    def test_wants_a_job_and_takes_its_report(self):
        walk = Walk(compiled(line(service("a", "test.do", a="=n + 1", b="text"))),
                    variables={"n": 1})  # fmt: skip
        job = next(iter(walk.jobs.values()))
        assert (job.action, job.inputs, job.element_id) == ("test.do", {"a": 2, "b": "text"}, "a")
        assert walk.report("a", answer=42).done
        assert walk.variables == {"n": 1, "answer": 42}

    def test_an_input_that_cannot_be_computed_is_an_incident(self):
        walk = Walk(compiled(line(service("a", "test.do", a="=n * 2"))), variables={"n": "x"})
        assert (walk.troubles, walk.jobs) == ([("a", "feel_null")], {})

    def test_report_goes_to_the_result_variable(self):
        walk = Walk(compiled(line(service("a", "test.do", into="x")))).report("a", n=1)
        assert walk.variables == {"x": {"n": 1}}

    def test_retry_wants_the_job_anew_with_present_values(self):
        walk = Walk(compiled(line(service("a", "test.do", a="=n"))), variables={"n": 1})
        token = walk.token("a")
        walk.set(n=2)
        again = walk._go(__import__("engine.runtime", fromlist=["retry"]).retry, token)
        assert [job.inputs for job in again.jobs.values()] == [{"a": 2}]


class TestMessages:
    def test_send_task_throws_with_payload_and_business_key(self):
        model = bpmn(
            message("Asked"),
            process("p", start("s"), send("a", "Asked", n="=n"), end("e"), path("s", "a", "e")),
        )
        walk = Walk(compiled(model), variables={"n": 7})
        assert walk.done
        thrown = walk.thrown[0]
        assert (thrown.kind, thrown.name, thrown.key, thrown.payload) == (
            "message", "Asked", "key", {"n": 7},
        )  # fmt: skip

    def test_receive_task_waits_by_key(self):
        model = bpmn(
            message("Told"),
            process("p", start("s"), receive("a", "Told", key="=number"), end("e"),
                    path("s", "a", "e")),
        )  # fmt: skip
        walk = Walk(compiled(model), variables={"number": 12})
        kept = next(iter(walk.subscriptions.values()))
        assert (kept.kind, kept.name, kept.key) == ("message", "Told", "12")
        assert walk.hear("a", answer="yes").done
        assert walk.variables["answer"] == "yes"


class TestDecision:
    def test_result_goes_to_its_variable(self):
        def decisions(ref, variables, around):
            return {"ref": ref, "n": variables["n"]}

        bundle = compiled(line(decide("a", "rate", into="x")), decisions=decisions)
        assert Walk(bundle, variables={"n": 1}).variables["x"] == {"ref": "rate", "n": 1}

    def test_without_a_variable_it_is_named_like_the_decision(self):
        bundle = compiled(line(decide("a", "rate")), decisions=lambda *_: 5)
        assert Walk(bundle).variables == {"rate": 5}

    @pytest.mark.parametrize(
        "attributes",
        ['camunda:decisionRef="rate" camunda:resultVariable="x"', 'implementation="rate"'],
    )
    def test_may_be_named_as_other_tools_do(self, attributes: str):
        model = line(f'<bpmn:businessRuleTask id="a" {attributes}/>')
        walk = Walk(compiled(model, decisions=lambda *_: 5))
        assert 5 in walk.variables.values()


RATE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m"
    namespace="urn:rates">
  <inputData id="in" name="amount"/>
  <decision id="rate" name="Rate of the fee">
    <informationRequirement><requiredInput href="#in"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>amount</text></inputExpression></input>
      <output/>
      <rule>
        <inputEntry><text>&lt; 100</text></inputEntry><outputEntry><text>1</text></outputEntry>
      </rule>
      <rule>
        <inputEntry><text>&gt;= 100</text></inputEntry><outputEntry><text>2</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""


class TestDecisionModel:
    def bundle(self, ref: str = "rate") -> object:
        return compiled(line(decide("a", ref, into="r")), more={"rate.dmn": RATE})

    @pytest.mark.parametrize(("amount", "rate"), [(99, 1), (100, 2)])
    def test_the_deployments_own_models_decide(self, amount: int, rate: int):
        assert Walk(self.bundle(), variables={"amount": amount}).variables["r"] == rate

    def test_a_decision_may_be_called_by_its_name(self):
        walk = Walk(self.bundle("Rate of the fee"), variables={"amount": 1})
        assert walk.variables["r"] == 1

    def test_a_missing_input_is_an_incident(self):
        walk = Walk(self.bundle())
        assert [e for e, _ in walk.troubles] == ["a"]
        assert walk.set(amount=5).retry("a").done

    def test_a_model_that_cannot_be_read_is_refused_with_its_place(self):
        broken = RATE.replace(b"&lt; 100", b"&lt; &lt;")
        with pytest.raises(DeploymentRefused) as refused:
            compiled(line(decide("a", "rate")), more={"rate.dmn": broken})
        assert {p.file for p in refused.value.problems if p.severity == "error"} == {"rate.dmn"}


def test_a_form_belongs_to_the_task():
    model = line(user("a", extensions='<saraban:form key="ask"/>'))
    bundle = compiled(model, forms=NoForms(), more={"ask.form.json": b"{}"})
    assert next(iter(Walk(bundle).tasks.values())).form == "ask"
    assert bundle.processes["p"].user_tasks[0].form == "ask"


def test_a_return_of_the_round_before_does_not_linger():
    """A task that may be returned always sets its outcome, even where it names none."""
    model = bpmn(
        process("p", start("s"), user("d"), user("a", extensions=returns("d")), xor("g", "g-e"),
                end("e"), path("s", "d", "a", "g", "e"), flow("g", "d", when='outcome = "return"'))
    )  # fmt: skip
    walk = Walk(compiled(model)).complete("d").complete("a", outcome="return")
    assert walk.open == ["d"]
    assert walk.complete("d").complete("a").done
    assert Walk(compiled(model)).complete("d").complete("a").done


def test_of_several_the_last_to_return_it_says_where_it_goes():
    """An iteration keeps what it sets; a return is said of the step that is left."""
    loop = each("names", "name", collect=("said", "outcome"), until='outcome = "return"')
    model = bpmn(
        process("p", start("s"), user("d"), user("a", loop, extensions=returns("d")),
                xor("g", "g-e"), end("e"), path("s", "d", "a", "g", "e"),
                flow("g", "d", when='return_to = "d"'))
    )  # fmt: skip
    walk = Walk(compiled(model), variables={"names": ["x", "y"], "return_to": None})
    walk.complete("d").complete("a", outcome="return", return_to="d", resume="rerun")
    assert walk.open == ["d"]
    assert (walk.variables["said"], walk.variables["resume"]) == (["return"], "rerun")
    assert "outcome" not in walk.variables
