"""/second-factors: for whom one is compulsory, and who has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read
from office.accounts import queries
from office.accounts.commands import CompelSecondFactor
from office.accounts.compulsion import WHOM, compulsion
from office.accounts.queries import WithoutFactor
from office.people.rights import demand

MOST = 500

resource = Resource(
    "second-factors", __name__, url_prefix="/api/v1/second-factors",
    description="Who has to have a second factor.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SecondFactorRule:
    """`whom`: nobody, rights (whoever has a right by a role) or everyone; beside them whoever has
    one of the roles.
    """

    whom: str
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class SecondFactorReview:
    """The rule, how many can sign in and have a second factor, and (at most 500) who has none."""

    rule: SecondFactorRule
    accounts: int
    enrolled: int
    without: Sequence[WithoutFactor]


class NewRule(Schema):
    whom = fields.String(required=True, validate=validate.OneOf(list(WHOM)))
    roles = fields.List(Text(60), load_default=list, validate=validate.Length(max=100))


@resource.get("", gives=SecondFactorReview)
def review() -> Any:
    """Who has to have a second factor, and who has none (right: accounts)."""
    demand(g.actor, "accounts")
    return read(_review)


def _review(db: Connection) -> SecondFactorReview:
    agency = g.actor.agency_id
    rule, found = compulsion(db, agency), queries.second_factors(db, agency)
    return SecondFactorReview(
        rule=SecondFactorRule(rule.whom, rule.roles),
        accounts=found.accounts,
        enrolled=found.enrolled,
        without=queries.without_factor(db, agency, MOST),
    )


@resource.put("", takes=NewRule, gives=SecondFactorRule, scope="operate")
def compel(body: dict[str, Any]) -> Any:
    """Say who has to have one, from their next sign-in on (right: accounts)."""
    return SecondFactorRule(**execute(CompelSecondFactor(**body)))
