"""What every page handler stands at: the system, the actor, the moment, one read connection."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy import Connection

from api.idempotency import for_key
from engine.actor import Actor
from engine.bus import Answer
from engine.db import reader
from engine.ids import new_id
from engine.ports import WorkingTime

if TYPE_CHECKING:
    from datetime import datetime

    from api.bootstrap import System

#: fields that are never kept, hashed or shown again
SECRETS = frozenset(
    {"csrf_token", "pin", "totp", "otp", "code", "password", "current", "repeat", "new_password"}
    | {"proof", "client_secret", "secret", "answer"}
)


def system() -> System:
    return cast("System", current_app.extensions["saraban"])


def actor() -> Actor:
    return cast(Actor, g.actor)


def now() -> datetime:
    return cast("datetime", g.now)


def db() -> Connection:
    """One connection for all reads of a request; `close_db` gives it back."""
    if "pages_db" not in g:
        asking: Actor | None = g.get("actor")
        g.pages_db = reader(system().engine, asking.fence if asking else None)
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
    close_db()
    return system().bus.execute(command, actor(), command_id(part))


def command_id(part: str = "") -> UUID:
    """Named by the form's own id and by what was filled in: the same form sent again is the same
    command, the same page changed and sent again (by the browser's back button) is another.
    """
    given = request.form.get("command_id") or str(new_id())
    return for_key(actor(), f"form {given[:80]} {part} {_filled_in()}")


def _filled_in() -> str:
    sent = g.get("form_files", request.form)  # with what stands for the files that came along
    fields = [pair for pair in sent.items(multi=True) if pair[0] not in SECRETS]
    return sha256(repr(sorted(fields)).encode()).hexdigest()


def working_time() -> WorkingTime:
    if "working_time" not in g:
        g.working_time = system().services.calendars.working_time(db(), actor().agency_id)
    return cast(WorkingTime, g.working_time)


#: Digits of the longest number that an address or a form may carry: it fits every column.
MOST_DIGITS = 9


def whole_number(text: str) -> int:
    """`text` as a number from 0; whatever is none, or too long to be one of ours, is 0."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def page_number(name: str = "page") -> int:
    """`?page=`, from 1; anything else is the first page. `name`: of one list among several."""
    return min(whole_number(request.args.get(name, "")) or 1, 10_000)
