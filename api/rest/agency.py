"""/agency: the caller's own agency, and what proves its signers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read, version_read, with_version
from office.documents.commands import ChooseSigningMethods
from office.documents.policy import METHODS, chosen_methods, methods
from office.people import queries
from office.people.commands import ChangeAgency

resource = Resource(
    "agency", __name__, url_prefix="/api/v1/agency",
    description="The agency itself. Its other choices are resources of their own: registers,"
    " letterhead, second-factors, agency-seal, calendars, trust-anchors.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SigningMethods:
    """`chosen` by the agency (none: the default holds), and all that suffice now: any one does."""

    chosen: Sequence[str]
    in_force: Sequence[str]


@dataclass(frozen=True, slots=True)
class Agency:
    """`timezone` is an IANA name. The code never changes."""

    code: str
    name: str
    name_en: str
    timezone: str
    signing_methods: SigningMethods


class AgencyChange(Schema):
    name = Text()
    name_en = Text(shortest=0)
    timezone = Text(40)


class MethodsChange(Schema):
    """An empty list brings the default back: a second factor."""

    methods = fields.List(
        fields.String(validate=validate.OneOf(list(METHODS))),
        required=True, validate=validate.Length(max=len(METHODS)),
    )  # fmt: skip


@resource.get("", gives=Agency, tagged=True)
def one() -> Any:
    """Read the agency."""
    return read(_one)


def _one(db: Connection) -> Any:
    found = queries.agency(db, g.actor.agency_id)
    body = Agency(found.code, found.name, found.name_en, found.timezone, _methods(db))
    return with_version(body, queries.agency_version(db, found.id))


def _methods(db: Connection) -> SigningMethods:
    agency = g.actor.agency_id
    chosen = chosen_methods(queries.agency(db, agency).policy)
    return SigningMethods(chosen, methods(db, agency))


@resource.put("", takes=AgencyChange, gives=Agency, guarded=True, scope="operate")
def change(body: dict[str, Any]) -> Any:
    """Change what is given (right: people). Days entered from now on are the time zone's."""
    execute(ChangeAgency(expected=version_read(), **body))
    return read(_one).body


@resource.put("/signing-methods", takes=MethodsChange, gives=SigningMethods, scope="operate")
def choose_methods(body: dict[str, Any]) -> Any:
    """Replace what proves a signer (right: accounts): passkey, totp (a code, or a passkey), pin."""
    execute(ChooseSigningMethods(body["methods"]))
    return read(_methods)
