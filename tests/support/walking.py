"""A test's own caller of the runtime: keeps what an engine keeps, and checks the bookkeeping.

Every advance must speak only of tokens that are known, name none twice, and leave a state that
reads back: a mistake in the runtime's bookkeeping fails here, whatever the test is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import runtime
from engine.ports import Action, JobOutput
from engine.runtime.allowance import Allowance
from engine.runtime.migration.values import RetoldTask
from engine.runtime.values import (
    Advance,
    OpenedTask,
    SetTimer,
    StuckToken,
    Subscription,
    Surroundings,
    Thrown,
    WantedJob,
)

#: A Monday morning in Bangkok.
MONDAY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


class NoForms:
    """A form port for deployments whose forms say nothing but their keys."""

    def __init__(self, keys: Mapping[str, list[str]] | None = None) -> None:
        self._keys = keys or {}

    def check(self, name: str, source: bytes) -> list[tuple[str, str, str]]:
        return []

    def keys(self, source: bytes) -> list[str]:
        return list(self._keys.get(source.decode(), []))

    def reads(self, _: bytes) -> list[str]:
        return []

    def clean(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("Expected the runtime not to fill forms.")


def an_action(name: str, *required: str, optional: tuple[str, ...] = ()) -> Action:
    inputs = frozenset(required) | frozenset(optional)
    return Action(name, lambda _: JobOutput(), inputs, frozenset(required), drawn=True)


KNOWN = (
    an_action("test.do", optional=("a", "b")),
    Action("test.own", lambda _: JobOutput(), drawn=False),
    Action("test.decided", lambda _: JobOutput(), drawn=True, route="decided"),
)
ACTIONS = {one.name: one for one in KNOWN}


def compiled(*files: bytes, **options: Any) -> runtime.Bundle:
    """Named model0.bpmn, model1.bpmn …"""
    named = {f"model{number}.bpmn": source for number, source in enumerate(files)}
    given = {"actions": ACTIONS, "forms": NoForms(), **options}
    return runtime.compile_bundle(named | given.pop("more", {}), **given)


class Walk:
    """One instance, from its start on. Names are element ids; open tasks are kept by token."""

    def __init__(
        self,
        bundle: runtime.Bundle,
        process_id: str = "p",
        variables: Mapping[str, Any] | None = None,
        event: str | None = None,
        **around: Any,
    ) -> None:
        self._know_nothing(bundle, **around)
        self.last: Advance = runtime.start(
            bundle, process_id, variables or {}, self._around, event=event
        )
        self._keep(self.last)

    def _know_nothing(self, bundle: runtime.Bundle, **around: Any) -> None:
        self.bundle = bundle
        self._around = replace(
            Surroundings(now=MONDAY, business_key="key", instance_id="one"), **around
        )
        self.tasks: dict[str, OpenedTask] = {}
        self.jobs: dict[str, WantedJob] = {}
        self.timers: dict[str, SetTimer] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.stuck: dict[str, StuckToken] = {}
        self.calls: dict[str, str] = {}
        self.thrown: list[Thrown] = []
        self.closed: list[str] = []
        self.steps: list[str] = []
        self.title: str | None = None
        self.fates: list[tuple[str, ...]] = []
        self.retold: Sequence[RetoldTask] = ()

    @property
    def around(self) -> Surroundings:
        """Each step has an allowance of its own."""
        return replace(self._around, allowance=Allowance())

    # -- what waits ---------------------------------------------------------------------------

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.tasks.values())

    @property
    def waiting(self) -> list[str]:
        rows = (*self.timers.values(), *self.subscriptions.values(), *self.jobs.values())
        return sorted(row.element_id for row in rows)

    @property
    def troubles(self) -> list[tuple[str, str]]:
        return sorted((s.cause.element_id, s.cause.code) for s in self.stuck.values())

    @property
    def done(self) -> bool:
        return self.last.status == "completed"

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.last.variables[""]

    def token(self, element_id: str, nth: int = 0) -> str:
        rows = {**self.tasks, **self.jobs, **self.timers, **self.subscriptions}
        found = [token for token, row in rows.items() if row.element_id == element_id]
        return found[nth]

    # -- verbs --------------------------------------------------------------------------------

    def complete(
        self, element_id: str, outcome: str | None = None, nth: int = 0, **variables: Any
    ) -> Walk:
        token = self.token(element_id, nth)
        del self.tasks[token]
        return self._go(runtime.complete_task, token, variables, outcome)

    def report(self, element_id: str, **variables: Any) -> Walk:
        token = self.token(element_id)
        del self.jobs[token]
        return self._go(runtime.complete_job, token, variables)

    def fail(self, element_id: str, code: str, message: str = "no") -> bool:
        token = self.token(element_id)
        advance = runtime.throw_error(*self._state, token, code, message, self.around)
        if advance is None:
            return False
        self.jobs.pop(token)
        self._keep(advance)
        return True

    def fire(self, element_id: str) -> Walk:
        token = self.token(element_id)
        self.at(max(self.around.now, self.timers[token].due_at))
        del self.timers[token]
        return self._go(runtime.fire_timer, token)

    def hear(self, element_id: str, **variables: Any) -> Walk:
        """The message or signal that this element waits for arrives."""
        return self._go(runtime.correlate, self.token(element_id), variables)

    def retry(self, element_id: str) -> Walk:
        token = next(t for t, s in self.stuck.items() if s.cause.element_id == element_id)
        return self._go(runtime.retry, token)

    def set(self, scope: str = "", **variables: Any) -> Walk:
        return self._go(runtime.set_variables, scope, variables)

    def change_list(
        self, element_id: str, nth: int = 0, add: Sequence[Any] = (), withdraw: Sequence[Any] = ()
    ) -> Walk:
        return self._go(runtime.change_list, self.token(element_id, nth), add, withdraw)

    def migrate(self, bundle: runtime.Bundle, **mapping: str) -> Walk:
        """To another version; the fates of the tokens are kept by where these stood."""
        found = self._asked(bundle, mapping)
        assert found.advance is not None, found.refused
        self.fates = [(f.element_id, f.outcome, *f.changes) for f in found.fates]
        self.retold, self.bundle = found.tasks, bundle
        self._keep(found.advance)
        return self

    def reasons(self, bundle: runtime.Bundle, **mapping: str) -> list[tuple[str, str | None]]:
        """Why it cannot go to this version."""
        found = self._asked(bundle, mapping)
        assert (found.advance is None) == bool(found.refused)
        return [(fate.element_id, fate.code) for fate in found.refused]

    def _asked(self, bundle: runtime.Bundle, mapping: Mapping[str, str]) -> runtime.Migration:
        return runtime.migrate(self.bundle, bundle, *self._state[1:], self.around, mapping)

    def at(self, now: datetime) -> Walk:
        self._around = replace(self._around, now=now)
        return self

    def later(self, **by: float) -> Walk:
        return self.at(self.around.now + timedelta(**by))

    # -- bookkeeping --------------------------------------------------------------------------

    @property
    def _state(self) -> tuple[runtime.Bundle, bytes, Mapping[str, Mapping[str, Any]]]:
        return self.bundle, self.last.state, self.last.variables

    def _go(self, verb: Any, *given: Any) -> Walk:
        self._keep(verb(*self._state, *given, self.around))
        return self

    def _lives(self, token: str) -> bool:
        return bytes.fromhex(token) in self.last.state

    def _keep(self, advance: Advance) -> None:
        self.last = advance
        for token in advance.freed:
            del self.stuck[token]
        self.stuck |= {one.token: one for one in advance.stuck}
        for one in advance.closed:
            self.closed.append(self.tasks.pop(one.token).element_id)
        for dropped, rows in (
            (advance.jobs_dropped, self.jobs),
            (advance.timers_dropped, self.timers),
            (advance.subscriptions_dropped, self.subscriptions),
        ):
            for token in dropped:
                del rows[token]  # type: ignore[attr-defined]
        self.tasks |= {one.token: one for one in advance.opened}
        self.jobs |= {one.token: one for one in advance.jobs}
        self.timers |= {one.token: one for one in advance.timers}
        self.subscriptions |= {one.token: one for one in advance.subscriptions}
        self._check_calls(advance)
        self.thrown += advance.thrown
        self.steps += [f"{step.kind} {step.element_id}" for step in advance.steps]
        self.title = advance.title
        self._check(advance)

    def _check_calls(self, advance: Advance) -> None:
        for call in advance.calls:
            self.calls[call.scope] = call.process_id
        for ended in advance.calls_ended:
            del self.calls[ended.scope]
        assert set(advance.variables) == {"", *self.calls}

    def _check(self, advance: Advance) -> None:
        rows = [*self.tasks, *self.jobs, *self.timers, *self.subscriptions, *self.stuck]
        assert len(rows) == len(set(rows)), "a token waits for two things"
        assert all(self._lives(token) for token in rows), "a row without a token"
        if advance.status == "completed":
            assert not rows, "a completed instance still waits"
