"""/secret-letters: whether the agency takes letters above ปกติ into the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields
from sqlalchemy import Connection

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read
from office.documents.commands import TakeSecretLetters
from office.documents.commands.secret_letters import LONGEST
from office.documents.degrees import takes_secrets
from office.people import queries as people

resource = Resource(
    "secret-letters",
    __name__,
    url_prefix="/api/v1/secret-letters",
    description="Whether letters of ลับ and ลับมาก are taken; ลับที่สุด never is.",
)


@dataclass(frozen=True, slots=True)
class SecretLetters:
    """`encrypted_at_rest`: whether Saraban itself encrypts what it stores of them."""

    taken: bool
    encrypted_at_rest: bool = False


class Choice(Schema):
    """To take them, name the order of the agency's head (`order_ref`) and say that you know that
    what is stored is not encrypted by Saraban itself (`knows_unencrypted`).
    """

    taken = fields.Boolean(required=True, truthy={True}, falsy={False})
    order_ref = Text(LONGEST, shortest=0, load_default="")
    knows_unencrypted = fields.Boolean(load_default=False, truthy={True}, falsy={False})


@resource.get("", gives=SecretLetters)
def one() -> Any:
    """Read whether secret letters are taken (right: people or audit)."""
    people.demand_to_see(g.actor)
    return read(_one)


def _one(db: Connection) -> SecretLetters:
    return SecretLetters(takes_secrets(db, g.actor.agency_id))


@resource.put("", takes=Choice, gives=SecretLetters, scope="operate")
def choose(body: dict[str, Any]) -> Any:
    """Take secret letters, or take no new ones any more (right: people)."""
    return SecretLetters(execute(TakeSecretLetters(**body))["taken"])
