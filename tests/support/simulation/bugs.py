"""Mistakes that somebody could make in the engine: each must be noticed by the simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa

from engine import bus
from engine.commands import jobs as job_commands
from engine.commands import timers
from engine.commands.tasks import hand_over, held_task
from engine.commands.turn import applying, chain, closing, ending, held, waits
from engine.ids import new_id
from engine.models.job import job
from engine.models.waiting import timer

Patch = pytest.MonkeyPatch
#: the package has a function of this name
sweep = import_module("engine.jobs.sweep")


def _does_nothing(module: Any, name: str) -> Callable[[Patch], None]:
    """The statement meets no row."""
    return lambda patch: patch.setattr(module, name, getattr(module, name).where(sa.false()))


def _candidates_left(patch: Patch) -> None:
    """A task ends alone."""
    nobodys = closing._END_CANDIDATES.where(sa.false())
    patch.setattr(closing, "_END_CANDIDATES", nobodys)


def _history_skipped(patch: Patch) -> None:
    """The event is counted and chained, but its row is not written."""
    honest = held.save

    def save(ctx: Any, work: Any) -> None:
        work.history = [event for event in work.history if event["type"] != "task.delegated"]
        honest(ctx, work)

    patch.setattr(hand_over, "save", save)


def _closed_without_history(patch: Patch) -> None:
    honest = chain.record_of_task

    def record(ctx: Any, work: Any, type_: str, *more: Any, **named: Any) -> None:
        if type_ != "task.cancelled":
            honest(ctx, work, type_, *more, **named)

    patch.setattr(closing, "record_of_task", record)


def _wrong_link(patch: Patch) -> None:
    """Each event is chained to nothing instead of the one before."""
    honest = chain.link
    patch.setattr(chain, "link", lambda previous, event: honest(b"", event))


def _token_lost(patch: Patch) -> None:
    """Of what an advance waits for, the signals are forgotten."""
    honest = waits.subscribe
    patch.setattr(
        applying.waits,
        "subscribe",
        lambda ctx, work, wanted: honest(ctx, work, [w for w in wanted if w.kind != "signal"]),
    )


def _report_unfenced(patch: Patch) -> None:
    """A worker that slept through its lease reports, and is believed."""
    unfenced = job.update().where(job_commands._THIS).values(job_commands._END._values)
    patch.setattr(job_commands, "_END", unfenced)


def _lease_unfenced(patch: Patch) -> None:
    """A job can be leased whatever has become of it."""
    taken = job.update().where(job_commands._THIS)
    values = {"state": "leased", "lease_until": sa.bindparam("until"), "attempt": job.c.attempt + 1}
    patch.setattr(job_commands, "_LEASE", taken.values(values))


def _blind_retry(patch: Patch) -> None:
    """After a lost answer the command runs again as if it were another one."""
    honest = bus.Bus._once

    def once(self: Any, command: Any, actor: Any, _id: Any, body: bytes) -> Any:
        return honest(self, command, actor, new_id(), body)

    patch.setattr(bus.Bus, "_once", once)


def _timer_stays(patch: Patch) -> None:
    """Firing a timer does not take its row."""
    stays = timer.update().where(*timers._TAKE._where_criteria).values(failures=timer.c.failures)
    patch.setattr(timers, "_TAKE", stays)


def _kept_message_lost(patch: Patch) -> None:
    """The message leaves the buffer, but the token does not hear it."""

    def take(ctx: Any, work: Any, row: Mapping[str, Any]) -> bool:
        key = {"agency": work.agency_id, "name": row["name"], "key": row["key"], "now": ctx.now}
        ctx.db.execute(waits.TAKE_MESSAGE, key)
        return False

    patch.setattr(waits, "take_kept", take)


def _dead_in_silence(patch: Patch) -> None:
    patch.setattr(job_commands, "_bury", lambda *_: None)


def _done_again(patch: Patch) -> None:
    """Nobody looks whether the task is still open."""
    patch.setattr(held_task, "check_live", lambda _row: None)


def _saved_by_half(patch: Patch) -> None:
    """The head is saved, the new state of the tokens is not."""
    patch.setattr(held, "_SAVE_ALL", held._SAVE_HEAD)


BUGS: Mapping[str, Callable[[Patch], None]] = {
    "a late report is believed": _report_unfenced,
    "a job that is done is leased": _lease_unfenced,
    "a history row is skipped": _history_skipped,
    "a task closes without history": _closed_without_history,
    "the chain's link is wrong": _wrong_link,
    "candidate rows are left": _candidates_left,
    "reminders are left": _does_nothing(closing, "_DROP_TIMERS"),
    "a token is lost": _token_lost,
    "a subscription is left": _does_nothing(waits, "_UNSUBSCRIBE"),
    "a timer is left": _does_nothing(waits, "_DROP_TIMERS"),
    "a timer's row stays": _timer_stays,
    "a lost ring is never rung again": _does_nothing(sweep, "_WAITING"),
    "a lost lease is never seen": _does_nothing(sweep, "_LOST"),
    "the answer is not kept": _does_nothing(bus, "KEEP_ANSWER"),
    "a lost answer is retried blindly": _blind_retry,
    "a kept message is lost": _kept_message_lost,
    "a job dies in silence": _dead_in_silence,
    "a cancelled case keeps its jobs": _does_nothing(ending, "_CANCEL_JOBS"),
    "a task is done again": _done_again,
    "the state is not saved": _saved_by_half,
}
