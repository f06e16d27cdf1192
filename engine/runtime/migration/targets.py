"""For every token of a state: the place of the new version that means the same, or why none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.runtime.bundle import Bundle
from engine.runtime.migration.meaning import same
from engine.runtime.places.containers import Body, Call, Container, Root, Trigger
from engine.runtime.places.events import Boundary, Catch
from engine.runtime.places.gateways import EventBased, Join
from engine.runtime.places.loops import Loop
from engine.runtime.places.place import Place
from engine.runtime.tokens import Task


class Misfit(Exception):
    """The new version has no place for a token: the reason of its fate."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Ground:
    """What the names of a process's places begin with, in the old version and in the new one."""

    old: str
    new: str


class Targets:
    """Asked for parents before their children. What it has found is kept by the token's id."""

    def __init__(self, new: Bundle, mapping: Mapping[str, str]) -> None:
        self._new = new
        self._mapping = mapping
        self._grounds: dict[UUID, Ground] = {}
        self.places: dict[UUID, Place] = {}
        #: of tokens at joins: the flow of the new version for each one that has been taken
        self.flows: dict[UUID, Mapping[str, str]] = {}

    def find(self, token: Task) -> Place | None:
        """None for a listener that the new version does not have. Raises Misfit."""
        place: Place = token.task_spec
        found = self._root(place) if token.parent is None else self._inside(token)
        if found is not None:
            self.places[token.id] = found
            self._grounds[token.id] = self._ground_within(token, found)
        return found

    def image(self, element_id: str) -> str:
        """The id in the new version of an element of a process that changes."""
        return self._mapping.get(element_id, element_id)

    def _root(self, place: Place) -> Place:
        woven = self._new.woven.get(place.node.id)
        if woven is None:
            raise Misfit(
                "process_removed",
                f"Expected the process “{place.node.id}” in the new version, but it is not there.",
            )
        return woven.root

    def _ground_within(self, token: Task, found: Place) -> Ground:
        """A called process goes where the new version's call leads: it is pinned there."""
        place: Place = token.task_spec
        if isinstance(place, Root):
            return Ground(place.name, found.name)
        if isinstance(place, Call) and isinstance(found, Call):
            return Ground(_beginning(place.body), _beginning(found.body))
        return self._grounds[token.parent.id]

    def _inside(self, token: Task) -> Place | None:
        home, place = self.places.get(token.parent.id), token.task_spec
        if home is None:
            raise Misfit("container_refused", "Expected what is around it to have a place first.")
        ground = self._grounds[token.parent.id]
        if ground.old == ground.new:
            return self._new.places[place.name]
        found = self._named(place, ground)
        if isinstance(place, Boundary | Trigger):
            return found if found is not None and _still_listens(place, found, home) else None
        if found is None:
            raise Misfit(
                "element_removed",
                f"Expected “{self.image(place.node.id)}” in the new version, but it is not there."
                " Map the element to another, or let the token go on first.",
            )
        _check(place, found, home)
        if isinstance(found, Join):
            self._check_free(token, found)
            self.flows[token.id] = self._flows(token, found)
        return found

    def _check_free(self, token: Task, found: Join) -> None:
        """Two joins that become one: each token would wait for what came to the other."""
        others = (one for one in token.parent.children if one.task_spec is not token.task_spec)
        if any(self.places.get(one.id) is found for one in others):
            raise Misfit(
                "join_taken",
                f"Expected one token to wait at “{found.node.id}”, but another is to wait there"
                " already. Map its element to another, or let the token go on first.",
            )

    def _named(self, place: Place, ground: Ground) -> Place | None:
        """The suffix tells a loop from its body and a trigger from its start event."""
        id_ = place.node.id
        suffix = place.name.removeprefix(ground.old).removeprefix(id_)
        return self._new.places.get(f"{ground.new}{self.image(id_)}{suffix}")

    # -- joins --------------------------------------------------------------------------------

    def _flows(self, token: Task, found: Join) -> Mapping[str, str]:
        inner = token.internal_data
        taken = [*inner.get("arrived", ()), *([inner["via"]] if "via" in inner else [])]
        matched = self._matched(token.task_spec, found)
        for flow in taken:
            if flow not in matched:
                raise Misfit(
                    "flow_removed",
                    f"Expected the flow “{flow}”, along which a token has come to"
                    f" “{token.task_spec.node.id}”, in the new version, but it is not there.",
                )
        return {flow: matched[flow] for flow in taken}

    def _matched(self, old: Join, new: Join) -> Mapping[str, str]:
        """By their ids, else by where they come from, else the only one by the only one."""
        before, after = _sources(old), _sources(new)
        matched = {flow: flow for flow in before if flow in after}
        for flow, source in before.items():
            there = [f for f, s in after.items() if s == self.image(source)]
            if flow not in matched and len(there) == 1 and there[0] not in matched.values():
                matched[flow] = there[0]
        left = [flow for flow in before if flow not in matched]
        free = [flow for flow in after if flow not in matched.values()]
        if len(left) == len(free) == 1:
            matched[left[0]] = free[0]
        return matched


def _sources(join: Join) -> dict[str, str]:
    """Of each flow into it, the element that it comes from."""
    return {
        route.flow: place.node.id
        for place in join.inputs
        for route in place.routes
        if route.target is join and route.flow is not None
    }


def _beginning(body: Body) -> str:
    first = body.starts[0]
    return str(first.name).removesuffix(first.node.id)


# -- fitting ----------------------------------------------------------------------------------


def _still_listens(place: Place, found: Place, home: Place) -> bool:
    if type(found) is not type(place) or found.event.kind != place.event.kind:
        return False
    listeners = home.body.triggers if isinstance(home, Container) else ()
    return found in (listeners if isinstance(found, Trigger) else home.guards)


def _check(place: Place, found: Place, home: Place) -> None:
    if isinstance(place, Loop) or isinstance(found, Loop):
        _check_loop(place, found)
    elif type(found) is not type(place):
        raise _differs("kind_differs", place, found, f"a {place.node.type}", found.node.type)
    if not _stands_in(found, home):
        raise Misfit(
            "container_differs",
            f"Expected “{found.node.id}” within “{home.node.id}” in the new version, but it is"
            " elsewhere there.",
        )
    if isinstance(place, Catch) and place.event.kind != found.event.kind:
        raise _differs("event_differs", place, found, place.event.kind, found.event.kind)
    if isinstance(place, Call) and place.node.called != found.node.called:
        raise _differs("call_differs", place, found, f"to call {place.node.called}",
                       f"{found.node.called}")  # fmt: skip


def _check_loop(place: Place, found: Place) -> None:
    """What its iterations collect has a meaning only in a loop of the same shape."""
    if type(found) is not type(place) or _shape(place) != _shape(found):
        raise _differs(
            "loop_differs", place, found, "to run several times in the same way", "otherwise"
        )


def _shape(loop: Any) -> tuple[Any, ...]:
    how = loop.repetition
    return type(loop.body), how.kind, how.item, how.output, how.output_item


def _differs(code: str, place: Place, found: Place, wanted: str, got: object) -> Misfit:
    where = "" if found.node.id == place.node.id else f" (“{place.node.id}” in the old one)"
    return Misfit(
        code,
        f"Expected “{found.node.id}”{where} to be {wanted} in the new version too, but it is"
        f" {got} there.",
    )


def _stands_in(found: Place, home: Place) -> bool:
    if found.loop is not None:
        return found.loop is home
    if isinstance(home, EventBased):
        return any(route.target is found for route in home.routes)
    is_process = isinstance(home, Root | Call)
    return bool(found.node.parent == (None if is_process else home.node.id))


def same_event(one: Catch, other: Catch) -> bool:
    """Whether both wait for the same: the message and its key, the moment, the condition."""
    keys = (one.node.settings.correlation, other.node.settings.correlation)
    return same(one.event, other.event) and same(*keys)
