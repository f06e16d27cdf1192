"""Activities that are one piece of work: a person's, a machine's, a script's, a decision's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.decisions import Decide, decided
from engine.runtime.diagram import ActionCall, DecisionCall, Node
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.places.opening import TaskForms
from engine.runtime.places.place import Place
from engine.runtime.tokens import Task, begin
from engine.runtime.values import Surroundings, WantedJob

#: what a job reported, until the outputs are worked out
_REPORT = "report"


class Activity(Place):
    """Work that takes time: its boundary events live as long as it does."""

    def guard(self, token: Task) -> None:
        for place in self.guards:
            token.workflow.schedule("arrive", token.workflow.spawn(place, token))


class PassThrough(Place):
    """Abstract and manual tasks, plain events: the standard completes them on arrival."""


class UserTask(Activity):
    manual = True
    waits_for = "task"

    def __init__(self, spec: Any, name: str, node: Node, forms: TaskForms) -> None:
        super().__init__(spec, name, node)
        self.manual = True
        self.forms = forms

    def arrive(self, token: Task) -> bool:
        instance = token.workflow
        instance.journal.opened[token.id.hex] = self.forms.open(instance, token)
        self.guard(token)
        return True


class ServiceTask(Activity):
    """An action in the outbox: the token waits until the job reports."""

    waits_for = "job"

    def __init__(
        self,
        spec: Any,
        name: str,
        node: Node,
        call: ActionCall,
        inputs: Mapping[str, Formula],
        outputs: Mapping[str, Formula],
    ) -> None:
        super().__init__(spec, name, node)
        self.call = call
        self.values_in = inputs
        self.values_out = outputs

    def arrive(self, token: Task) -> bool:
        self.want(token)
        begin(token)
        self.guard(token)
        return False

    def want(self, token: Task) -> None:
        instance = token.workflow
        values = evaluate_all(self.values_in, instance.variables.context(token), instance.around)
        instance.journal.jobs[token.id.hex] = WantedJob(
            token.id.hex,
            instance.variables.scope_of(token),
            self.node.id,
            self.node.name,
            self.call.name,
            values,
        )

    def report(self, token: Task, variables: Mapping[str, Any]) -> None:
        """With outputs the report is kept until they are worked out: where one cannot be, an
        operator mends the variables and tries again, and the work is not done twice.
        """
        result = self.call.result
        if self.values_out:
            token.internal_data[_REPORT] = dict(variables)
        given = {result: dict(variables)} if result else {} if self.values_out else variables
        token.workflow.variables.assign(token, given, self.node.id)

    def work(self, token: Task) -> bool:
        if _REPORT in token.internal_data:
            instance = token.workflow
            context = {**instance.variables.context(token), **token.internal_data[_REPORT]}
            values = evaluate_all(self.values_out, context, instance.around)
            del token.internal_data[_REPORT]
            instance.variables.assign(token, values, self.node.id)
        return True


class ScriptTask(Place):
    """FEEL: a context is merged into the variables, or one variable takes the result."""

    def __init__(self, spec: Any, name: str, node: Node, formula: Formula) -> None:
        super().__init__(spec, name, node)
        self.formula = formula

    def work(self, token: Task) -> bool:
        instance = token.workflow
        value = self.formula.computed(instance.variables.context(token), instance.around)
        instance.variables.assign(token, self._named(value), self.node.id)
        return True

    def _named(self, value: Any) -> Mapping[str, Any]:
        if self.node.settings.result:
            return {self.node.settings.result: value}
        if isinstance(value, Mapping):
            return value
        raise Stuck(
            "script_result",
            "Expected the script to give a context such as {total: a + b}, but it gave "
            f"{type(value).__name__}. Name a variable with <saraban:result variable=…/>.",
        )


class DecisionTask(Place):
    """A business rule task: one decision of the deployment's models."""

    def __init__(
        self, spec: Any, name: str, node: Node, call: DecisionCall, decide: Decide
    ) -> None:
        super().__init__(spec, name, node)
        self.call = call
        self.decide = decide

    def work(self, token: Task) -> bool:
        instance, call = token.workflow, self.call
        context = instance.variables.context(token)
        value = decided(self.decide, call.ref, context, instance.around)
        instance.variables.assign(token, {call.result or call.ref: value}, self.node.id)
        return True


def evaluate_all(
    formulas: Mapping[str, Formula], context: Mapping[str, Any], around: Surroundings
) -> dict[str, Any]:
    return {name: formula.computed(context, around) for name, formula in formulas.items()}
