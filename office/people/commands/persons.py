"""Persons: added, renamed, gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from office.people import names
from office.people.commands.keepers import keeping_rights
from office.people.commands.leaving import leave_house, refuse_own
from office.people.commands.rows import (
    add_named,
    change,
    check_choice,
    check_text,
    find,
    given,
    having,
    invalid,
)
from office.people.commands.standing import refuse_beyond
from office.people.history import record, record_change
from office.people.models import person
from office.people.queries.duties import tasks_of
from office.people.rights import demand
from office.people.versions import check_version

#: why somebody left of whom nothing else was said
LEFT = "พ้นหน้าที่"
LANGUAGES = {"th": "ไทย", "en": "English"}
#: One address and nothing else: no line ends, no list, no comment that a mail header could carry.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class AddPerson:
    username: str
    given_name: str
    family_name: str = ""
    title: str = ""
    name_en: str = ""
    email: str | None = None
    phone: str | None = None
    language: str = "th"


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Change what is given. `active=False`: the person leaves, as by LetGo, once no task waits for
    them (Conflict, tasks_open). `expected`: the version that was read.
    """

    username: str
    given_name: str | None = None
    family_name: str | None = None
    title: str | None = None
    name_en: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    active: bool | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """The actor's own choice of th or en."""

    language: str


def add_person(command: AddPerson, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    check_choice(command.language, LANGUAGES, "language")
    given_name = check_text(command.given_name, "given_name")
    person_id = add_named(
        ctx,
        person,
        username=command.username,
        name_en=command.name_en,
        email=_address(ctx, command.email, command.username),
        phone=command.phone,
        language=command.language,
        colour=names.colour(command.username),
        **_named(command.title, given_name, command.family_name),
    )
    record(ctx, "person.added", person_id, username=command.username)
    return {"id": str(person_id), "username": command.username}


def _named(title: str, given_name: str, family_name: str) -> dict[str, Any]:
    """Everything that follows from a name."""
    return {
        "title": title,
        "given_name": given_name,
        "family_name": family_name,
        "name": names.full_name(title, given_name, family_name),
        "sort_key": names.sort_key(f"{given_name} {family_name}"),
        "initials": names.initials(given_name, family_name),
    }


def check_address(email: str) -> None:
    if not _ADDRESS.fullmatch(email):
        raise invalid("email", f"Expected one mail address, but got {email!r:.80}.", "bad_email")


def _address(ctx: Context, email: str | None, username: str) -> str | None:
    if not email:
        return None
    check_address(email)
    address = email.lower()
    others = having(ctx, person, "email", address)
    if any(other.active and other.username != username for other in others):
        raise Conflict(
            f"Expected an address of this person alone, but {address} is another's;"
            " people sign in by it.",
            code="taken",
        )
    return address


def change_person(command: ChangePerson, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find(ctx, person, command.username, lock=True)
    check_version(row, command.expected)
    leaves = command.active is False and row.active
    values = given(command, "name_en", "phone", "language", "active")
    if command.language is not None:
        check_choice(command.language, LANGUAGES, "language")
    if command.email is not None:
        values["email"] = _address(ctx, command.email, command.username)
        _check_reach(ctx, row, values["email"])
    if leaves:
        _check_leaves(ctx, row)
    parts = given(command, "title", "given_name", "family_name")
    if parts:
        present = {name: getattr(row, name) for name in ("title", "given_name", "family_name")}
        values |= _named(**{**present, **parts})
    if leaves:
        with keeping_rights(ctx):
            leave_house(ctx, row, LEFT)
    change(ctx, person, row.id, values)
    record_change(ctx, "person.changed", row, values)
    return {"id": str(row.id), "username": command.username}


def _check_leaves(ctx: Context, row: sa.Row[Any]) -> None:
    refuse_own(ctx, row)
    refuse_beyond(ctx, row)
    waiting = tasks_of(ctx.db, ctx.actor.agency_id, row.username)
    if waiting:
        raise Conflict(
            f"Expected nothing to wait for {row.username}, but {len(waiting)} tasks do; hand them"
            " on, or name who takes them when they are let go.",
            code="tasks_open",
        )


def _check_reach(ctx: Context, row: sa.Row[Any], email: str | None) -> None:
    """The way back to a forgotten password goes to this address."""
    if email != row.email:
        refuse_beyond(ctx, row)


def choose_language(command: ChooseLanguage, ctx: Context) -> Answer:
    check_choice(command.language, LANGUAGES, "language")
    if ctx.actor.person_id is not None:
        change(ctx, person, ctx.actor.person_id, {"language": command.language})
    return {"language": command.language}


HANDLERS: dict[type, Handler] = {
    AddPerson: add_person,
    ChangePerson: change_person,
    ChooseLanguage: choose_language,
}
