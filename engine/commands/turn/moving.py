"""Asking engine.runtime to move the held instance on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from engine.bus import Context, Refusal
from engine.commands.turn.held import Definition, Held
from engine.commands.turn.incidents import RaiseIncident
from engine.ports import WorkingTime
from engine.runtime import Bundle, CorruptState, Surroundings
from engine.stored import UnusableBundle, stored_bundle

T = TypeVar("T")


class LazyWorkingTime:
    """The agency's working time, read from the database only when a deadline asks for it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    @cached_property
    def _real(self) -> WorkingTime:
        return self._ctx.services.calendars.working_time(self._ctx.db, self._ctx.actor.agency_id)

    def add(self, start: datetime, duration: timedelta) -> datetime:
        return self._real.add(start, duration)

    def between(self, start: datetime, end: datetime) -> timedelta:
        return self._real.between(start, end)

    def is_working_day(self, day: datetime) -> bool:
        return self._real.is_working_day(day)


def working_time(ctx: Context, held: Held) -> WorkingTime:
    """The same for a whole turn, however many deadlines it has."""
    if held.working is None:
        held.working = LazyWorkingTime(ctx)
    return held.working


def surroundings(ctx: Context, held: Held) -> Surroundings:
    return Surroundings(
        now=ctx.now,
        working_time=working_time(ctx, held),
        business_key=held.business_key,
        starter=held.starter,
        definition_id=str(held.root.definition.id),
        instance_id=str(held.root_id),
        allowance=held.allowance,
    )


def bundle_of(ctx: Context, definition: Definition) -> Bundle:
    return stored_bundle(
        ctx.db, ctx.actor.agency_id, definition.bundle_sha, definition.deployment_id
    )


def move(ctx: Context, held: Held, verb: Callable[..., T], *arguments: Any) -> T:
    """`verb` of engine.runtime on the held state: nothing of `held` has changed yet.

    A state or deployment that is damaged freezes this instance: the command is refused, and an
    incident stays behind. No other instance is affected.
    """
    try:
        bundle = bundle_of(ctx, held.root.definition)
        return verb(bundle, held.state, held.scopes, *arguments, surroundings(ctx, held))
    except (CorruptState, UnusableBundle) as damage:
        code = "state_damaged" if isinstance(damage, CorruptState) else "deployment_damaged"
        raise Refusal(
            "Expected the stored instance to be readable, but it is damaged."
            " An operator has to mend it; nothing was changed.",
            RaiseIncident(held.root_id, code, str(damage)),
            code=code,
        ) from damage
