"""Why somebody may, or may not: by everyone's leave, a role, a right, or read only."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine.actor import Actor, Authority
from office.people.permissions import Matter, judge, process_matters
from office.people.queries import RoleRow

AGENCY = UUID(int=1)


def role(code: str, *rights: str) -> RoleRow:
    return RoleRow(uuid4(), code, code, "", rights)


def actor(*roles: RoleRow) -> Actor:
    rights = frozenset(right for one in roles for right in one.rights)
    principals = {f"role:{one.code}": Authority() for one in roles}
    return Actor(AGENCY, uuid4(), "noi", principals=principals, rights=rights)


ADMIN, OPERATOR, CLERK = role("admin", "everything"), role("operator", "operate"), role("clerk")
READER = role("auditor", "audit", "read_only")
EVERY = (ADMIN, OPERATOR, CLERK, READER)


@pytest.mark.parametrize(
    ("matter", "roles", "may", "why", "by"),
    [
        (Matter("x", everyone=True), (), True, "everyone", []),
        (Matter("x", ("everything",), "clerk"), (CLERK,), True, "role", ["clerk"]),
        (Matter("x", ("everything",), "clerk"), (ADMIN,), True, "right", ["admin"]),
        (Matter("x", ("operate",)), (OPERATOR,), True, "right", ["operator"]),
        (Matter("x", ("operate",)), (CLERK,), False, "missing", ["admin", "operator"]),
        (Matter("x", everyone=True), (READER,), False, "read_only", ["auditor"]),
        (Matter("x", ("operate",)), (ADMIN, READER), False, "read_only", ["auditor"]),
        (Matter("x", ("audit",), looks=True), (READER,), True, "right", ["auditor"]),
        (Matter("x", ("operate",), looks=True), (ADMIN, READER), False, "missing",
         ["admin", "operator"]),
    ],
)  # fmt: skip
def test_a_verdict_says_why(
    matter: Matter, roles: tuple[RoleRow, ...], may: bool, why: str, by: list[str]
) -> None:
    found = judge(matter, actor(*roles), roles, EVERY)
    assert (found.may, found.why, list(found.roles)) == (may, why, by)


def test_nobody_starts_what_events_start() -> None:
    assert "start" not in {one.key for one in process_matters(None, startable=False)}
    assert process_matters(None, startable=True)[0].everyone
