"""What every page handler stands at: the system, the actor, the moment, one read connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from flask import current_app, g, request
from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Answer
from engine.errors import FieldError, Invalid
from engine.ids import new_id
from engine.ports import WorkingTime

if TYPE_CHECKING:
    from datetime import datetime

    from api.bootstrap import System


def system() -> System:
    return cast("System", current_app.extensions["saraban"])


def actor() -> Actor:
    return cast(Actor, g.actor)


def now() -> datetime:
    return cast("datetime", g.now)


def db() -> Connection:
    """One connection for all reads of a request; `close_db` gives it back."""
    if "pages_db" not in g:
        g.pages_db = system().engine.connect()
    return cast(Connection, g.pages_db)


def close_db(_error: BaseException | None = None) -> None:
    connection: Connection | None = g.pop("pages_db", None)
    if connection is not None:
        connection.close()


def run(command: Any, part: str = "") -> Answer:
    """Carry out a command under the form's own id: sending the form again replays the answer.

    `part` names the command when one form carries out several. Later reads of the same request
    see what was written.
    """
    answer = system().bus.execute(command, actor(), command_id(part))
    close_db()
    return answer


def command_id(part: str = "") -> UUID:
    """The id that the form carries; a form without one (or with rubbish) is a new command."""
    try:
        base = UUID(request.form.get("command_id", ""))
    except ValueError:
        base = new_id()
    return uuid5(base, part) if part else base


def working_time() -> WorkingTime:
    if "working_time" not in g:
        g.working_time = system().services.calendars.working_time(db(), actor().agency_id)
    return cast(WorkingTime, g.working_time)


def by_field(errors: Iterable[FieldError]) -> dict[str, str]:
    """The first message for each field, in the order found."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.path, error.message)
    return found


def page_number() -> int:
    """`?page=`, from 1; anything else is the first page."""
    text = request.args.get("page", "1")
    return min(int(text), 10_000) if text.isdecimal() and int(text) > 0 else 1


def need(text: str | None, field: str, message: str) -> str:
    """The field's text without surrounding space, or Invalid with the field's own message."""
    cleaned = (text or "").strip()
    if not cleaned:
        raise Invalid(f"Expected {field}, but it is empty.", [FieldError(field, message)])
    return cleaned
