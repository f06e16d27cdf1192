"""What this room does when others tell it something, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bus import Context
from engine.ports import Listener
from office.accounts.commands.sessions import end_lost
from office.people.happenings import PersonLeft


def person_left(happened: PersonLeft, ctx: Context) -> None:
    """Sessions and API tokens end, so that none comes back to life if the person returns."""
    end_lost(ctx, happened.person_id)


LISTENERS: dict[type, Sequence[Listener]] = {PersonLeft: (person_left,)}
