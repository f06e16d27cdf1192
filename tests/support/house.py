"""A house with posts of every standing, for whoever asks who is there today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from support.world import World

from engine.actor import system_actor
from office.chains.model import OPERATORS, Who
from office.people import commands as people

PLACES = ("held", "empty", "shut", "absent")


class House:
    """Posts of every standing in one unit; each name carries the mark of this house."""

    def __init__(self, world: World) -> None:
        self.world, self.mark = world, uuid4().hex[:6]
        today = world.clock.now().date()
        self.first, self.last = today - timedelta(days=3), today + timedelta(days=3)
        self.do(people.AddUnit(self("desk"), "group", "กลุ่มงาน", parent="central"))
        self.do(people.AddUnit(self("bare"), "group", "กลุ่มใหม่", parent="central"))
        self.do(people.AddUnit(self("board"), "committee", "คณะกรรมการ", parent="central"))
        for place in PLACES:
            level = "group" if place == "held" else "section"
            self.do(people.AddPosition(self(place), place, self("desk"), level))
        self.do(people.AddPosition(self("seat"), "ประธาน", self("board"), "officer"))
        self.do(people.ChangePosition(self("shut"), active=False))
        for name in ("here", "gone", "away"):
            self.do(people.AddPerson(self(name), name))
        self.do(people.AssignPosition(self("here"), self("held"), self.first))
        self.do(people.AssignPosition(self("away"), self("absent"), self.first))
        self.do(people.RecordLeave(self("away"), "vacation", self.first, self.last))
        self.do(people.ChangePerson(self("gone"), active=False))
        for role in ("lent", "unlent"):
            self.do(people.AddRole(self(role), role))
        self.do(people.GrantRole(self("here"), self("lent"), self.first))

    def __call__(self, name: str) -> str:
        return f"{name}-{self.mark}"

    @contextmanager
    def nobody_may_everything(self) -> Iterator[None]:
        """While the administrators' role has another right alone."""
        self.do(people.ChangeRole("admin", rights=["people"]))
        try:
            yield
        finally:
            self.do(people.ChangeRole("admin", rights=["everything"]))

    @contextmanager
    def granted(self, matter: str) -> Iterator[None]:
        """While whoever is here has a grant of the review process."""
        grant = people.GrantProcess("review", matter, f"person:{self('here')}")
        made = self.do(grant)
        try:
            yield
        finally:
            self.do(people.EndProcessGrant(UUID(made["id"])))

    def do(self, command: Any) -> Any:
        return self.world.system.bus.execute(command, system_actor(self.world.home.id))

    def who(self, *named: str, kind: str = "named", **more: Any) -> Who:
        """Those named by "position:held" and the like; `right:operate` as it stands."""
        return Who(kind, tuple(one if ":" not in one or one == OPERATORS else self(one)
                               for one in named), **more)  # fmt: skip
