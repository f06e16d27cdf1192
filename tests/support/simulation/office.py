"""The simulated office: who may act next, one story from a seed, and the verdict on it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from support.builders import Works, make_works
from support.simulation.clients import Clients, thrown_and_heard
from support.simulation.diagrams import FILE, LETTER, ROUND, STARTED, TALK
from support.simulation.nemesis import Died, Nemesis, determined
from support.simulation.workers import Workers

from engine import jobs
from engine.bus import Bus
from engine.clock import SteppedClock
from engine.commands.incidents import RetryIncident
from engine.commands.instances import CancelInstance, StartInstance
from engine.commands.messages import SendMessage
from engine.commands.tasks import (
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    ReassignTask,
    ReturnTask,
    UnclaimTask,
)
from engine.commands.variables import SetVariables
from engine.db import make_engine
from engine.errors import Unavailable
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import IS_PENDING, job
from engine.models.taking import authority_for
from engine.models.task import IS_LIVE, task
from engine.models.waiting import message_buffer, timer

LONG_AGO = datetime.min.replace(tzinfo=UTC)
STEPS = 150
#: cases at once
MOST = 5
#: of a hundred steps, so many meet a fault
FAULTY = 35
#: before any command, so many of a hundred times somebody else acts first
CROSSED = 15
PEOPLE = ("somchai", "malee", "head", "deputy", "stranger")
#: kept messages outlive every story
TTL = timedelta(days=365)


def no_one() -> None:
    """Nobody acts between."""


@dataclass(slots=True)
class CrossedBus(Bus):
    """Before each transaction, somebody else may have one."""

    between: Callable[[], None] = no_one

    def execute(self, command: Any, actor: Any, command_id: Any = None) -> Any:
        self.between()
        return Bus.execute(self, command, actor, command_id)


@dataclass
class Office:
    works: Works
    chance: random.Random
    nemesis: Nemesis
    clients: Clients
    workers: Workers
    #: what happened, for whoever looks at a seed that failed
    story: list[str] = field(default_factory=list)
    crossed: bool = False
    #: what the clock has shown before it was set back
    latest: datetime = LONG_AGO

    # -- one step -----------------------------------------------------------------------------

    def step(self) -> None:
        acts = (*[self._person] * 9, self._start, self._start, self._send, self.workers.work,
                self.workers.work, self.workers.fall_asleep, self.workers.wake, self._fire,
                self._fire, self._sweep, self._pass_time, self._jump, self._lose_rings,
                self.clients.repeat, self._operate)  # fmt: skip
        act = self.chance.choice(acts)
        self.story.append(act.__name__)
        if self.chance.randrange(100) < FAULTY:
            self.nemesis.arm()
        act()
        self.nemesis.rest()

    def cross(self) -> None:
        """Called before each transaction."""
        if self.crossed or self.chance.randrange(100) >= CROSSED:
            return
        self.crossed = True
        try:
            self.story.append("meanwhile")
            self.chance.choice((self._person, self.workers.work, self._fire, self._sweep))()
        finally:
            self.crossed = False

    def _start(self) -> None:
        mark = self.clients.mark()
        if len(self._cases()) >= MOST:
            return
        command = StartInstance(
            self.chance.choice(STARTED), None, f"case {mark[1:-1]}", {"mark": mark}
        )
        self.clients.ask(command, self.chance.choice(PEOPLE), "instance.started")

    def _person(self) -> None:
        """Somebody does something with one of the tasks, old ones too."""
        rows = self.works.rows(task, IS_LIVE) if self.chance.random() < 0.9 else ()
        rows = rows or self.works.rows(task)
        if not rows:
            return
        row = self.chance.choice(sorted(rows, key=lambda row: row.id))
        who = row.assignee if row.assignee in PEOPLE else self._someone(row)
        verb = self.chance.choice(["complete"] * 6 + ["claim", "unclaim", "return", "delegate",
                                                      "reassign", "comment"])  # fmt: skip
        self._do(verb, row, who, self.clients.mark())

    def _someone(self, row: Any) -> str:
        """Mostly one who may."""
        able = sorted(
            name
            for name in PEOPLE
            if authority_for(self.works.actor(name), row._mapping) and name not in row.excluded
        )
        return self.chance.choice(able if able and self.chance.random() < 0.85 else PEOPLE)

    def _do(self, verb: str, row: Any, who: str, mark: str) -> None:
        ask, other = self.clients.ask, self.chance.choice(PEOPLE)
        match verb:
            case "complete":
                outcome = self.chance.choice(row.outcomes)["id"] if row.outcomes else None
                command = CompleteTask(row.id, outcome, {"mark": mark}, mark)
                ask(command, who, "task.completed")
            case "claim":
                ask(ClaimTask(row.id), who)
            case "unclaim":
                ask(UnclaimTask(row.id), who)
            case "return":
                ask(ReturnTask(row.id, "draft", mark), who, "task.returned")
            case "delegate":
                ask(DelegateTask(row.id, other, mark), who, "task.delegated")
            case "reassign":
                ask(ReassignTask(row.id, other, mark), "admin", "task.reassigned")
            case _:
                ask(CommentTask(row.id, mark), who, "task.commented")

    def _send(self) -> None:
        mark, cases = self.clients.mark(), self._cases()
        if not cases:
            return
        key = self.chance.choice(cases).business_key or "nobody"
        name = self.chance.choice(["Answer", "Recall", "Told"])
        ttl = self.chance.choice([None, TTL])
        self.clients.ask(SendMessage(name, key, {"mark": mark}, ttl), "admin", "message.correlated")

    def _operate(self) -> None:
        mark, cases = self.clients.mark(), self._cases()
        stuck = self.works.rows(incident, IS_OPEN)
        if stuck and self.chance.random() < 0.7:
            chosen = self.chance.choice(sorted(row.id for row in stuck))
            self.clients.ask(RetryIncident(chosen), "admin")
        elif cases and self.chance.random() < 0.3:
            chosen = self.chance.choice(cases).id
            self.clients.ask(CancelInstance(chosen, mark), "admin", "instance.cancelled")
        elif cases:
            chosen = self.chance.choice(cases).id
            self.clients.ask(SetVariables(chosen, {"set": mark}), "admin", "variable.set")

    def _cases(self) -> list[Any]:
        alive = self.works.rows(process_instance, IS_ALIVE, process_instance.c.scope == "")
        return sorted(alive, key=lambda row: row.id)

    # -- clocks and bells ---------------------------------------------------------------------

    def _fire(self) -> None:
        self._process(lambda: jobs.fire_due(self.works.bus))

    def _sweep(self) -> None:
        self._process(lambda: jobs.sweep(self.works.bus))

    def _process(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (Died, Unavailable):
            return

    def _pass_time(self) -> None:
        self.works.clock.advance(timedelta(seconds=self.chance.uniform(1, 7200)))

    def _jump(self) -> None:
        """The machine's clock is set: forward or back."""
        hours = self.chance.choice([-24, -1, 1, 24])
        self.latest = max(self.latest, self.works.clock.now())
        self.works.clock.advance(timedelta(hours=hours, seconds=self.chance.random()))

    def _lose_rings(self) -> None:
        self.works.bell.rung.clear()

    # -- the end ------------------------------------------------------------------------------

    def recover(self) -> None:
        """All faults are over and the clock is right: what was begun ends by itself."""
        self.nemesis.rest()
        self.crossed, self.workers.healthy = True, True
        self.works.clock.set(max(self.latest, self.works.clock.now()))
        self.clients.settle()
        for _ in range(60):
            for _ in range(20):  # a timer that fires for ever must not keep us for ever
                if not jobs.fire_due(self.works.bus):
                    break
            jobs.sweep(self.works.bus)
            self.works.work_off()
            if not self.works.rows(job, IS_PENDING):
                return
            self.works.clock.advance(timedelta(hours=1))

    def broken(self) -> Iterator[str]:
        yield from map(str, self.works.findings())
        yield from self.clients.broken()
        yield from self.workers.broken()
        yield from self._messages()
        if late := self.works.rows(timer, timer.c.due_at <= self.works.clock.now()):
            yield f"I15 timers are due, but have not fired: {late}"

    def _messages(self) -> Iterator[str]:
        """Each message that was accepted or thrown reached one, is kept, or is on its way."""
        thrown, heard = thrown_and_heard(self.works)
        kept = self.works.rows(message_buffer)
        sent, underway = self.clients.sent(), self.workers.undelivered()
        for name in ("Answer", "Recall", "Told"):
            there = heard[name] + underway[name] + sum(row.name == name for row in kept)
            if sent[name] + thrown[name] != there:
                yield f"I9 {name}: {sent[name]} sent and {thrown[name]} thrown, but {there} arrived"


def make_office(
    watched: Engine, faulty: Engine, clock: SteppedClock, chance: random.Random
) -> Office:
    """The office works through the engine `faulty`; we watch it through the other."""
    workers = Workers(chance)
    works = workers.works = make_works(watched, clock, *workers.actions())
    parts = {f.name: getattr(works.bus, f.name) for f in fields(Bus)}
    crossed = CrossedBus(**parts | {"engine": faulty})
    works.bus = crossed
    office = Office(works, chance, Nemesis(faulty, chance), Clients(works, chance), workers)
    crossed.between = office.cross
    return office


@dataclass(frozen=True)
class Verdict:
    """What a story broke; the seed tells it again."""

    seed: int
    broken: list[str]
    story: list[str]


def simulate(engine: Engine, clock: SteppedClock, seed: int, steps: int = STEPS) -> Verdict:
    """Live one story on an empty database."""
    chance = random.Random(seed)
    faulty = make_engine(engine.url.render_as_string(hide_password=False))
    office = make_office(engine, faulty, clock, chance)
    try:
        with determined(office.nemesis, chance):
            _live(office, steps)
            broken = list(office.broken())
    except Exception as bug:  # whatever it is: nobody asked for it
        broken = [f"{type(bug).__name__}: {bug}"]
    finally:
        faulty.dispose()
    return Verdict(seed, broken, office.story)


def _live(office: Office, steps: int) -> None:
    office.crossed = True
    office.works.deploy(LETTER, TALK, FILE, ROUND)
    office.crossed = False
    for _ in range(steps):
        office.step()
    office.recover()
