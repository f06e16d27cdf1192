"""Who may take a task: assignment rules to candidates, exclusions to persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from engine.actor import KINDS, Principal, codes, principals_of
from engine.bus import Context
from engine.commands.turn.held import Held
from engine.commands.turn.moving import bundle_of
from engine.errors import Cause
from engine.models.task import COMPLETED, task
from engine.ports import Candidate
from engine.runtime.values import AssignmentRule, OpenedTask, Scope

_LAST_PERFORMER = (
    sa.select(task.c.completed_by)
    .where(
        task.c.agency_id == sa.bindparam("agency"),
        task.c.root_id == sa.bindparam("root"),
        task.c.element_id == sa.bindparam("element"),
        task.c.state == COMPLETED,
    )
    .order_by(task.c.id.desc())
    .limit(1)
)
_PERFORMER_WITHIN = _LAST_PERFORMER.where(task.c.instance_id == sa.bindparam("instance"))


@dataclass(frozen=True, slots=True)
class Offer:
    """`able` are the sign-in names of all who can take it now; `trouble` says what is amiss."""

    candidates: Sequence[Candidate]
    excluded: frozenset[str]
    able: frozenset[str]
    trouble: Cause | None = None


@dataclass(slots=True)
class _Wanted:
    """The principals that rules name, and complaints about those that name nobody."""

    principals: list[Principal]
    complaints: list[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may take a task and who may not, as the diagram says."""

    element_id: str
    assignments: Sequence[AssignmentRule]
    exclusions: Sequence[AssignmentRule]
    scope: Scope

    @classmethod
    def of(cls, opened: OpenedTask) -> Rules:
        return cls(opened.element_id, opened.assignments, opened.excluded, opened.scope)

    @classmethod
    def from_memo(cls, element_id: str, memo: Mapping[str, Any], scope: Scope) -> Rules:
        kept = ([AssignmentRule(*rule) for rule in memo[k]] for k in ("assignments", "excluded"))
        assignments, excluded = kept
        return cls(element_id, assignments, excluded, scope)

    def memo(self) -> dict[str, Any]:
        """Kept with an incident, so that the same can be asked again."""
        return {
            "assignments": [[rule.kind, rule.value, rule.level] for rule in self.assignments],
            "excluded": [[rule.kind, rule.value] for rule in self.exclusions],
        }


@dataclass(slots=True)
class _Holders:
    """Who holds which posts now, asked once for the tasks that open together."""

    ctx: Context
    held: Held
    found: dict[tuple[Principal, ...], frozenset[str]] = field(default_factory=dict)

    def of(self, principals: Iterable[Principal]) -> frozenset[str]:
        posts = tuple(principals)
        if posts and posts not in self.found:
            ctx, agency = self.ctx, self.held.agency_id
            self.found[posts] = ctx.services.directory.who_can_act(ctx.db, agency, posts, ctx.now)
        return self.found.get(posts, frozenset())

    def kept_out(self, able: frozenset[str]) -> frozenset[str]:
        """Those whom the secrecy of the case keeps out."""
        ctx, held = self.ctx, self.held
        if not able:
            return able
        asked = ctx.services.clearances.kept_out
        return asked(ctx.db, held.agency_id, held.business_key, able, ctx.now)


def offers(ctx: Context, held: Held, tasks: Sequence[Rules]) -> list[Offer]:
    """One offer for each task; names are looked up for all together."""
    wanted = [
        _principals(ctx, held, rules.assignments or (AssignmentRule("starter"),), rules.scope)
        for rules in tasks
    ]
    everyone = list(dict.fromkeys(p for each in wanted for p in each.principals))
    known = _known(ctx, held, everyone)
    holders = _Holders(ctx, held)
    return [_offer(holders, rules, each, known) for rules, each in zip(tasks, wanted, strict=True)]


def _known(ctx: Context, held: Held, asked: Sequence[Principal]) -> Mapping[Principal, Candidate]:
    """The actor is known already; in many routes nobody else is asked for."""
    actor = ctx.actor
    me = f"person:{actor.username}"
    if actor.is_system or me not in asked:
        return ctx.services.directory.describe(ctx.db, held.agency_id, asked)
    others = [principal for principal in asked if principal != me]
    found = ctx.services.directory.describe(ctx.db, held.agency_id, others) if others else {}
    return {me: Candidate("person", actor.username, actor.name), **found}


def _offer(
    holders: _Holders, rules: Rules, wanted: _Wanted, known: Mapping[Principal, Candidate]
) -> Offer:
    complaints = wanted.complaints
    complaints += [f"nobody is known as {p}" for p in wanted.principals if p not in known]
    candidates = [known[p] for p in wanted.principals if p in known]
    excluded = _excluded(holders, rules.exclusions, rules.scope)
    here = [candidate.principal for candidate in candidates if not candidate.left]
    able = _able(holders, here) - excluded
    kept_out = holders.kept_out(able)
    if kept_out and kept_out == able:
        complaints.append(f"{', '.join(sorted(kept_out))} may not know its secret letter")
        trouble = _trouble(rules.element_id, complaints, code="nobody_cleared")
        return Offer(candidates, excluded, frozenset(), trouble)
    able -= kept_out
    if not able:
        complaints += [] if complaints else [_nobody(candidates, excluded)]
        trouble = _trouble(rules.element_id, complaints, code="nobody_can_act")
    else:
        trouble = _trouble(rules.element_id, complaints, code="candidate_unknown")
    return Offer(candidates, excluded, able, trouble)


def _nobody(candidates: Sequence[Candidate], excluded: frozenset[str]) -> str:
    asked = ", ".join(candidate.principal for candidate in candidates)
    but = f" apart from {', '.join(sorted(excluded))}, who may not" if excluded else ""
    return f"nobody holds {asked} now{but}"


def _trouble(element_id: str, complaints: Sequence[str], *, code: str) -> Cause | None:
    if not complaints:
        return None
    return Cause(
        code=code,
        message=f"Expected someone to do {element_id}, but {'; '.join(complaints)}."
        " Fill the position or reassign the task, then try again.",
        element_id=element_id,
    )


def _able(holders: _Holders, principals: Sequence[Principal]) -> frozenset[str]:
    """Persons are asked for by name; posts by who holds them, those acting included."""
    persons = {p.partition(":")[2] for p in principals if p.startswith("person:")}
    return holders.of(p for p in principals if not p.startswith("person:")) | persons


def _excluded(holders: _Holders, rules: Sequence[AssignmentRule], scope: Scope) -> frozenset[str]:
    if holders.held.starter is None:
        # Nobody started it, so nobody is barred for that; least of all the role in their place.
        rules = [rule for rule in rules if rule.kind != "starter"]
    if not rules:
        return frozenset()
    return _able(holders, _principals(holders.ctx, holders.held, rules, scope).principals)


def _principals(ctx: Context, held: Held, rules: Iterable[AssignmentRule], scope: Scope) -> _Wanted:
    wanted = _Wanted([], [])
    for rule in rules:
        found = _of_rule(ctx, held, rule, scope)
        if not found:
            wanted.complaints.append(_unnamed(held, rule))
        wanted.principals += [p for p in found if p not in wanted.principals]
    return wanted


def _unnamed(held: Held, rule: AssignmentRule) -> str:
    of_starter = rule.kind == "starter" or (rule.kind == "superior" and not codes(rule.value))
    if of_starter and held.starter is None:
        return f"its rule {rule.kind!r} asks for a starter, and an event started the instance"
    return f"its rule {rule.kind!r} ({rule.value!r}) names nobody"


def _of_rule(ctx: Context, held: Held, rule: AssignmentRule, scope: Scope) -> Sequence[Principal]:
    match rule.kind:
        case "starter":
            return _starter(ctx, held)
        case "superior":
            return _superiors(ctx, held, rule)
        case "performer":
            return _performer(ctx, held, str(rule.value), scope)
        case kind if kind in KINDS:
            return principals_of(rule.value, kind)
        case _:  # a field or an expression: persons, or "kind:code"
            return principals_of(rule.value, "person")


def _starter(ctx: Context, held: Held) -> Sequence[Principal]:
    """Where an event started the instance, those who could have: the role of `saraban:start`."""
    if held.starter is not None:
        return [f"person:{held.starter}"]
    definition = held.root.definition
    role = bundle_of(ctx, definition).processes[definition.key].start_role
    return [] if role is None else [f"role:{role}"]


def _superiors(ctx: Context, held: Held, rule: AssignmentRule) -> Sequence[Principal]:
    starter = [f"person:{held.starter}"] if held.starter is not None else []
    below = principals_of(rule.value, "person") or starter
    found = (
        ctx.services.directory.superior(
            ctx.db, held.agency_id, name.removeprefix("person:"), ctx.now, rule.level
        )
        for name in below
    )
    return [principal for principal in found if principal is not None]


def _performer(ctx: Context, held: Held, element_id: str, scope: Scope) -> Sequence[Principal]:
    """Nearest first, for processes may call their steps alike: who did it in the process that asks,
    in one around it, in any other.
    """
    key = {"agency": held.agency_id, "root": held.root_id, "element": element_id}
    for process in held.with_callers(held.processes[scope]):
        within = key | {"instance": process.instance_id}
        name = ctx.db.execute(_PERFORMER_WITHIN, within).scalar_one_or_none()
        if name is not None:
            return [f"person:{name}"]
    name = ctx.db.execute(_LAST_PERFORMER, key).scalar_one_or_none()
    return [] if name is None else [f"person:{name}"]
