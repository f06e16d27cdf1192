"""Who may take a task: assignment rules to candidates, exclusions to persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.actor import Principal
from engine.bus import Context
from engine.commands.turn.held import Held
from engine.errors import Cause
from engine.models.task import COMPLETED, task
from engine.ports import Candidate
from engine.runtime.values import AssignmentRule, OpenedTask

KINDS = ("person", "position", "role", "unit")

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


def offer(ctx: Context, held: Held, opened: OpenedTask) -> Offer:
    return _offer(ctx, held, opened.element_id, opened.assignments, opened.excluded)


def memo_of(opened: OpenedTask) -> dict[str, Any]:
    """The rules, kept with an incident so that `offer_again` can ask anew."""
    return {
        "assignments": [[rule.kind, rule.value] for rule in opened.assignments],
        "excluded": [[rule.kind, rule.value] for rule in opened.excluded],
    }


def offer_again(ctx: Context, held: Held, element_id: str, memo: Mapping[str, Any]) -> Offer:
    assignments = [AssignmentRule(*rule) for rule in memo["assignments"]]
    excluded = [AssignmentRule(*rule) for rule in memo["excluded"]]
    return _offer(ctx, held, element_id, assignments, excluded)


def _offer(
    ctx: Context,
    held: Held,
    element_id: str,
    assignments: Sequence[AssignmentRule],
    exclusions: Sequence[AssignmentRule],
) -> Offer:
    wanted = _principals(ctx, held, assignments or (AssignmentRule("starter"),))
    known = ctx.services.directory.describe(ctx.db, held.agency_id, wanted.principals)
    wanted.complaints += [f"nobody is known as {p}" for p in wanted.principals if p not in known]
    candidates = [known[p] for p in wanted.principals if p in known]
    excluded = _excluded(ctx, held, exclusions)
    able = _able(ctx, held, candidates) - excluded
    if not able and not wanted.complaints:
        wanted.complaints.append(_nobody(candidates, excluded))
    return Offer(candidates, excluded, able, _trouble(element_id, wanted.complaints, able))


def _nobody(candidates: Sequence[Candidate], excluded: frozenset[str]) -> str:
    asked = ", ".join(candidate.principal for candidate in candidates)
    but = f" apart from {', '.join(sorted(excluded))}, who may not" if excluded else ""
    return f"nobody holds {asked} now{but}"


def _trouble(element_id: str, complaints: Sequence[str], able: frozenset[str]) -> Cause | None:
    if not complaints:
        return None
    return Cause(
        code="candidate_unknown" if able else "nobody_can_act",
        message=f"Expected someone to do {element_id}, but {'; '.join(complaints)}."
        " Fill the position or reassign the task, then try again.",
        element_id=element_id,
    )


def _able(ctx: Context, held: Held, candidates: Sequence[Candidate]) -> frozenset[str]:
    """Persons are asked for by name; posts by who holds them, those acting included."""
    persons = {candidate.id for candidate in candidates if candidate.kind == "person"}
    posts = [candidate.principal for candidate in candidates if candidate.kind != "person"]
    if posts:
        persons |= ctx.services.directory.who_can_act(ctx.db, held.agency_id, posts, ctx.now)
    return frozenset(persons)


def _excluded(ctx: Context, held: Held, rules: Sequence[AssignmentRule]) -> frozenset[str]:
    if not rules:
        return frozenset()
    principals = _principals(ctx, held, rules).principals
    persons = {p.partition(":")[2] for p in principals if p.startswith("person:")}
    posts = [p for p in principals if not p.startswith("person:")]
    if posts:
        persons |= ctx.services.directory.who_can_act(ctx.db, held.agency_id, posts, ctx.now)
    return frozenset(persons)


def _principals(ctx: Context, held: Held, rules: Iterable[AssignmentRule]) -> _Wanted:
    wanted = _Wanted([], [])
    for rule in rules:
        found = _of_rule(ctx, held, rule)
        if not found:
            wanted.complaints.append(f"its rule {rule.kind!r} ({rule.value!r}) names nobody")
        wanted.principals += [p for p in found if p not in wanted.principals]
    return wanted


def _of_rule(ctx: Context, held: Held, rule: AssignmentRule) -> Sequence[Principal]:
    match rule.kind:
        case "starter":
            return [f"person:{held.starter}"] if held.starter else []
        case "superior":
            return _superiors(ctx, held, rule.value)
        case "performer":
            return _performer(ctx, held, str(rule.value))
        case kind if kind in KINDS:
            return [_principal(code, kind) for code in _texts(rule.value)]
        case _:  # a field or an expression: persons, or "kind:code"
            return [_principal(code, "person") for code in _texts(rule.value)]


def _superiors(ctx: Context, held: Held, person: Any) -> Sequence[Principal]:
    below = [_principal(name, "person") for name in _texts(person)] or [f"person:{held.starter}"]
    found = (
        ctx.services.directory.superior(
            ctx.db, held.agency_id, name.removeprefix("person:"), ctx.now
        )
        for name in below
    )
    return [principal for principal in found if principal is not None]


def _performer(ctx: Context, held: Held, element_id: str) -> Sequence[Principal]:
    key = {"agency": held.agency_id, "root": held.root_id, "element": element_id}
    name = ctx.db.execute(_LAST_PERFORMER, key).scalar_one_or_none()
    return [] if name is None else [f"person:{name}"]


def _principal(code: str, kind: str) -> Principal:
    before, colon, _ = code.partition(":")
    return code if colon and before in KINDS else f"{kind}:{code}"


def _texts(value: Any) -> Sequence[str]:
    """The codes in a rule's value: text, or a list of it; what no code can be is left out."""
    values = value if isinstance(value, list | tuple) else [value]
    return [v for v in values if isinstance(v, str) and v and "\0" not in v and v.isprintable()]
