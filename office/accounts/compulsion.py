"""For whom of an agency a second factor is compulsory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import READ_ONLY
from office.people import queries as people

#: the choice in the agency's policy
POLICY = "second_factor"
#: key -> (Thai, English)
WHOM: Mapping[str, tuple[str, str]] = {
    "nobody": ("ไม่บังคับ เปิดใช้ได้ตามสมัครใจ", "Nobody: as each likes"),
    "rights": ("ผู้ที่มีสิทธิดูแลระบบตามบทบาท", "Whoever has a right by a role"),
    "everyone": ("ทุกคน", "Everybody"),
}


@dataclass(frozen=True, slots=True)
class Compulsion:
    """`whom`: one of WHOM; beside them whoever has one of `roles`."""

    whom: str = "nobody"
    roles: Sequence[str] = ()


def compulsion(db: Connection, agency_id: UUID) -> Compulsion:
    return read(people.agency(db, agency_id).policy.get(POLICY))


def read(chosen: Mapping[str, object] | None) -> Compulsion:
    """The choice as it is kept; none was made yet: nobody."""
    roles = (chosen or {}).get("roles", ())
    whom = str((chosen or {}).get("whom", "nobody"))
    return Compulsion(whom, tuple(map(str, roles)) if isinstance(roles, list) else ())


def compels(db: Connection, agency_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Whether this person has to have one now."""
    rule = compulsion(db, agency_id)
    if rule.whom == "everyone":
        return True
    if rule.whom == "nobody" and not rule.roles:
        return False
    held = people.roles_of(db, agency_id, person_id, at)
    powerful = rule.whom == "rights" and any(set(one.rights) - {READ_ONLY} for one in held)
    return powerful or any(one.code in rule.roles for one in held)
