"""Adding, changing and removing connectors; the secret goes in and never comes out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, FieldError, Invalid, NotFound, Stale
from engine.ids import new_id
from office.accounts.secrets import seal
from office.connectors import rules
from office.connectors.models import connector
from office.connectors.settings import PURPOSE, settings_of
from office.people.commands.rows import check_text
from office.people.history import record, record_change
from office.people.rights import demand

RIGHT = "connectors"


@dataclass(frozen=True, slots=True)
class SaveConnector:
    """Add a connector, or write all of one anew. Right: connectors.

    `expected`: the version that was read; 0 for one that is new. `secret` None: as it is, which a
    change of the address's host or of the kind of proof does not allow. Answer: {name, version}.
    """

    name: str
    title: str
    base_url: str
    methods: Sequence[str]
    paths: Sequence[str]
    processes: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: str = "none"
    auth_name: str = ""
    # not told of by repr, and not part of what a repeated command is compared by
    secret: str | None = field(default=None, repr=False, compare=False)
    timeout: int = 10
    max_bytes: int = 1 << 20
    attempts: int = 5
    active: bool = True
    expected: int = 0


@dataclass(frozen=True, slots=True)
class RemoveConnector:
    """The connector and its secret are gone; whoever still calls it gets an incident.
    Right: connectors. Answer: {name}.
    """

    name: str
    expected: int


@dataclass(frozen=True, slots=True)
class NoteTrial:
    """Somebody tried a connector: that it was called, and what came back, goes into the history.
    Right: connectors.
    """

    name: str
    method: str
    path: str
    result: str


def save_connector(command: SaveConnector, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    row = _find(ctx, command.name, lock=True)
    _check_expected(command, row)
    values = _checked(command, ctx)
    connector_id = new_id() if row is None else row.id
    secret = _secret(command, values, row, connector_id, ctx)
    values |= {"version": command.expected + 1, "changed_at": ctx.now}
    if row is None:
        key = {"agency_id": ctx.actor.agency_id, "id": connector_id, "name": command.name}
        ctx.db.execute(sa.insert(connector), key | values | {"secret": secret})
        record(ctx, "connector.added", connector_id, **_told(command.name, values))
    else:
        ctx.db.execute(
            sa.update(connector).where(*_this(ctx, command.name)).values(**values, secret=secret)
        )
        _record_change(ctx, row, values, command.secret is not None)
    return {"name": command.name, "version": values["version"]}


def _check_expected(command: SaveConnector, row: Any) -> None:
    if row is None and command.expected:
        raise NotFound(f"Expected a connector, but {command.name!r:.80} is none.")
    if row is not None and not command.expected:
        message = f"Expected a name that is free, but {command.name!r:.80} is taken."
        raise Conflict(message, code="taken")
    if row is not None and row.version != command.expected:
        raise Stale("Expected the connector as it was read, but somebody changed it; read again.")


def _checked(command: SaveConnector, ctx: Context) -> dict[str, Any]:
    plain = settings_of(ctx.services).outgoing.loops
    try:
        rules.check_name(command.name)
        rules.check_auth(command.auth, command.auth_name, command.secret)
        return {
            "title": check_text(command.title, "title"),
            "base_url": rules.check_base(command.base_url, plain=plain),
            "methods": rules.check_methods(command.methods),
            "paths": rules.check_paths(command.paths),
            "headers": rules.check_headers(command.headers),
            "auth": command.auth,
            "auth_name": command.auth_name if command.auth in ("basic", "header") else "",
            "timeout": rules.check_number("timeout", command.timeout, rules.MOST_TIMEOUT),
            "max_bytes": rules.check_number("max_bytes", command.max_bytes, rules.MOST_BYTES),
            "attempts": rules.check_number("attempts", command.attempts, rules.MOST_ATTEMPTS),
            "processes": sorted(set(command.processes)),
            "active": command.active,
        }
    except rules.Unfit as unfit:
        raise Invalid(str(unfit), [FieldError(unfit.field, str(unfit), unfit.code)]) from None


def _secret(
    command: SaveConnector, values: Mapping[str, Any], row: Any, connector_id: UUID, ctx: Context
) -> bytes | None:
    """A secret that was given for one host never goes to another, whoever asks for it."""
    if command.auth == "none":
        return None
    if command.secret is not None:
        key = settings_of(ctx.services).secret
        return seal(key, PURPOSE, command.secret.encode(), connector_id)
    same = row is not None and row.secret is not None and row.auth == command.auth
    same = same and rules.origin(row.base_url) == rules.origin(values["base_url"])
    if same and row.auth_name == values["auth_name"]:
        return bytes(row.secret)
    message = "Expected the secret anew, for whom it goes to or how has changed."
    raise Invalid(message, [FieldError("secret", message, "secret_again")])


def remove_connector(command: RemoveConnector, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    row = _find(ctx, command.name, lock=True)
    if row is None:
        raise NotFound(f"Expected a connector, but {command.name!r:.80} is none.")
    if row.version != command.expected:
        raise Stale("Expected the connector as it was read, but somebody changed it; read again.")
    ctx.db.execute(sa.delete(connector).where(*_this(ctx, command.name)))
    record(ctx, "connector.removed", row.id, connector=row.name, base_url=row.base_url)
    return {"name": command.name}


def note_trial(command: NoteTrial, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    row = _find(ctx, command.name)
    if row is not None:
        said = f"{command.method} {command.path}"
        record(ctx, "connector.tried", row.id, connector=row.name, call=said, result=command.result)
    return {}


def _find(ctx: Context, name: str, *, lock: bool = False) -> Any:
    found = sa.select(connector).where(*_this(ctx, name))
    return ctx.db.execute(found.with_for_update() if lock else found).one_or_none()


def _this(ctx: Context, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return connector.c.agency_id == ctx.actor.agency_id, connector.c.name == name


_UNTOLD = ("version", "changed_at")


def _told(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"connector": name} | {key: values[key] for key in values if key not in _UNTOLD}


def _record_change(ctx: Context, row: Any, values: Mapping[str, Any], anew: bool) -> None:
    """`secret_set` says that there is another one; what it is, nobody tells."""
    changed = {key: value for key, value in values.items() if key not in _UNTOLD}
    more = {"secret_set": (False, True)} if anew else {}
    record_change(ctx, "connector.changed", row, changed, **more)


HANDLERS: dict[type, Handler] = {
    SaveConnector: save_connector,
    RemoveConnector: remove_connector,
    NoteTrial: note_trial,
}
