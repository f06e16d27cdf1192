"""Requests that a generator makes up from the document: no answer outside it, no bug behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi import checks as rules
from support.nights import by_night
from support.world import World

from engine.actor import system_actor
from office.people import commands as people

CHECKS = [
    schemathesis.checks.not_a_server_error,
    rules.status_code_conformance,
    rules.content_type_conformance,
    rules.response_headers_conformance,
    rules.response_schema_conformance,
]
#: who else asks, at night: what a role of theirs may
OTHERS = {
    "admin": ("everything",),
    "operator": ("operate", "see_all", "reassign"),
    "auditor": ("audit", "see_all", "read_only"),
    "plain": (),
}


def asked(world: World, who: str, examples: int) -> None:
    """So many requests of each operation, by this person."""
    limits = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    app: Any = world.client.application
    headers = {"Authorization": f"Bearer {world.token(who)}"}
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():

        @limits
        @given(case=found.ok().as_strategy())
        def judge(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        judge()


@pytest.mark.timeout(3_000)
def test_every_answer_is_one_that_the_document_has(sqlite_world: World) -> None:
    asked(sqlite_world, "admin", by_night(12, 60))


@pytest.fixture(scope="module")
def staffed(own_postgres_world: World) -> World:
    """With each of the others in it."""
    for who, rights in OTHERS.items():
        if who != "admin":
            _employ(own_postgres_world, who, rights)
    return own_postgres_world


def _employ(world: World, who: str, rights: Sequence[str]) -> None:
    since = world.clock.now().date() - timedelta(days=30)
    for command in (
        people.AddPerson(who, who.title()),
        people.AddRole(who, who, rights),
        people.GrantRole(who, who, since),
    ):
        world.system.bus.execute(command, system_actor(world.home.id))


@pytest.mark.slow
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("who", OTHERS)
def test_whoever_asks_and_on_postgresql_too(staffed: World, who: str) -> None:
    asked(staffed, who, 12)
