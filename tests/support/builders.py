"""Processes made in Python, and an engine that reads like the story it tests:
`works.deploy(bpmn(…)).start("leave", days=3).task("approve").claimed_by("boss").complete(ok=True)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

import sqlalchemy as sa
from sqlalchemy import Engine

from engine import commands, events, jobs
from engine.actor import Actor, system_actor
from engine.bus import Answer, Bus, Services
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.commands.instances import CancelInstance, StartInstance
from engine.commands.messages import SendMessage
from engine.commands.tasks import (
    CONFIRM,
    ActPerformed,
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    OpenTask,
    ReassignTask,
    ReturnTask,
    UnclaimTask,
)
from engine.db import reading
from engine.ids import new_id
from engine.models.granting import ADMINISTER, process_grant
from engine.models.history import history_event
from engine.models.instance import process_instance
from engine.models.task import task
from engine.ports import Action, Forms, JobInput, JobOutput
from engine.queries import audit
from engine.twins import CollectingBell, FixedDirectory, PermissiveForms, PlainCalendars, Seat

AGENCY = UUID(int=1)
OTHER_AGENCY = UUID(int=2)
INSTRUMENT = UUID(int=77)

#: A small office: two officers, a head with a deputy who acts for her, a director, an operator.
PEOPLE = (
    Seat("somchai", ("unit:desk", "role:officer"), superior="position:head"),
    Seat("malee", ("unit:desk", "role:officer"), superior="position:head"),
    Seat("head", ("position:head", "unit:desk"), superior="position:director"),
    Seat("deputy", ("unit:desk",), acting={"position:head": INSTRUMENT}),
    Seat("director", ("position:director",)),
    Seat("admin", rights=frozenset({"everything"})),
    Seat("stranger"),
)

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:saraban="urn:saraban:bpmn:1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 id="definitions" targetNamespace="urn:test">
"""


def bpmn(key: str, *elements: str, flows: str, title: str = "", extra: str = "") -> bytes:
    """A diagram: `flows` are "a>b" and, with a condition, "a>b[=x > 1]"; one source's flow that
    ends in "!" is its default. Spaces part them.
    """
    heading = f'<saraban:title value="{escape(title)}"/>' if title else ""
    extensions = f"<bpmn:extensionElements>{heading}</bpmn:extensionElements>" if heading else ""
    lines, defaults = [], {}
    for number, flow in enumerate(flows.split()):
        source, _, rest = flow.partition(">")
        target, _, condition = rest.partition("[")
        if target.endswith("!"):
            target = target[:-1]
            defaults[source] = f"f{number}"
        inner = condition.rstrip("]").replace("~", " ")
        body = f"<bpmn:conditionExpression>{escape(inner)}</bpmn:conditionExpression>"
        lines.append(
            f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">'
            f"{body if inner else ''}</bpmn:sequenceFlow>"
        )
    named = " ".join(elements)
    for source, flow_id in defaults.items():
        named = named.replace(f'id="{source}"', f'id="{source}" default="{flow_id}"')
    return (
        f'{_HEAD}{extra}<bpmn:process id="{key}" name="{key}" isExecutable="true">{extensions}'
        f'<bpmn:startEvent id="start"/>{named}<bpmn:endEvent id="end"/>{"".join(lines)}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def user(id_: str, *extensions: str, name: str = "", inner: str = "") -> str:
    """A person's task. `extensions` are made by the functions below."""
    saraban = f"<bpmn:extensionElements>{''.join(extensions)}</bpmn:extensionElements>"
    return (
        f'<bpmn:userTask id="{id_}" name={quoteattr(name or id_)}>'
        f"{saraban if extensions else ''}{inner}</bpmn:userTask>"
    )


def assigned(kind: str, value: str = "") -> str:
    return f'<saraban:assignment kind="{kind}" value={quoteattr(value)}/>'


def excluding(kind: str, value: str = "") -> str:
    return f'<saraban:exclude kind="{kind}" value={quoteattr(value)}/>'


def outcomes(*ids: str, reason_for: Sequence[str] = ()) -> str:
    inner = "".join(
        f'<saraban:outcome id="{id_}" name="{id_}" nameEn="{id_}"'
        f' reasonRequired="{str(id_ in reason_for).lower()}"/>'
        for id_ in ids
    )
    return f"<saraban:outcomes>{inner}</saraban:outcomes>"


def extension(tag: str, **attributes: str) -> str:
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<saraban:{tag}{given}/>"


def gateway(id_: str, kind: str = "exclusive") -> str:
    return f'<bpmn:{kind}Gateway id="{id_}"/>'


def service(id_: str, action: str, result: str = "", **inputs: str) -> str:
    given = "".join(extension("input", name=name, value=value) for name, value in inputs.items())
    variable = f' resultVariable="{result}"' if result else ""
    return (
        f'<bpmn:serviceTask id="{id_}" name="{id_}"><bpmn:extensionElements>'
        f'<saraban:action name="{action}"{variable}>{given}</saraban:action>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def script(id_: str, feel: str) -> str:
    return (
        f'<bpmn:scriptTask id="{id_}" name="{id_}" scriptFormat="feel">'
        f"<bpmn:script>{escape(feel)}</bpmn:script></bpmn:scriptTask>"
    )


ROUTE = bpmn("route", user("draft"), user("review"), flows="start>draft draft>review review>end")


@dataclass(slots=True)
class Heard:
    """Collects what listeners are told."""

    events: list[Any] = field(default_factory=list)

    def __call__(self, happened: Any, _ctx: Any) -> None:
        self.events.append(happened)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass(slots=True)
class Works:
    """The engine with its twins: everything happens when the test says so."""

    engine: Engine
    clock: SteppedClock
    bus: Bus
    bell: CollectingBell
    heard: Heard
    people: FixedDirectory

    def actor(self, who: str | Actor, agency: UUID = AGENCY) -> Actor:
        if isinstance(who, Actor):
            return who
        return system_actor(agency) if who == "system" else self.people.actor(agency, who)

    def run(
        self, command: Any, who: str | Actor = "admin", command_id: UUID | None = None
    ) -> Answer:
        return self.bus.execute(command, self.actor(who), command_id)

    def deploy(self, *diagrams: bytes, **files: bytes) -> Works:
        named = {f"d{number}.bpmn": content for number, content in enumerate(diagrams)}
        named |= {name.replace("__", "."): content for name, content in files.items()}
        self.run(Deploy(named))
        return self

    def start(
        self, key: str = "route", who: str | Actor = "somchai", business_key: str | None = None,
        **variables: Any,
    ) -> Case:  # fmt: skip
        answer = self.run(StartInstance(key, None, business_key, variables), who)
        return Case(self, UUID(answer["id"]), answer)

    def work_off(self, rounds: int = 50) -> int:
        """Run every job that was rung for, and those that follow from them."""
        done = 0
        for _ in range(rounds):
            rung, self.bell.rung = self.bell.rung, []
            if not rung:
                return done
            done += sum(jobs.run_job(self.bus, job_id) for job_id in rung)
        raise AssertionError("jobs follow from jobs without end")

    def tick(self, **by: float) -> int:
        """Let time pass, then fire what is due."""
        self.clock.advance(timedelta(**by))
        return jobs.fire_due(self.bus)

    def administers(self, who: str | Actor, *processes: str) -> None:
        """Grant somebody the cases of these processes."""
        actor = self.actor(who) if isinstance(who, str) else who
        rows = [
            {
                "id": new_id(), "agency_id": actor.agency_id, "process": process,
                "matter": ADMINISTER, "principal": f"person:{actor.username}", "given_by": "boss",
                "given_at": self.clock.now(),
            }
            for process in processes
        ]  # fmt: skip
        with self.engine.begin() as db:
            db.execute(process_grant.insert(), rows)

    def send(self, name: str, key: str, who: str = "admin", **more: Any) -> Answer:
        return self.run(SendMessage(name, key, **more), who)

    def findings(self) -> list[audit.Finding]:
        with reading(self.engine) as db:
            return list(audit.findings(db))

    def rows(self, table: sa.Table, *where: Any) -> Sequence[Any]:
        with reading(self.engine) as db:
            return db.execute(sa.select(table).where(*where)).all()


@dataclass(slots=True)
class Case:
    """One instance."""

    works: Works
    id: UUID
    answer: Answer

    def task(self, element: str) -> TaskHandle:
        """The newest task of this element."""
        found = self.works.rows(task, task.c.root_id == self.id, task.c.element_id == element)
        assert found, f"no task {element}: {self.history}"
        newest = max(found, key=lambda row: row.id)
        return TaskHandle(self, newest.id, newest.assignee or "somchai")

    def open(self) -> list[str]:
        """Element ids of the live tasks."""
        rows = self.works.rows(
            task, task.c.root_id == self.id, task.c.state.in_(["open", "claimed"])
        )
        return sorted(row.element_id for row in rows)

    @property
    def row(self) -> Any:
        return self.works.rows(process_instance, process_instance.c.id == self.id)[0]

    @property
    def status(self) -> str:
        return str(self.row.status)

    @property
    def variables(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.row.variables
        return found

    @property
    def events(self) -> list[Any]:
        rows = self.works.rows(history_event, history_event.c.root_id == self.id)
        return sorted(rows, key=lambda row: row.seq)

    @property
    def history(self) -> list[str]:
        """Names of the events, without those that only trace tokens and variables."""
        quiet = {"token.moved", "variable.set"}
        return [row.type for row in self.events if row.type not in quiet]

    def cancel(self, who: str = "admin", reason: str = "no longer needed") -> Answer:
        return self.works.run(CancelInstance(self.id, reason), who)


@dataclass(frozen=True, slots=True)
class TaskHandle:
    """One task, acted on by `who`."""

    case: Case
    id: UUID
    who: str | Actor = "somchai"

    @property
    def row(self) -> Any:
        return self.case.works.rows(task, task.c.id == self.id)[0]

    def by(self, who: str | Actor) -> TaskHandle:
        return replace(self, who=who)

    def claimed_by(self, who: str | Actor) -> TaskHandle:
        self._run(ClaimTask(self.id), who)
        return self.by(who)

    def complete(
        self, outcome: str | None = None, comment: str | None = None, **variables: Any
    ) -> Answer:
        # who they are has been proved, where the step demands it
        proved = ActPerformed(CONFIRM, "otp") if self.row.act == CONFIRM else None
        return self._run(CompleteTask(self.id, outcome, variables, comment, proved))

    def unclaim(self) -> Answer:
        return self._run(UnclaimTask(self.id))

    def delegate(self, to: str, reason: str = "away") -> Answer:
        return self._run(DelegateTask(self.id, to, reason))

    def reassign(self, to: str, reason: str = "fits better") -> Answer:
        return self._run(ReassignTask(self.id, to, reason))

    def send_back(self, to: str, reason: str = "not yet", resume: str = "rerun") -> Answer:
        return self._run(ReturnTask(self.id, to, reason, resume))

    def comment(self, words: str) -> Answer:
        return self._run(CommentTask(self.id, words))

    def look(self) -> Answer:
        return self._run(OpenTask(self.id))

    def _run(self, command: Any, who: str | Actor | None = None) -> Answer:
        return self.case.works.run(command, who or self.who)


def echo(given: JobInput) -> JobOutput:
    """An action that answers its inputs."""
    return JobOutput(variables=dict(given.payload))


def make_works(
    engine: Engine,
    clock: SteppedClock,
    *actions: Action,
    people: Sequence[Seat] = PEOPLE,
    forms: Forms | None = None,
) -> Works:
    directory, bell, heard = FixedDirectory(*people), CollectingBell(), Heard()
    own = [*jobs.actions(), *jobs.migration_actions(lambda: bus)]
    known = [Action("test.echo", echo, frozenset({"text"}), drawn=True), *own, *actions]
    services = Services(
        clock=clock,
        directory=directory,
        calendars=PlainCalendars(),
        forms=forms or PermissiveForms(),
        actions={action.name: action for action in known},
    )
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type)]
    listeners = {kind: [heard] for kind in kinds if kind.__module__ == events.__name__}
    bus = Bus(engine, services, bell, commands.HANDLERS, listeners)
    return Works(engine, clock, bus, bell, heard, directory)
