"""/connectors: other systems that the agency's processes may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from api.rest.fields import Nothing, Text, variables
from api.rest.frame import Resource, Tagged, execute, expected_version, read, system
from office.connectors import queries, rules
from office.connectors.calling import Call
from office.connectors.commands import RIGHT, RemoveConnector, SaveConnector
from office.connectors.rules import Connector
from office.connectors.trying import Trial, try_call
from office.people.rights import demand

resource = Resource(
    "connectors", __name__, url_prefix="/api/v1/connectors",
    description="Other systems that processes may call.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Connectors:
    items: Sequence[Connector]


@dataclass(frozen=True, slots=True)
class ChangedConnector:
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class RemovedConnector:
    name: str


def _texts(longest: int, **options: Any) -> fields.List[str]:
    limits = validate.Length(max=rules.MOST_LISTED)
    return fields.List(Text(longest), validate=limits, **options)


def _number(most: int, usual: int) -> fields.Integer:
    return fields.Integer(load_default=usual, validate=validate.Range(min=1, max=most))


class ConnectorChange(Schema):
    """`paths`: `/rates/{code}`, a name in braces stands for one segment. `processes`: keys of those
    that may use it. `secret` is kept sealed and never given back; left out, it stays as it is,
    unless the address's host or the kind of proof changes.
    """

    title = Text(required=True)
    base_url = Text(rules.LONGEST_VALUE, required=True)
    methods = _texts(10, required=True)
    paths = _texts(rules.LONGEST_VALUE, required=True)
    processes = _texts(255, load_default=list)
    headers = fields.Dict(
        keys=Text(80), values=Text(4_000), load_default=dict,
        validate=validate.Length(max=rules.MOST_LISTED),
    )  # fmt: skip
    auth = fields.String(load_default="none", validate=validate.OneOf(list(rules.AUTHS)))
    auth_name = Text(80, shortest=0, load_default="")
    secret = Text(4_000, load_default=None, allow_none=True)
    timeout = _number(rules.MOST_TIMEOUT, 10)
    max_bytes = _number(rules.MOST_BYTES, 1 << 20)
    attempts = _number(rules.MOST_ATTEMPTS, 5)
    active = fields.Boolean(load_default=True)


class NewConnector(ConnectorChange):
    """`name`: what diagrams call it; the rest as in a change."""

    name = Text(60, required=True)


class TrialCall(Schema):
    """A call of one of the connector's paths, with a value for each name in it."""

    method = Text(10, required=True)
    path = Text(rules.LONGEST_VALUE, required=True)
    parameters = variables()
    query = variables()
    body = fields.Raw(load_default=None, allow_none=True)


@resource.get("", gives=Connectors)
def listing() -> Any:
    """List the connectors (right: connectors)."""
    demand(g.actor, RIGHT)
    return Connectors(read(queries.connectors, g.actor.agency_id))


@resource.get("/<code>", gives=Connector, tagged=True)
def one(code: str) -> Any:
    """Read one connector; its secret stays where it is (right: connectors)."""
    demand(g.actor, RIGHT)
    found = read(queries.one, g.actor.agency_id, code)
    return Tagged(found, found.version)


@resource.post("", takes=NewConnector, gives=ChangedConnector, status=201, scope="operate")
def add(body: dict[str, Any]) -> Any:
    """Add a connector (right: connectors)."""
    return _changed(execute(SaveConnector(**body)))


@resource.put(
    "/<code>", takes=ConnectorChange, gives=ChangedConnector, guarded=True, scope="operate"
)
def change(body: dict[str, Any], code: str) -> Any:
    """Write all of a connector anew (right: connectors)."""
    return _changed(execute(SaveConnector(code, **body, expected=_expected())))


def _expected() -> int:
    """No version is 0 or less, so what cannot be read as one is stale."""
    found = expected_version()
    return int(found) if found.isdecimal() and 0 < len(found) < 10 and int(found) else -1


def _changed(answer: Mapping[str, Any]) -> ChangedConnector:
    return ChangedConnector(answer["name"], answer["version"])


@resource.post(
    "/<code>/remove", takes=Nothing, gives=RemovedConnector, guarded=True, scope="operate"
)
def remove(body: dict[str, Any], code: str) -> Any:
    """Remove a connector and its secret (right: connectors)."""
    del body
    return RemovedConnector(execute(RemoveConnector(code, _expected()))["name"])


@resource.post("/<code>/try", takes=TrialCall, gives=Trial, scope="operate")
def attempt(body: dict[str, Any], code: str) -> Any:
    """Call once, as a process would, and tell what came back (right: connectors)."""
    demand(g.actor, RIGHT)
    read(queries.one, g.actor.agency_id, code)
    return try_call(system().bus, g.actor, Call(code, **body))
