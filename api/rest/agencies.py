"""/agencies: those of the installation, for its steward alone: told, founded, let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from api.house import House, Standing
from api.idempotency import command_id
from api.pages import sessions
from api.rest.fields import LONGEST_TEXT, Paging, Text
from api.rest.frame import Resource, system
from api.rest.window import window
from engine.ids import new_id
from office.accounts.commands import SetUpAgency
from office.accounts.commands.founding import MOST_HOURS

resource = Resource(
    "agencies", __name__, url_prefix="/api/v1/agencies",
    description="The agencies of the installation: names and counts, for its steward (right:"
    " agencies, which everything does not include). An agency's own affairs are at /agency.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingPage:
    items: Sequence[Standing]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class FirstWayIn:
    """By `link` the administrator sets a password, once, within `hours`; it is not shown again."""

    code: str
    username: str
    hours: int
    link: str


class AgencyFilter(Paging):
    pass


class Steward(Schema):
    current = Text(
        LONGEST_TEXT, required=True,
        metadata={"description": "A fresh code of your second factor, or a passkey's answer."},
    )  # fmt: skip
    hours = fields.Integer(load_default=24, validate=validate.Range(min=1, max=MOST_HOURS))


class NewAgency(Steward):
    """`admin` is the sign-in name of its first administrator."""

    code = Text(60, required=True)
    name = Text(200, required=True)
    name_en = Text(200, shortest=0, load_default="")
    timezone = Text(40, load_default="Asia/Bangkok")
    admin = Text(60, required=True)
    given_name = Text(100, required=True)
    family_name = Text(100, shortest=0, load_default="")
    email = Text(200, load_default=None, allow_none=True)


class FirstInvitation(Steward):
    """`hours`: how long the new link is good."""


@resource.get("", query=AgencyFilter, gives=StandingPage)
def listing(query: dict[str, Any]) -> Any:
    """List the agencies, the oldest first (right: agencies). `awaited` is whoever is to come in
    first, while nobody has.
    """
    window((), query)  # as of every list, a cursor that is none is told before rights are
    house = _house()
    page = window(house.agencies(), query)
    items = house.standings(page.items)
    return StandingPage(items, page.total, page.next, page.page, page.page_size)


def _house() -> House:
    return House(system(), g.actor, sessions.origin())


def _command() -> UUID:
    return command_id(g.actor) or new_id()


@resource.post("", takes=NewAgency, gives=FirstWayIn, status=201, scope="operate", limited=True)
def found(body: dict[str, Any]) -> Any:
    """Found an agency with its administrator, calendar and process library, all at once or not at
    all (right: agencies, and a second factor).
    """
    proof, hours = body.pop("current"), body.pop("hours")
    link = _house().found(SetUpAgency(**body), hours, proof, _command())
    return FirstWayIn(body["code"], body["admin"], hours, link)


@resource.post("/<code>/invitations", takes=FirstInvitation, gives=FirstWayIn, status=201,
               scope="operate", limited=True)  # fmt: skip
def invite(body: dict[str, Any], code: str) -> Any:
    """Make a new link for the first administrator of an agency that nobody has come into yet
    (right: agencies, and a second factor). Earlier links end.
    """
    username, link = _house().invite(code, body["hours"], body["current"], _command())
    return FirstWayIn(code, username, body["hours"], link)
