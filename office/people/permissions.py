"""Why somebody may do a thing, or may not: the same rights that every command asks about, told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.actor import READ_ONLY, STEWARD, Actor
from engine.models.granting import ADMINISTER, SIGHT, START
from office.people.queries.process_grants import ProcessGrantRow
from office.people.queries.roles import RoleRow


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing to do, and what lets one do it: any of `rights`, the role `role`, or nothing."""

    key: str
    rights: tuple[str, ...] = ()
    role: str | None = None
    everyone: bool = False
    #: changes nothing: whoever only reads may do it
    looks: bool = False
    #: the matters of grants of the process of which each lets one do it
    grants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why`: "everyone", "role", "right", "grant", "read_only" (taken away) or "missing".

    `roles` are the codes of the roles by which it is so; of "missing", those that would grant it.
    """

    matter: Matter
    may: bool
    why: str
    roles: Sequence[str]
    #: to whom the grants were given by which it is so, where `why` is "grant"
    principals: Sequence[str] = ()


def process_matters(start_role: str | None, *, startable: bool) -> tuple[Matter, ...]:
    """What there is to do with a process; nobody starts one that events or the office start.
    Whoever takes part in a case sees that case besides.
    """
    start = Matter(
        "start", ("everything",), start_role, everyone=start_role is None, grants=(START,)
    )
    return (
        *([start] if startable else []),
        Matter("see_cases", ("operate", "audit", "see_all"), looks=True, grants=SIGHT),
        Matter("reassign", ("reassign", "operate"), grants=(ADMINISTER,)),
        Matter("administer", ("operate",), grants=(ADMINISTER,)),
        Matter("migrate", ("deploy",), grants=(ADMINISTER,)),
        Matter("publish", ("deploy",)),
    )


def judge(
    matter: Matter,
    actor: Actor,
    own: Sequence[RoleRow],
    every: Sequence[RoleRow],
    grants: Sequence[ProcessGrantRow] = (),
) -> Verdict:
    """`own` are the roles of the actor now, `every` those of the agency, `grants` those of the
    process.
    """
    if actor.reads_only and not matter.looks:
        return Verdict(matter, False, "read_only", [r.code for r in own if READ_ONLY in r.rights])
    if matter.everyone:
        return Verdict(matter, True, "everyone", [])
    if matter.role is not None and f"role:{matter.role}" in actor.principals:
        return Verdict(matter, True, "role", [matter.role])
    if any(actor.may(right) for right in matter.rights):
        return Verdict(matter, True, "right", granting(matter, own))
    given = [
        one.principal
        for one in grants
        if one.matter in matter.grants and one.principal in actor.principals
    ]
    if given:
        return Verdict(matter, True, "grant", [], given)
    return Verdict(matter, False, "missing", granting(matter, every))


def granting(matter: Matter, roles: Sequence[RoleRow]) -> list[str]:
    """Codes of the roles that let their holders do it."""
    wanted = {*matter.rights} if STEWARD in matter.rights else {*matter.rights, "everything"}
    return [
        role.code for role in roles if role.code == matter.role or wanted.intersection(role.rights)
    ]
