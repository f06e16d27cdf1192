"""Whom an agency greets with กราบเรียน beside those of the regulation, and in a way of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid
from office.documents.greetings import ANY, COMMON, HONOURED
from office.documents.policy import GREETING_ROWS, HONOURED_TOO
from office.documents.reading import read_lines
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand

#: more than that is no honour
MOST = 100
LONGEST = 120


@dataclass(frozen=True, slots=True)
class NameHonoured:
    """Replace the agency's own list. Names of the regulation need not be in it. Right: registry.
    Documents that are signed stay as they were. Answer: {names}.
    """

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class SetGreetingRows:
    """Replace the agency's own table: rows of {who, salutation, closing, purpose}, which come
    before the regulation's. `who` is a recipient, or what some begin with and an asterisk. A
    purpose that is left out is จึง, the salutation and มาเพื่อ. Right: registry. Documents that are
    signed stay as they were. Answer: {rows}.
    """

    rows: Sequence[Mapping[str, str]]


def set_greeting_rows(command: SetGreetingRows, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    if len(command.rows) > MOST:
        raise _refused("rows", f"Expected at most {MOST} rows.", "too_long")
    rows = [_row(f"rows.{n}", one) for n, one in enumerate(command.rows)]
    names = [one["who"] for one in rows]
    for n, who in enumerate(names):
        if who in names[:n]:
            raise _refused(f"rows.{n}.who", "Expected each recipient once.", "taken")
    policy = hold_policy(ctx)
    was = policy.get(GREETING_ROWS) or []
    if was != rows:
        choose(ctx, policy, GREETING_ROWS, rows)
        told = {GREETING_ROWS: _told(rows), "was": {GREETING_ROWS: _told(was)}}
        record(ctx, "greetings.rows_changed", ctx.actor.agency_id, **told)
    return {"rows": rows}


def _row(path: str, given: Mapping[str, str]) -> dict[str, str]:
    """A row whose every part is a line; all but the purpose are asked for."""
    row = {name: (given.get(name) or "").strip() for name in ("who", "salutation", "closing")}
    row["purpose"] = (given.get("purpose") or "").strip() or _purpose(row["salutation"])
    for name, text in row.items():
        if not text.removesuffix(ANY):
            raise _refused(f"{path}.{name}", "Fill this in.", "required")
        if len(text) > LONGEST:
            message = f"Expected at most {LONGEST} characters."
            raise _refused(f"{path}.{name}", message, "too_long")
        read_lines(f"{path}.{name}", [text])
    return row


def _purpose(salutation: str) -> str:
    return COMMON.purpose.replace(COMMON.salutation, salutation)


def _told(rows: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(" / ".join(row.values()) for row in rows)


def _refused(path: str, message: str, code: str) -> Invalid:
    return Invalid(f"{path}: {message}", [FieldError(path, message, code)])


def name_honoured(command: NameHonoured, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    if len(command.names) > MOST:
        message = f"Expected at most {MOST} names, but got {len(command.names)}."
        raise Invalid(message, [FieldError("names", message, "too_long")])
    read = read_lines("names", list(command.names))
    names = [name for name in dict.fromkeys(read) if name not in HONOURED]
    policy = hold_policy(ctx)
    was = policy.get(HONOURED_TOO) or []
    if was != names:
        choose(ctx, policy, HONOURED_TOO, names)
        told = {HONOURED_TOO: ", ".join(names), "was": {HONOURED_TOO: ", ".join(was)}}
        record(ctx, "greetings.changed", ctx.actor.agency_id, **told)
    return {"names": names}
