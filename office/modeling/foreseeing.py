"""What each step of a play would come to today: who gets it, and what would go wrong.

The same is told as of cards that are tried (`office.foreseen`), from what the diagram says of each
element: its people and who may not, look-ups before it, lists, deadlines, timers, proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from engine.actor import Principal
from engine.commands.turn.deadlines import due_at
from engine.models.task import ACKNOWLEDGE, RETURN
from engine.runtime import Foresight, Listed, Surroundings, outline
from engine.runtime.values import AssignmentRule, OpenedTask, SetTimer, WantedJob
from office.chains.asking import Finder, named_by
from office.chains.asking import looked_up as looked_up_by
from office.chains.looking import StoredLook
from office.chains.model import FIND, GO_PAST, refuses
from office.documents.rules import OPEN_TO_RIGHTS
from office.foreseen import judging
from office.foreseen.judging import Judge, SoFar
from office.foreseen.values import Asked, Policy, Warned
from office.modeling import playing
from office.modeling.candidates import Today
from office.modeling.cases import Case
from office.modeling.lineage import Come, Lineage
from office.modeling.stopping import Stopping
from office.modeling.testing import Laboratory, Run, Turn

Found: TypeAlias = Mapping[str, Sequence[Principal]] | None


class House(judging.Look, Protocol):
    """What is asked of the organisation, of one moment."""

    @property
    def finder(self) -> Finder: ...

    def of_rule(self, rule: AssignmentRule, starter: str) -> Iterable[Principal]: ...

    def due(self, task: OpenedTask, begun: datetime) -> datetime | None: ...

    def day(self, moment: datetime) -> date: ...


@dataclass
class StoredHouse(StoredLook):
    """From the office's tables."""

    @cached_property
    def finder(self) -> Finder:
        return Finder(self.db, self.agency_id, self.at, self.directory)

    def of_rule(self, rule: AssignmentRule, starter: str) -> Iterable[Principal]:
        """Those whom a rule names that asks for no performer."""
        today = Today(self.db, self.agency_id, self.directory, self.at, starter)
        return today.of_rule(rule)

    def due(self, task: OpenedTask, begun: datetime) -> datetime | None:
        """When its time is up, if it begins at this moment."""
        return due_at(task, begun, self.calendars.working_time(self.db, self.agency_id))


@dataclass(frozen=True, slots=True)
class Met:
    """An element to which the play came. `tokens` wait or waited there for it; `principals` are
    those who are asked, `able` who can do it, `away` those of them on leave; `by`: when its time
    is up, if each step before took all of its own; `found`: what a look-up of people reports today,
    None where it would fail, or it is something else.
    """

    element: str
    process: str
    name: str = ""
    tokens: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    by: datetime | None = None
    found: Found = None

    @property
    def asks(self) -> bool:
        """Whether people are asked there."""
        return bool(self.principals)


@dataclass(slots=True)
class _Group:
    """Tasks that are asked for together, and where on the way that is told."""

    at: int
    asked: Asked
    able: tuple[str, ...]
    scope: str
    come: Come
    by: datetime | None


@dataclass(slots=True)
class Foreseeing:
    """Of one play, for a case of this starter and a letter of this degree (`secrecy`)."""

    run: Run
    house: House
    starter: str
    secrecy: int = OPEN_TO_RIGHTS
    met: list[Met] = field(default_factory=list)
    _foresight: Foresight = field(init=False)
    _sofar: SoFar = field(init=False)
    _lineage: Lineage = field(init=False)
    #: by scope: the process that runs there, and who could have done its steps
    _process: dict[str, str] = field(default_factory=dict)
    _did: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _groups: dict[str, _Group] = field(default_factory=dict)
    #: elements that were done, of this round
    _left: set[tuple[str, str]] = field(default_factory=set)
    #: what rings at a token, at the latest
    _rings: dict[str, datetime] = field(default_factory=dict)
    #: look-ups that go on because it is the starter's own, by token
    _own: set[str] = field(default_factory=set)
    _known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lab = self.run.lab
        self._foresight = Foresight(lab.bundle)
        self._sofar = SoFar(self.starter)
        self._process[""] = lab.process_id
        flows = {
            (process, flow.id): flow
            for process in lab.bundle.woven
            for flow in outline(lab.bundle, process).flows
        }
        self._lineage = Lineage(flows, self._kind)

    def way(self) -> list[Met]:
        """Everything that was met, in order."""
        for turn in self.run.turns:
            self._turn(turn)
        return self.met

    # -- one turn ---------------------------------------------------------------------------

    def _turn(self, turn: Turn) -> None:
        advance = turn.advance
        come = self._done(turn)
        self._process |= {one.scope: one.process_id for one in advance.calls}
        self._known = advance.variables
        if not turn.token:
            self._start(turn)
        for step in advance.steps:
            self._again(step.kind, (step.scope, step.element_id))
        reached = self._lineage.onward(come, advance.steps, lambda one: self._process.get(one, ""))
        for job in advance.jobs:
            self._lineage.tokens[job.token] = reached(job.scope, job.element_id)
            self._job(job, turn)
        opened: dict[tuple[str, str], _Group] = {}
        for task in advance.opened:
            self._opened(task, reached(task.scope, task.element_id), opened)
        for timer in advance.timers:
            self._timer(timer, reached)
        for one in advance.subscriptions:
            self._lineage.tokens[one.token] = reached("", one.element_id)
        for stuck in advance.stuck:
            self._stopped(stuck.scope, stuck.cause)

    def _done(self, turn: Turn) -> Come:
        """When it was done at the latest, and by whom."""
        begun = Come(self.run.lab.now, self.starter)
        come = self._lineage.tokens.pop(turn.token, begun)
        group = self._groups.get(turn.token)
        if group is None or turn.task is None:
            return replace(come, at=self._rings.pop(turn.token, come.at))
        self._sofar.before = come.before
        if group.asked.decides and turn.outcome != RETURN:
            self._judge(group.scope).answered(
                replace(group.asked, says=turn.outcome), group.able, entered=turn.entered
            )
        at = group.by if group.by is not None and group.asked.decides else come.at
        return Come(max(come.at, at), self._sofar.before)

    def _again(self, kind: str, place: tuple[str, str]) -> None:
        """As the engine reads its history: work that comes back begins another round."""
        if kind == "completed":
            self._left.add(place)
        elif kind == "entered" and place in self._left:
            self._left.clear()
            self._sofar.anew()

    def _start(self, turn: Turn) -> None:
        info = self.run.lab.bundle.processes[self.run.lab.process_id]
        told = tuple(self._judge("").started(info.id, info.start_role or ""))
        first = next((one for one in turn.advance.steps if one.kind == "entered"), None)
        if told and first is not None:
            self.met.append(
                Met(first.element_id, info.id, self._called("", first.element_id), warnings=told)
            )

    # -- what a judgement needs -------------------------------------------------------------

    def _judge(self, scope: str) -> Judge:
        self._sofar.did = self._did.setdefault(scope, {})
        return Judge(self.house, self._sofar, lambda step: self._called(scope, step), self.secrecy)

    def _called(self, scope: str, element: str) -> str:
        node = self._foresight.node(self._process.get(scope, ""), element)
        return "" if node is None else node.name or node.id

    def _at(self, scope: str, element: str, **told: Any) -> Met:
        return Met(element, self._process.get(scope, ""), self._called(scope, element), **told)

    def _kind(self, scope: str, element: str) -> str:
        node = self._foresight.node(self._process.get(scope, ""), element)
        return "" if node is None else node.type

    def _around(self) -> Surroundings:
        return self.run.around()

    def _variables(self, scope: str) -> Mapping[str, Any]:
        return self._known.get(scope, {})

    # -- tasks of people --------------------------------------------------------------------

    def _opened(self, task: OpenedTask, come: Come, opened: dict[tuple[str, str], _Group]) -> None:
        self._lineage.tokens[task.token] = come
        place, process = (task.scope, task.element_id), self._process.get(task.scope, "")
        known = self._variables(task.scope)
        listed = self._foresight.listed(process, task, known, self._around())
        group = self._of_list(task, opened.get(place)) if listed else None
        if group is None:
            group = self._asked(task, listed, come)
            opened[place] = group
        found = self.met[group.at]
        self._groups[task.token] = replace(group, come=come)
        self.met[group.at] = replace(found, tokens=(*found.tokens, task.token))

    def _of_list(self, task: OpenedTask, now: _Group | None) -> _Group | None:
        """Those with whom it is asked for: at the same time, or before it in the list."""
        if now is not None or task.local.get("loopCounter", 1) == 1:
            return now
        same = [
            one
            for one in self._groups.values()
            if (one.scope, one.asked.step) == (task.scope, task.element_id)
        ]
        return same[-1] if same else None

    def _asked(self, task: OpenedTask, listed: Listed | None, come: Come) -> _Group:
        self._sofar.before = come.before
        judge, policy = self._judge(task.scope), self._policy(task, listed)
        principals = tuple(dict.fromkeys(self._named(task, listed)))
        chosen = judge.chosen(principals, policy)
        asked = self._facts(task, listed, chosen.principals, policy)
        by = self.house.due(task, come.at)
        late = self._overdue(task, come, by)
        found = judge.reached(asked, chosen.warnings)
        if asked.decides:
            self._sofar.did[task.element_id] = found.able
        self.met.append(
            Met(
                task.element_id, self._process.get(task.scope, ""), task.name, (), asked.principals,
                found.able, found.away, (*found.warnings, *late), by,
            )
        )  # fmt: skip
        return _Group(len(self.met) - 1, asked, found.able, task.scope, come, by)

    def _named(self, task: OpenedTask, listed: Listed | None) -> Iterator[Principal]:
        rules = [rule for one in listed.rules for rule in one] if listed else task.assignments
        for rule in rules or (AssignmentRule("starter"),):
            if rule.kind == "performer":
                names = self._sofar.did.get(str(rule.value), ())
                yield from (f"person:{name}" for name in names)
            else:
                yield from self.house.of_rule(rule, self.starter)

    def _policy(self, task: OpenedTask, listed: Listed | None) -> Policy:
        kinds = [rule.kind for rule in task.excluded]
        others = [
            principal
            for rule in task.excluded
            if rule.kind not in ("starter", "performer")
            for principal in self.house.of_rule(rule, self.starter)
        ]
        return Policy(
            not_starter="starter" in kinds,
            apart=tuple(str(rule.value) for rule in task.excluded if rule.kind == "performer"),
            besides=self.house.able(others) if others else frozenset(),
            each=listed is not None and self._each(task.scope, task.element_id, task.outcomes),
        )

    def _each(self, scope: str, element: str, outcomes: Sequence[Any]) -> bool:
        return self._foresight.asks_each(
            self._process.get(scope, ""), element, self._variables(scope), self._around(),
            _yes(outcomes),
        )  # fmt: skip

    def _facts(
        self,
        task: OpenedTask,
        listed: Listed | None,
        principals: tuple[Principal, ...],
        policy: Policy,
    ) -> Asked:
        yes = _yes(task.outcomes)

        def enough(answers: int) -> bool:
            return listed is not None and listed.enough(answers, yes)

        rules = task.assignments or (AssignmentRule("starter"),)
        return Asked(
            task.element_id,
            principals,
            frozenset(self._sofar.barred(policy)),
            policy.apart,
            several=listed is not None,
            each=policy.each,
            enough=enough,
            decides=[one.id for one in task.outcomes] != [ACKNOWLEDGE] and task.act != ACKNOWLEDGE,
            of_starter=all(one.kind == "starter" for one in rules)
            or self._looks_up(task) == "starter",
            skip_same=task.skip_same_person and task.act is None,
            proof=task.act == "confirm",
            says=yes,
            first=task.outcomes[0].id if task.outcomes else "",
        )

    def _looks_up(self, task: OpenedTask) -> str:
        """The kind of people that a look-up before it asks for."""
        process = self._process.get(task.scope, "")
        for node in self._foresight.nodes(process):
            call = node.settings.action
            if call is None or call.name != FIND or not call.result:
                continue
            if self._foresight.uses(process, task.element_id, call.result):
                return next((one.value.text for one in call.inputs if one.name == "kind"), "")
        return ""

    def _overdue(self, task: OpenedTask, come: Come, by: datetime | None) -> Iterator[Warned]:
        if isinstance(task.due, datetime) and by is not None:
            yield from self._past("due_past", by, come.at)

    def _past(self, code: str, due: datetime, begun: datetime) -> Iterator[Warned]:
        if due <= begun:
            told = code if due <= self.run.lab.now else f"{code}_by_then"
            yield Warned(told, self.house.day(due).isoformat())

    # -- look-ups, timers, what is stuck ----------------------------------------------------

    def _job(self, job: WantedJob, turn: Turn) -> None:
        process = self._process.get(job.scope, "")
        met = Met(job.element_id, process, job.name, (job.token,))
        if job.action == FIND:
            answer, told = self._look_up(job)
            met = replace(met, warnings=tuple(told), found=answer)
        elif job.action == GO_PAST and turn.token not in self._own:
            met = replace(met, warnings=(Warned("passed"),))
        self.met.append(met)

    def _look_up(self, job: WantedJob) -> tuple[Found, list[Warned]]:
        given, judge, finder = job.inputs, self._judge(job.scope), self.house.finder

        def performers(steps: Sequence[str]) -> list[str]:
            return sorted(self._sofar.sure(steps))

        answer = looked_up_by(finder, given, self.starter, performers)
        named = tuple(named_by(finder, given, self.starter, performers))
        if given.get("kind") == "performer":
            names = self._sofar.did.get(str(given.get("of")), ())
            named = tuple(f"person:{name}" for name in names)
        chosen = judge.chosen(named, self._of_look_up(job))
        told = [one for one in chosen.warnings if self._leaves_out(one, answer)]
        if any(one.code == "own_passed" for one in told):
            self._own.add(job.token)
        if self._found_nobody(job):
            told.insert(0, Warned("handed"))
        if answer is None and chosen.over != "stuck" and given.get("kind") != "performer":
            told.insert(0, Warned("nobody"))
        return answer, told

    def _leaves_out(self, warned: Warned, answer: Mapping[str, Sequence[Principal]] | None) -> bool:
        """Those who are asked all the same are told of where they are asked."""
        if warned.code != "left_out":
            return True
        asked = set(answer["people"]) if answer is not None else set()
        return not set(warned.detail.split(", ")) <= asked

    def _of_look_up(self, job: WantedJob) -> Policy:
        given, process = job.inputs, self._process.get(job.scope, "")
        node = self._foresight.node(process, job.element_id)
        result = node.settings.action.result if node and node.settings.action else None
        each = any(
            self._each(job.scope, one.id, one.settings.outcomes)
            for one in self._foresight.nodes(process)
            if result and one.type == "userTask"
            and self._foresight.uses(process, one.id, result)
        )  # fmt: skip
        return Policy(
            not_starter=given.get("not_starter") in ("true", True),
            apart=tuple(_texts(given.get("not_those"))),
            each=each,
            if_nobody="hand" if given.get("instead") else "stop",
            instead=tuple(_texts(given.get("instead"))),
            if_starter=str(given.get("if_starter") or "same"),
            instead_of_starter=tuple(_texts(given.get("instead_of_starter"))),
        )

    def _found_nobody(self, job: WantedJob) -> bool:
        """Whether it looks for others, as those before were nobody."""
        node = self._foresight.node(self._process.get(job.scope, ""), job.element_id)
        result = node.settings.action.result if node and node.settings.action else None
        before = self._variables(job.scope).get(result or "")
        return isinstance(before, Mapping) and not before.get("people", ("",))

    def _timer(self, timer: SetTimer, reached: Any) -> None:
        scope = next(
            (one for one, process in self._process.items()
             if self._foresight.node(process, timer.element_id) is not None), ""
        )  # fmt: skip
        process, come = self._process[scope], reached(scope, timer.element_id)
        known, around = self._variables(scope), self._around()
        ringing = self._foresight.ringing(process, timer, known, around, come.at)
        self._lineage.tokens[timer.token] = come
        if ringing is None:
            return
        self._rings[timer.token] = max(come.at, ringing.due)
        code = "past" if ringing.host is None else "due_past"
        told = tuple(self._past(code, ringing.due, come.at)) if ringing.fixed else ()
        by = None if ringing.fixed else ringing.due
        element = ringing.host or timer.element_id
        if ringing.host is None or told:
            self.met.append(
                Met(
                    element,
                    process,
                    self._called(scope, element),
                    (timer.token,),
                    warnings=told,
                    by=by,
                )
            )

    def _stopped(self, scope: str, cause: Any) -> None:
        process = self._process.get(scope, "")
        stopping = Stopping(self.run.lab.bundle, self._foresight, process)
        told = stopping.told(cause)
        if told is not None:
            self.met.append(
                Met(
                    cause.element_id,
                    process,
                    self._called(scope, cause.element_id),
                    warnings=(told,),
                )
            )


def foreseen(
    run: Run | None, house: House, starter: str, secrecy: int = OPEN_TO_RIGHTS
) -> list[Met]:
    """Of everything that the run has come to, in order; nothing where it did not even begin."""
    return [] if run is None else Foreseeing(run, house, starter, secrecy).way()


def looked_up(met: Sequence[Met], job: WantedJob | None) -> Found:
    """What a look-up that waits reports today; None where it would fail, or it is none."""
    if job is None:
        return None
    return next((one.found for one in reversed(met) if job.token in one.tokens), None)


def agreed(lab: Laboratory, case: Case, house: House, secrecy: int = OPEN_TO_RIGHTS) -> Case:
    """The play gone on as far as it goes if everybody agrees, those found who are found today."""

    def find(run: Run, job: WantedJob) -> Found:
        return looked_up(foreseen(run, house, case.starter, secrecy), job)

    return playing.agreed(lab, case, find)


def _yes(outcomes: Sequence[Any]) -> str:
    """What is answered by whoever agrees."""
    return next((one.id for one in outcomes if not refuses(one.id)), "")


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    return [one for one in listed if isinstance(one, str) and one]
