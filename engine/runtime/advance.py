"""The verbs: each takes a stored state, moves the instance on, and answers everything it changed.

They are pure: no database, no network, no clock. An unexpected exception is a bug, and nothing
has changed; what a process does wrong (a script, a condition, a limit) is a StuckToken in the
answer, while the other tokens went on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.runtime.bundle import Bundle
from engine.runtime.codec import decode, new_root
from engine.runtime.errors import TokenGone
from engine.runtime.instance import Instance
from engine.runtime.own_names import OF_RETURN
from engine.runtime.places.events import HASTY
from engine.runtime.places.multi_instance import list_around
from engine.runtime.places.tasks import ServiceTask
from engine.runtime.result import Before, answer
from engine.runtime.tokens import Task, renew, wait
from engine.runtime.values import Advance, Scope, Surroundings, Token
from engine.runtime.variables import LOCAL, check_given

Variables = Mapping[str, Any]
Scopes = Mapping[Scope, Variables]


def start(
    bundle: Bundle,
    process_id: str,
    variables: Variables,
    around: Surroundings,
    *,
    event: str | None = None,
) -> Advance:
    """A new instance, begun at its plain start event or at the one with the id `event`."""
    woven = bundle.woven[process_id]
    instance = Instance(woven.spec, {"": check_given(variables)}, around)
    root = new_root(instance, woven.root)
    woven.root.begin(root, event)
    instance.drive()
    return answer(instance, bundle, Before())


def complete_task(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    outcome: str | None,
    around: Surroundings,
) -> Advance:
    """A person's task is done. TokenGone where the token is not an open task."""
    live = _Live(bundle, state, scopes, around)
    task = live.waiting(token, "task")
    settings = task.task_spec.node.settings
    given = dict(check_given(variables))
    if outcome is not None or settings.outcomes or settings.returns:
        # A task that can end in several ways always sets its variable: an old one, such as the
        # return of the round before, would mislead gateways.
        given.setdefault(settings.outcome_variable, None)
    if outcome is not None:
        given[settings.outcome_variable] = outcome
    live.instance.variables.assign(task, given, task.task_spec.node.id)
    if settings.returns and LOCAL in task.internal_data:
        # One of several says it for the step, which is left: an iteration's own is lost with it.
        told = {name: given[name] for name in OF_RETURN if name in given}
        live.instance.variables.assign(task.parent, told, task.task_spec.node.id)
    live.instance.schedule("run", task)
    return live.go_on(token)


def complete_job(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """Machine work is done; `variables` go to the action's result variable, or as they are."""
    live = _Live(bundle, state, scopes, around)
    task = live.waiting(token, "job")
    task.task_spec.report(task, check_given(variables))
    live.instance.schedule("run", task)
    return live.go_on(token)


def throw_error(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    error_code: str,
    message: str,
    around: Surroundings,
) -> Advance | None:
    """A job failed with a BPMN error. None where no error event catches it: raise an incident.

    The catching event's process gets the variables `error_code` and `error_message`.
    """
    live = _Live(bundle, state, scopes, around)
    task = live.waiting(token, "job")
    values = {"error_code": error_code, "error_message": message}
    if not live.instance.propagate(task, "error", error_code, values):
        return None
    return live.go_on(token)


def fire_timer(
    bundle: Bundle, state: bytes, scopes: Scopes, token: Token, around: Surroundings
) -> Advance:
    """A due timer fires. A cycle answers the next occurrence as a new SetTimer of the token."""
    live = _Live(bundle, state, scopes, around)
    task = live.waiting(token, "timer")
    task.task_spec.fire(task)
    return live.go_on(token)


def correlate(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """A message or signal reaches the subscription of this token, with its variables."""
    live = _Live(bundle, state, scopes, around)
    task = live.waiting(token, "message", "signal")
    task.task_spec.receive(task, check_given(variables))
    task.task_spec.fire(task)
    return live.go_on(token)


def retry(
    bundle: Bundle, state: bytes, scopes: Scopes, token: Token, around: Surroundings
) -> Advance:
    """Try again what a stuck token could not do; a job that failed is wanted anew."""
    live = _Live(bundle, state, scopes, around)
    live.instance.task_tree.internal_data.pop(HASTY, None)
    task = live.token(token)
    phase = task.internal_data.pop("stuck", None)
    if phase is None and isinstance(task.task_spec, ServiceTask):
        phase = "rest"
        task.task_spec.want(task)
    if phase is None:
        raise TokenGone(f"Expected token {token} to be stuck, but it is not.")
    if phase == "arrive":
        renew(task)
        live.instance.schedule(phase, task)
    elif phase == "run":
        live.instance.schedule(phase, task)
    elif phase == "look":
        wait(task)
        live.instance.variables.dirty = True
    return live.go_on(token)


def set_variables(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    scope: Scope,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """Change variables from outside; conditional events look again."""
    live = _Live(bundle, state, scopes, around)
    if scope not in live.instance.variables.scopes:
        raise TokenGone(f"Expected the scope {scope!r} to live, but it has ended.")
    for name, value in check_given(variables).items():
        live.instance.variables.set(scope, name, value, "")
    return live.go_on("")


def change_list(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    added: Sequence[Any],
    withdrawn: Sequence[Any],
    around: Surroundings,
) -> Advance:
    """The list of the innermost multi-instance around a waiting token changes while it is gone
    through: `added` come to its end, `withdrawn` leave it, whether their turn has come or not.

    Conflict where no list is gone through, an item has no turn left in it, or none would remain.
    """
    live = _Live(bundle, state, scopes, around)
    loop = list_around(live.token(token))
    for item in added:
        loop.task_spec.add(loop, item)
    for item in withdrawn:
        loop.task_spec.withdraw(loop, item)
    return live.go_on("")


#: stands in until the state has said which process it is
_NO_SPEC = BpmnProcessSpec()


def revived(bundle: Bundle, state: bytes, scopes: Scopes, around: Surroundings) -> Instance:
    """A stored instance as it was when its last advance ended."""
    instance = Instance(_NO_SPEC, scopes, around)
    decode(state, instance, bundle.places, bundle.sha256)
    return instance


class _Live:
    """A stored instance brought to life for one advance."""

    def __init__(self, bundle: Bundle, state: bytes, scopes: Scopes, around: Surroundings) -> None:
        self.bundle = bundle
        self.instance = revived(bundle, state, scopes, around)
        self.before = Before.of(self.instance)

    def token(self, token: Token) -> Task:
        try:
            task = self.instance.tasks.get(UUID(hex=token))
        except ValueError:
            task = None
        if task is None:
            raise TokenGone(f"Expected token {token} to wait, but it has gone on or ended.")
        return task

    def waiting(self, token: Token, *kinds: str) -> Task:
        task = self.token(token)
        if self.before.waiting.get(token) not in kinds:
            raise TokenGone(f"Expected token {token} to wait for {kinds[0]}, but it does not.")
        return task

    def go_on(self, acted: Token) -> Advance:
        self.instance.drive()
        return answer(self.instance, self.bundle, self.before, acted)
