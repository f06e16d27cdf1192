"""Each rule of the linter: a diagram that breaks it, found with code, element and line."""

from __future__ import annotations

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
    decide,
    each,
    element,
    end,
    event_subprocess,
    first,
    flow,
    link,
    message,
    on,
    outcomes,
    path,
    process,
    receive,
    returns,
    script,
    send,
    service,
    some,
    start,
    subprocess,
    task,
    throw,
    timer,
    times,
    user,
    xor,
)
from support.walking import ACTIONS, NoForms, an_action

from engine import runtime

HEAD = (start("s"), end("e"))
FORM_KEYS = {"{}": ["title", "amount"]}


def found(*nodes: str, more: dict[str, bytes] | None = None, extensions: str = "") -> list:
    model = bpmn(message("M"), process("p", *HEAD, *nodes, extensions=extensions))
    return runtime.check(
        {"m.bpmn": model, **(more or {})},
        actions=ACTIONS | {"x.post": an_action("x.post", "to", optional=("cc",))},
        forms=NoForms(FORM_KEYS),
    )


def line(node: str, id_: str = "x") -> tuple[str, str]:
    return node, path("s", id_, "e")


ERRORS = {
    # structure
    "start_missing": (subprocess("x", end("ie")), path("s", "x", "e")),
    "several_starts": (start("s2"), path("s", "e"), path("s2", "e")),
    "unsupported_start": (start("s2", on("error")), path("s", "e"), path("s2", "e")),
    # what starts by itself
    "start_repeated": (
        start("s2", on("message", "M")), start("s3", on("message", "M")),
        path("s", "e"), path("s2", "e"), path("s3", "e"),
    ),
    "correlation_at_start": (
        element("startEvent", "s2", on("message", "M"), extensions=correlation("=n")),
        path("s", "e"), path("s2", "e"),
    ),
    "condition_at_start": (start("s2", condition("1 = 1")), path("s", "e"), path("s2", "e")),
    "timer_in_event": (start("s2", timer(date="=deadline")), path("s", "e"), path("s2", "e")),
    "end_unreachable": (user("x"), user("y"), path("s", "x", "y", "x")),
    "flow_broken": (path("s", "e"), flow("e2", "nowhere")),
    "flow_crosses": (
        subprocess("x", start("is"), user("i"), path("is", "i")),
        path("s", "x", "e"),
        flow("i", "e"),
    ),
    "flow_into_start": (*line(user("x")), flow("x", "s")),
    "flow_out_of_end": (*line(user("x")), flow("e", "x")),
    "flow_at_event_subprocess": (
        event_subprocess("x", start("is", on("message", "M")), end("ie"), path("is", "ie")),
        path("s", "x", "e"),
    ),
    "unreachable": (user("x"), path("s", "e"), path("x", "e")),
    "boundary_detached": (path("s", "e"), boundary("x", "g", timer(duration="PT1H"))),
    "boundary_event": (*line(user("u"), "u"), boundary("x", "u")),
    "catch_nothing": line(catch("x")),
    "link_broken": (throw("x", link("L")), path("s", "x"), path("s", "e")),
    # flows
    "condition_ignored": (both("x"), path("s", "x"), flow("x", "e", when="true")),
    "default_unknown": line(xor("x", default="nothing")),
    "default_condition": (xor("x", "d"), path("s", "x"), flow("x", "e", when="true", id_="d")),
    "condition_missing": (xor("x"), path("s", "x", "e"), flow("x", "e", id_="two")),
    "event_gateway": (first("g"), user("x"), path("s", "g", "x", "e")),
    "loop_misplaced": line(throw("x", times("2"))),
    # cycles
    "fork_in_cycle": (xor("j"), both("x"), user("a"), path("s", "j", "x", "a", "j"),
                      path("x", "e")),
    # tasks
    "assignment_value": line(user("x", extensions=assigned("role"))),
    "form_missing": line(user("x", extensions='<saraban:form key="none"/>')),
    "outcome_repeated": line(user("x", extensions=outcomes("a", "a"))),
    "return_target": line(user("x", extensions=returns("s"))),
    "due": line(user("x", extensions='<saraban:due value="soon"/>')),
    "priority": line(user("x", extensions='<saraban:priority value="5"/>')),
    "reminder": line(user("x", extensions='<saraban:reminder at="2"/><saraban:due value="P1D"/>')),
    "action_missing": line(element("serviceTask", "x")),
    "action_unknown": line(service("x", "no.such")),
    "action_input": line(service("x", "x.post", cc="=1")),
    "script_missing": line(element("scriptTask", "x")),
    "script_language": line(
        element("scriptTask", "x", "<bpmn:script>{}</bpmn:script>", scriptFormat="groovy")
    ),
    "decision_missing": line(element("businessRuleTask", "x")),
    "decision_unknown": line(decide("x", "rate")),
    "message_missing": line(element("receiveTask", "x")),
    # timers and loops
    "timer": line(catch("x", timer(duration="1 hour"))),
    "timer_missing": line(catch("x", "<bpmn:timerEventDefinition/>")),
    "limit_iterations": line(task("x", times("501"))),
    "loop_output": line(
        task("x", each("who").replace("</bpmn:loopDataInputRef>",
             "</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>all</bpmn:loopDataOutputRef>"))
    ),
    "loop_without_input": line(task("x", "<bpmn:multiInstanceLoopCharacteristics/>")),
    "loop_endless": line(task("x", again())),
    # calls
    "call_missing": line(element("callActivity", "x")),
    "call_unknown": line(call("x", "nobody")),
    # expressions
    "expression": (xor("g", "g-e"), path("s", "g", "e"), flow("g", "e", when="n >", id_="x")),
    "expression_language": (
        xor("g", "g-e"),
        path("s", "g", "e"),
        flow("g", "e", when="n", id_="x").replace("Expression>n", 'Expression language="juel">n'),
    ),
    # reading
    "bad_id": line(user("x y"), "x y"),
    "duplicate_id": (*line(user("x")), user("x")),
    "unsupported_element": line('<bpmn:complexGateway id="x"/>'),
    "unsupported_event": line(throw("x", "<bpmn:compensateEventDefinition/>")),
    "unsupported_attribute": line(task("x").replace("<bpmn:task", '<bpmn:task startQuantity="2"')),
    "condition_missing_in_event": line(catch("x", "<bpmn:conditionalEventDefinition/>")),
    "error_missing": (
        *line(user("u"), "u"), boundary("x", "u", on("error", "E")), path("x", "e"),
    ),
    "foreign_behaviour": line(
        element("userTask", "x").replace(">", ' camunda:taskListenerClass="a.B">', 1)
    ),
    "foreign_behaviour_include": line(
        element("task", "x", extensions='<i:include xmlns:i="http://www.w3.org/2001/XInclude"/>')
    ),
    "unknown_extension": line(user("x", extensions="<saraban:assignee/>")),
    "misplaced_extension": line(
        element("task", "x", extensions='<saraban:act kind="sign"/>')
    ),
    "repeated_extension": line(
        user("x", extensions='<saraban:act kind="sign"/><saraban:act kind="sign"/>')
    ),
    "attribute_missing": line(user("x", extensions="<saraban:form/>")),
    "unknown_attribute": line(
        user("x", extensions='<saraban:assignment kind="starter" vlaue="a"/>')
    ),
    "unknown_value": line(user("x", extensions='<saraban:assignment kind="everyone"/>')),
}  # fmt: skip


@pytest.mark.parametrize("code", ERRORS)
def test_errors(code: str):
    problems = [p for p in found(*ERRORS[code]) if p.severity == "error"]
    wanted = code.removesuffix("_in_event").removesuffix("_include")
    assert wanted in {problem.code for problem in problems}
    for problem in problems:
        assert problem.file == "m.bpmn"
        assert problem.line > 1
        assert problem.element
        assert problem.message.startswith("Expected")
        assert problem.mend.endswith(".")


WARNINGS = {
    "assignment_missing": line(user("x")),
    "default_missing": (xor("x"), path("s", "x"), flow("x", "e", when="true")),
    "cycle_without_wait": (xor("x", "x-t"), throw("t"), path("s", "x", "t", "x"),
                           flow("x", "e", when="true")),
    "join_in_cycle": (both("f"), user("a"), user("b"), both("x"), xor("g", "g-e"),
                      path("s", "f", "a", "x", "g", "e"), path("f", "b", "x"),
                      flow("g", "f", when="true")),
    "fork_in_cycle": (some("f", "f-e"), user("x"), path("s", "f", "e"), path("x", "f"),
                      flow("f", "x", when="true")),
    "passes_through": line(task("x")),
    "timer_cycle": line(catch("x", timer(cycle="R3/PT1H"))),
    "reminder": line(user("x", extensions='<saraban:reminder at="0.5"/>')),
    "foreign_hint": line(element("userTask", "x").replace(">", ' camunda:assignee="a">', 1)),
    "data_mapping": line(user("x", "<bpmn:dataInputAssociation><bpmn:assignment/>"
                              "</bpmn:dataInputAssociation>")),
}  # fmt: skip


INTERNAL = '<saraban:start internal="true"/>'
NOT_INTERNAL = {
    "form": (line(user("x")), '<saraban:start internal="true" form="f"/>'),
    "role": (line(user("x")), '<saraban:start internal="true" role="clerk"/>'),
    None: ((*line(user("x")), start("go", on("message", "M")), path("go", "x")), INTERNAL),
}  # fmt: skip


@pytest.mark.parametrize("attribute", NOT_INTERNAL)
def test_an_internal_process_asks_nobody_and_hears_nobody(attribute: str | None):
    nodes, extensions = NOT_INTERNAL[attribute]
    more = {"f.form.json": b"{}", "n.bpmn": bpmn(message("M"))} if attribute else {}
    problems = found(*nodes, more=more, extensions=extensions)
    assert [p.attribute for p in problems if p.code == "internal_start"] == [attribute]
    assert "internal_start" not in {p.code for p in found(*line(user("x")), extensions=INTERNAL)}


@pytest.mark.parametrize("code", WARNINGS)
def test_warnings_let_the_deployment_pass(code: str):
    problems = found(*WARNINGS[code])
    assert code in {problem.code for problem in problems}
    assert [p for p in problems if p.severity == "error"] == []


class TestVariables:
    START = '<saraban:start form="f"/>'
    FORM = {"f.form.json": b"{}"}

    def names(self, *nodes: str, extensions: str = "") -> set[str]:
        problems = found(*nodes, more=self.FORM, extensions=extensions)
        return {p.message.split("“")[1].split("”")[0]
                for p in problems if p.code == "unknown_variable"}  # fmt: skip

    def test_all_sources_are_known(self):
        gate = (xor("g", "g-e"), path("s", "g", "e"), flow("g", "e", when="amount > n", id_="x"))
        assert self.names(*gate, extensions=self.START) == {"n"}

    def test_what_forms_scripts_results_and_loops_set_is_known(self):
        nodes = (
            script("a", "{k: 1}"), service("b", "test.do", into="r"),
            user("c", each("=[1]", "one"),
                 extensions='<saraban:form key="f"/>' + outcomes("x")),
            xor("g", "g-e"), path("s", "a", "b", "c", "g", "e"),
            flow("g", "e", when="k + r.n + one + title = outcome", id_="x"),
        )  # fmt: skip
        assert self.names(*nodes, extensions=self.START) == set()

    def test_where_variables_may_come_from_outside_only_typing_errors_are_named(self):
        gate = (xor("g", "g-e"), path("s", "a", "g", "e"),
                flow("g", "e", when="amuont > other", id_="x"),
                user("a", extensions='<saraban:form key="f"/>'))  # fmt: skip
        assert self.names(*gate) == {"amuont"}

    def test_variables_that_are_simply_named_are_looked_at_too(self):
        asked = user("a", each("reviwers", "one"), extensions=assigned("field", "chekcer"))
        nodes = (script("k", "{reviewers: [1], checker: title}"), asked, path("s", "k", "a", "e"))
        assert self.names(*nodes, extensions=self.START) == {"reviwers", "chekcer"}
        right = nodes[1].replace("reviwers", "reviewers").replace("chekcer", "checker")
        assert self.names(nodes[0], right, nodes[2], extensions=self.START) == set()

    def test_two_branches_that_set_one_variable(self):
        nodes = (both("f"), script("a", "{n: 1}"), script("b", "{n: 2}"), script("c", "{m: 1}"),
                 both("j"), script("z", "{n: 3}"), path("s", "f", "a", "j", "z", "e"),
                 path("f", "b", "j"), path("f", "c", "j"))  # fmt: skip
        shared = [p for p in found(*nodes) if p.code == "shared_variable"]
        assert [(p.element, p.severity) for p in shared] == [("f", "warning")]
        assert "“n”" in shared[0].message


class TestHiding:
    START = '<saraban:start form="f"/>'
    WITH_FORM = '<saraban:form key="f"/>'
    TITLE = '<saraban:title value="title + 1"/>'

    def told(self, variable: str, of_process: str, of_task: str = "") -> dict[str, str]:
        hide = f'<saraban:hide variable="{variable}"/>'
        asked = user("x", extensions=of_task + hide)
        problems = found(script("k", "{made: 1}"), asked, path("s", "k", "x", "e"),
                         more={"f.form.json": b"{}"}, extensions=of_process)  # fmt: skip
        return {p.code: p.message for p in problems if p.code.startswith("hide")}

    def test_what_something_sets_can_be_hidden(self):
        assert self.told("amount", self.START) == self.told("made", self.START) == {}

    def test_what_nothing_sets_hides_nothing(self):
        assert "“other”" in self.told("other", self.START, self.WITH_FORM)["hide_unknown"]
        assert "Is “amount” meant?" in self.told("amuont", self.START)["hide_unknown"]

    def test_where_variables_may_come_from_outside_only_typing_errors_are_named(self):
        assert self.told("other", "") == {}
        assert "Is “made” meant?" in self.told("maade", "")["hide_unknown"]

    def test_nothing_at_hand_shows_it_all_the_same(self):
        in_form = self.told("amount", self.START, self.WITH_FORM)
        assert "its form “f” has it as a field" in in_form["hide_shown"]
        titled = self.told("title", self.START + self.TITLE)
        assert "the title of the case reads it" in titled["hide_shown"]
        assert self.told("amount", self.START + self.TITLE) == {}


class TestDeployments:
    def codes(self, files: dict[str, bytes], **given: object) -> set[str]:
        options = {"actions": {}, "forms": NoForms(), **given}
        return {p.code for p in runtime.check(files, **options) if p.severity == "error"}

    def test_nothing(self):
        assert self.codes({}) == {"nothing_deployed"}

    def test_unknown_files(self):
        model = bpmn(process("p", *HEAD, path("s", "e")))
        assert self.codes({"m.bpmn": model, "../x.py": b""}) == {"unknown_file"}

    def test_a_process_twice(self):
        model = bpmn(process("p", *HEAD, path("s", "e")))
        assert self.codes({"a.bpmn": model, "b.bpmn": model}) == {"duplicate_process"}

    def test_nothing_executable(self):
        model = bpmn(process("p", *HEAD, path("s", "e")).replace('"true"', '"false"'))
        assert self.codes({"m.bpmn": model}) == {"not_executable"}

    def test_a_form_that_is_wrong(self):
        class Strict(NoForms):
            def check(self, name, source):
                return [("/components/0", "Expected a key.", "Add it.")]

        model = bpmn(process("p", *HEAD, path("s", "e")))
        files = {"m.bpmn": model, "f.form.json": b"{}"}
        (problem,) = runtime.check(files, actions={}, forms=Strict())
        assert (problem.file, problem.attribute, problem.code) == (
            "f.form.json", "/components/0", "form",
        )  # fmt: skip

    def test_what_nobody_executes_is_only_warned_of(self):
        drawing = process("q", start("qs"), element("serviceTask", "qx"), path("qs", "qx"))
        model = bpmn(process("p", *HEAD, path("s", "e")), drawing.replace('"true"', '"false"'))
        assert self.codes({"m.bpmn": model}) == set()
        bundle = runtime.compile_bundle({"m.bpmn": model}, actions={}, forms=NoForms())
        assert list(bundle.processes) == ["p"]
        assert "action_missing" in {p.code for p in bundle.warnings}


def test_a_standard_model_deploys_and_runs_as_it_is():
    """No element of ours: warnings only."""
    model = bpmn(
        message("M"),
        process("p", *HEAD, user("a"), send("m", "M"), receive("r", "M"),
                catch("c", condition("n = 1")), path("s", "a", "m", "r", "c", "e")),
    )  # fmt: skip
    problems = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert {p.severity for p in problems} == {"warning"}


def test_problems_come_errors_first_and_in_order():
    problems = found(*ERRORS["priority"], *WARNINGS["passes_through"])
    assert [p.severity for p in problems] == sorted(p.severity for p in problems)


class TestUnheard:
    """Words that nothing would obey."""

    INPUT = '<saraban:input name="n" value="=1"/>'
    WORKING = "<bpmn:extensionElements><saraban:working/></bpmn:extensionElements>"

    @pytest.mark.parametrize(
        ("node", "what"),
        [
            (throw("x", extensions=INPUT), "saraban:input"),
            (throw("x", link("L"), extensions=INPUT), "saraban:input"),
            (element("sendTask", "x", extensions='<saraban:action name="test.do"/>' + INPUT),
             "saraban:input"),
            (element("sendTask", "x", extensions='<saraban:action name="test.do"/>',
                     messageRef="M"), "messageRef"),
            (throw("x", extensions=correlation("=n")), "saraban:correlation"),
            (catch("x", timer(duration="P1D"), extensions=correlation("=n")),
             "saraban:correlation"),
            (catch("x", timer(cycle="R3/P1D").replace("Definition>", f"Definition>{WORKING}", 1)),
             "saraban:working"),
        ],
    )  # fmt: skip
    def test_settings_out_of_place(self, node: str, what: str):
        problems = [p for p in found(*line(node)) if p.code == "extension_ignored"]
        assert [(p.element, p.attribute, p.severity) for p in problems] == [("x", what, "error")]
        assert problems[0].line > 1

    @pytest.mark.parametrize(
        "node",
        [
            throw("x", on("message", "M"), extensions=INPUT + correlation("=n")),
            send("x", "M", n="=1"),
            receive("x", "M", key="=n"),
            service("x", "test.do", a="=1"),
            catch("x", timer(duration="P1D").replace("Definition>", f"Definition>{WORKING}", 1)),
        ],
    )
    def test_settings_in_their_place(self, node: str):
        assert "extension_ignored" not in {p.code for p in found(*line(node))}

    def outcomes(self, when: str, *more: str) -> list[str]:
        asked = user("a", extensions=outcomes("yes", "no") + returns("a"))
        nodes = (asked, xor("g", "g-e"), path("s", "a", "g", "e"), flow("g", "a", when=when), *more)
        return [p.message for p in found(*nodes) if p.code == "outcome_unknown"]

    @pytest.mark.parametrize(
        "when",
        ['outcome = "No"', '"NO" != outcome', 'outcome in ("yes", "nay")',
         'n = 1 and not(outcome = "nein")'],
    )  # fmt: skip
    def test_an_outcome_that_no_task_offers(self, when: str):
        assert len(self.outcomes(when)) == 1

    def test_the_one_that_is_meant_is_named(self):
        assert "Is “yes” meant?" in self.outcomes('outcome = "yess"')[0]

    @pytest.mark.parametrize("when", ['outcome = "no"', 'outcome in ("yes", "return")', "n = 1",
                                      'other = "No"', "outcome = null"])  # fmt: skip
    def test_an_outcome_that_is_offered_or_something_else(self, when: str):
        assert self.outcomes(when) == []

    def test_a_variable_that_others_set_too_may_be_anything(self):
        assert self.outcomes('outcome = "else"', script("z", '{outcome: "else"}')) == []


class TestNames:
    """Variables that a diagram sets."""

    @pytest.mark.parametrize(
        "node",
        [
            task("x", each("who", "__one")),
            task("x", each("who", "one", collect=("=votes", "vote"))),
            task("x", each("who", "one", collect=("votes", "constructor"))),
            script("x", "1", into="__x"),
            script("x", '{"__builtins__": 1}'),
            service("x", "test.do", into="prototype"),
            call("x", "p2", outs={"": "=1"}),
            call("x", "p2", ins={"__a": "=1"}),
            user("x", extensions=outcomes("yes", variable="=v")),
        ],
    )
    def test_those_that_can_not_be_set(self, node: str):
        problems = [p for p in found(*line(node)) if p.code == "variable_name"]
        assert [(p.element, p.severity) for p in problems] == [("x", "error")]

    def test_a_second_value_for_one_name(self):
        node = element(
            "callActivity",
            "x",
            calledElement="p2",
            extensions=(
                '<saraban:output name="a" value="=1"/>\n<saraban:output name="a" value="=2"/>'
            ),
        )
        problems = [p for p in found(*line(node)) if p.code == "mapping_repeated"]
        assert [p.element for p in problems] == ["x"]


class TestReturns:
    """A return that no condition asks for would go forward."""

    def codes(self, when: str, *more: str) -> set[str]:
        nodes = (user("d"), user("a", extensions=returns("d")), xor("g", "g-e"), *more,
                 path("s", "d", "a", "g", "e"), flow("g", "d", when=when))  # fmt: skip
        return {p.code for p in found(*nodes) if p.severity == "error"}

    def test_nothing_asks(self):
        assert self.codes("n = 1") == {"return_target"}

    @pytest.mark.parametrize("when", ['outcome = "return"', 'return_to = "d"', "outcome != null"])
    def test_a_condition_asks(self, when: str):
        assert self.codes(when) == set()

    def test_a_script_asks(self):
        asking = script("z", '{n: if outcome = "return" then 1 else 0}')
        nodes = (user("d"), user("a", extensions=returns("d")), asking, xor("g", "g-e"),
                 path("s", "d", "a", "z", "g", "e"), flow("g", "d", when="n = 1"))  # fmt: skip
        assert [str(p) for p in found(*nodes) if p.severity == "error"] == []

    def test_a_performer_is_a_user_task(self):
        nodes = (script("k", "{n: 1}"), user("x", extensions=assigned("performer", "k")),
                 path("s", "k", "x", "e"))  # fmt: skip
        assert "assignment_value" in {p.code for p in found(*nodes)}


class TestWords:
    @pytest.mark.parametrize(
        "node",
        [
            boundary("b", "x", timer(duration="P1D")).replace('"x"', '"x" cancelActivity="no"'),
            event_subprocess("b", start("bs", on("message", "M"))).replace('"true"', '"yes"'),
            user("b", times("2").replace("istics>", 'istics isSequential="TRUE">', 1)),
        ],
    )
    def test_a_flag_is_true_or_false(self, node: str):
        problems = [p for p in found(*line(user("x")), node) if p.code == "unknown_value"]
        assert [(p.element, p.severity) for p in problems] == [("b", "error")]

    @pytest.mark.parametrize("flag", ["true", "false", "1", "0"])
    def test_as_the_schema_writes_it(self, flag: str):
        guard = element("boundaryEvent", "b", timer(duration="P1D"), attachedToRef="x",
                        cancelActivity=flag)  # fmt: skip
        assert "unknown_value" not in {p.code for p in found(*line(user("x")), guard)}

    @pytest.mark.parametrize("node", [catch("x", on("message", "F")), receive("x", "F")])
    def test_names_of_messages_are_not_worked_out(self, node: str):
        worked_out = element("message", "F", name="=order")
        model = bpmn(worked_out, process("p", *HEAD, *line(node)))
        problems = runtime.check({"m.bpmn": model}, actions=ACTIONS, forms=NoForms())
        assert [(p.code, p.element) for p in problems] == [("message_missing", "x")]

    def test_links_have_names(self):
        nodes = (throw("x", link("")), catch("y", link("")), path("s", "x"), path("y", "e"))
        assert [(p.code, p.element) for p in found(*nodes)] == [
            ("link_broken", "x"), ("link_broken", "y"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "node",
        [
            service("x", "test.do", a="n"),
            send("x", "M", v="n"),
            receive("x", "M", key="n"),
            call("x", "p2", outs={"m": "m"}),
        ],
    )
    def test_a_text_that_looks_like_a_variable(self, node: str):
        def codes(one: str) -> set[str]:
            nodes = (script("k", "{n: 1, m: 2}"), one, path("s", "k", "x", "e"))
            return {p.code for p in found(*nodes)}

        assert "text_or_variable" in codes(node)
        for name in ("n", "m"):
            node = node.replace(f'value="{name}"', f'value="={name}"')
            node = node.replace(f'key="{name}"', f'key="={name}"')
        assert "text_or_variable" not in codes(node)


SIGNS, ASKED = '<saraban:act kind="sign"/>', outcomes("sign", "refuse")


def signing(*ids: str) -> str:
    return "".join(user(id_, extensions=SIGNS + ASKED) for id_ in ids)


@pytest.mark.parametrize(
    ("nodes", "second"),
    [
        pytest.param((path("s", "a", "b", "e"), signing("a", "b")), ["b"], id="in turn"),
        pytest.param(
            (path("s", "f", "a", "j", "e"), path("f", "b", "j"), both("f"), both("j"),
             signing("a", "b")), ["b"], id="side by side",
        ),
        pytest.param(
            (path("s", "a", "e"), user("a", each("who", "one"), extensions=SIGNS)), ["a"],
            id="each of several",
        ),
        pytest.param(
            (path("s", "d", "x", "a", "y", "e"), flow("x", "b", when="top = true"), path("b", "e"),
             flow("y", "d", when='outcome = "refuse"'), xor("x", "x-a"), xor("y", "y-e"),
             user("d"), signing("a", "b")), [], id="one or the other",
        ),
        pytest.param((path("s", "record", "b", "e"), signing("record", "b")), [], id="minutes"),
    ],
)  # fmt: skip
def test_a_letter_is_signed_once(nodes: tuple[str, ...], second: list[str]) -> None:
    problems = [p for p in found(*nodes) if p.code == "signed_again"]
    assert [p.element for p in problems] == second
