"""/letterhead: how the agency and its units stand on letters, its emblem, its greetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Nothing, Text
from api.rest.frame import Resource, execute, read, system
from api.rest.uploads import posted_file
from engine.actor import Actor
from office.documents import policy
from office.documents.commands import SetEmblem, SetGreetingRows, SetGreetings, SetLetterhead
from office.documents.commands.greeting import LONGEST as GREETING_LONGEST
from office.documents.commands.greeting import MOST as MOST_ROWS
from office.documents.commands.letterhead import LONGEST, MOST_LINES
from office.documents.emblems import MOST_BYTES, keep_emblem
from office.documents.greetings import FORMS, Greeting
from office.people.rights import demand

#: What a multipart body holds beside its file.
FRAME = 64 << 10

resource = Resource(
    "letterhead", __name__, url_prefix="/api/v1/letterhead",
    description="An agency's own lines, emblem and greetings on letters.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterheadLines:
    """`unit`: a unit's code, or empty for the whole agency; no lines: as the organisation says."""

    unit: str
    name: Sequence[str]
    address: Sequence[str]
    contact: Sequence[str]


@dataclass(frozen=True, slots=True)
class Letterheads:
    """`emblem`: SHA-256 of the file that is printed; null: the neutral placeholder."""

    items: Sequence[LetterheadLines]
    emblem: str | None


@dataclass(frozen=True, slots=True)
class PrintedEmblem:
    sha256: str | None


@dataclass(frozen=True, slots=True)
class GreetingForms:
    """Words of greeting and closing: for those who are honoured, for everyone else, for monks."""

    honour: Greeting
    common: Greeting
    monk: Greeting


@dataclass(frozen=True, slots=True)
class GreetingRow:
    who: str
    salutation: str
    closing: str
    purpose: str


@dataclass(frozen=True, slots=True)
class GreetingRows:
    """The agency's own table, which comes before the regulation's."""

    rows: Sequence[GreetingRow]


def _lines() -> Any:
    return fields.List(Text(LONGEST), load_default=list, validate=validate.Length(max=MOST_LINES))


class LetterheadChange(Schema):
    unit = Text(60, shortest=0, load_default="")
    name = _lines()
    address = _lines()
    contact = _lines()


class GreetingWords(Schema):
    """What is left out, or empty, is the regulation's."""

    salutation = Text(LONGEST, shortest=0, load_default="")
    closing = Text(LONGEST, shortest=0, load_default="")
    purpose = Text(LONGEST, shortest=0, load_default="")


class GreetingChange(Schema):
    honour = fields.Nested(GreetingWords, load_default=dict)
    common = fields.Nested(GreetingWords, load_default=dict)
    monk = fields.Nested(GreetingWords, load_default=dict)


class GreetingRowChange(Schema):
    """`who` is a recipient as letters name it, or what some begin with and an asterisk."""

    who = Text(GREETING_LONGEST, required=True)
    salutation = Text(GREETING_LONGEST, required=True)
    closing = Text(GREETING_LONGEST, required=True)
    purpose = Text(GREETING_LONGEST, shortest=0, load_default="")


class GreetingRowsChange(Schema):
    rows = fields.List(
        fields.Nested(GreetingRowChange), required=True, validate=validate.Length(max=MOST_ROWS)
    )


@resource.get("", gives=Letterheads)
def listing() -> Any:
    """List the units that say something of their own on letters."""
    return read(_letterheads, g.actor)


def _letterheads(db: Connection, actor: Actor) -> Letterheads:
    found = policy.letterheads_of(db, actor.agency_id)
    items = [
        LetterheadLines(code, one.name, one.address, one.contact) for code, one in found.items()
    ]
    return Letterheads(items, policy.emblem_of(db, actor.agency_id))


@resource.put("", takes=LetterheadChange, gives=LetterheadLines, scope="operate")
def change(body: dict[str, Any]) -> Any:
    """Replace the lines of a unit or of the agency (right: registry)."""
    return LetterheadLines(**execute(SetLetterhead(**body)))


@resource.put(
    "/emblem", gives=PrintedEmblem, scope="operate", max_body=MOST_BYTES + FRAME,
    body_media="multipart/form-data",
)  # fmt: skip
def change_emblem() -> Any:
    """Print this emblem (SVG, PDF, PNG or JPEG) from now on. A refused file leaves nothing."""
    demand(g.actor, "registry")
    _name, content = posted_file("file")
    stored = keep_emblem(system().storage, g.actor.agency_id, content)
    return PrintedEmblem(**execute(SetEmblem(stored)))


@resource.post("/emblem/remove", takes=Nothing, gives=PrintedEmblem, scope="operate")
def remove_emblem(body: dict[str, Any]) -> Any:  # noqa: ARG001 - an empty object
    """Print the neutral placeholder again."""
    return PrintedEmblem(**execute(SetEmblem(None)))


@resource.get("/greetings", gives=GreetingForms)
def greetings() -> Any:
    """How letters greet and close."""
    found = read(policy.manners, g.actor.agency_id).forms
    return GreetingForms(**found)


@resource.put("/greetings", takes=GreetingChange, gives=GreetingForms, scope="operate")
def change_greetings(body: dict[str, Any]) -> Any:
    """Replace those words (right: registry); an empty object brings the regulation's back."""
    execute(SetGreetings({key: dict(body[key]) for key in FORMS}))
    return greetings()


@resource.get("/greetings/rows", gives=GreetingRows)
def greeting_rows() -> Any:
    """List the rows of the agency's own table of greetings."""
    found = read(policy.greeting_rows, g.actor.agency_id)
    return GreetingRows([GreetingRow(**one) for one in found])


@resource.put("/greetings/rows", takes=GreetingRowsChange, gives=GreetingRows, scope="operate")
def change_greeting_rows(body: dict[str, Any]) -> Any:
    """Replace that table (right: registry); an empty list leaves the regulation's alone."""
    execute(SetGreetingRows(**body))
    return greeting_rows()
