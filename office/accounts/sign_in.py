"""Signing in: the order of checks that tells a guesser nothing, with no transaction open meanwhile.

Every guess is first admitted (counted in the database), then looked at, then its outcome is
recorded. An unknown name costs the same time and gives the same answer as a wrong password.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from argon2.exceptions import InvalidHashError, VerificationError

from engine.actor import Actor, system_actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Rejected
from office.accounts import queries, rules, targets
from office.accounts.commands.guards import AdmitAttempt, ClearFailures, RecordFailure
from office.accounts.commands.sessions import OpenSession, PromoteSession, Provided
from office.accounts.factors import check_second_factor
from office.accounts.passkeys import SIGN_IN
from office.accounts.queries import PROVIDED, Claimant, SessionView
from office.accounts.secrets import new_token, sha256
from office.accounts.settings import AccountSettings, settings_of
from office.demo.secrets import is_demo_secret

#: Whoever has not said who they are belongs to no agency.
NOBODY = system_actor(UUID(int=0))

#: A hash that no password has, made with the same parameters as all others.
_DECOYS: dict[int, str] = {}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from."""

    ip: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session was opened. `token` goes into the cookie and nowhere else."""

    token: str
    session_id: UUID
    agency_id: UUID
    person_id: UUID
    username: str
    #: the second factor is asked next; until then the session opens nothing else
    needs_factor: bool


def sign_in(
    bus: Bus, login: str, password: str, origin: Origin, agency_code: str | None = None
) -> SignedIn:
    """Open a session for whoever this name and password prove.

    Rejected: bad_credentials, agency_needed (the same name and password in two agencies),
    demo_secret (outside demo mode); TooMany: too_many, locked.
    """
    settings = settings_of(bus.services)
    with reading(bus.engine) as db:
        found = queries.claimants(db, login, agency_code)
    target = _target(bus, login, found)
    bus.execute(AdmitAttempt(target, origin.ip), NOBODY)
    _refuse_demo_secret(settings, password)
    proved = [one for one in found if verify(settings, one.password_hash, password)]
    if not found:
        verify(settings, None, password)
    if not proved:
        bus.execute(RecordFailure(target), NOBODY)
        raise bad_credentials()
    if len(proved) > 1:
        raise Rejected(
            "Expected a name of one agency, but several have it; say which agency is meant.",
            code="agency_needed",
        )
    bus.execute(ClearFailures(target), NOBODY)
    return _open(bus, proved[0], password, origin)


def _target(bus: Bus, login: str, found: Sequence[Claimant]) -> str:
    if len(found) == 1:
        return targets.password_target(bus.services, found[0].agency_id, found[0].username)
    return targets.typed_target(bus.services, login)


def _refuse_demo_secret(settings: AccountSettings, password: str) -> None:
    if not settings.demo and is_demo_secret(password):
        raise Rejected(
            "Expected a password of your own, but this is one of the demonstration's;"
            " they are refused here. Ask for a new password.",
            code="demo_secret",
        )


def bad_credentials() -> Rejected:
    return Rejected(
        "Expected a sign-in name and its password, but they do not belong together.",
        code="bad_credentials",
    )


def verify(settings: AccountSettings, password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash it takes as long to say no."""
    text = rules.normal(password)[: rules.LONGEST + 1]
    try:
        settings.hasher.verify(password_hash or _decoy(settings), text)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _decoy(settings: AccountSettings) -> str:
    key = id(settings.hasher)
    if key not in _DECOYS:
        _DECOYS[key] = settings.hasher.hash(new_token())
    return _DECOYS[key]


def _open(bus: Bus, who: Claimant, password: str, origin: Origin) -> SignedIn:
    settings = settings_of(bus.services)
    stale = settings.hasher.check_needs_rehash(who.password_hash or "")
    token = new_token()
    command = OpenSession(
        person_id=who.person_id,
        token_sha256=sha256(token),
        amr=("pwd",),
        needs_factor=who.has_factor,
        ip=origin.ip,
        agent=origin.agent,
        rehashed=settings.hasher.hash(rules.normal(password)) if stale else None,
    )
    return _opened(bus, who, command, token)


def _opened(bus: Bus, who: Claimant, command: OpenSession, token: str) -> SignedIn:
    answer = bus.execute(command, system_actor(who.agency_id))
    return SignedIn(
        token=token,
        session_id=UUID(answer["session_id"]),
        agency_id=who.agency_id,
        person_id=who.person_id,
        username=who.username,
        needs_factor=command.needs_factor,
    )


def enter_by_provider(
    bus: Bus, who: Claimant, provided: Provided, origin: Origin, *, second: bool
) -> SignedIn:
    """Open a session for whom a provider has proved. `second`: it asked for two factors, and the
    agency takes its word; else the person's own second factor is asked as after a password.
    """
    token = new_token()
    command = OpenSession(
        person_id=who.person_id,
        token_sha256=sha256(token),
        amr=(PROVIDED, "mfa") if second else (PROVIDED,),
        needs_factor=who.has_factor and not second,
        ip=origin.ip,
        agent=origin.agent,
        provided=provided,
    )
    return _opened(bus, who, command, token)


def prove_second_factor(bus: Bus, session: SessionView, code: str, origin: Origin) -> SignedIn:
    """Carry a half-open session over with a TOTP or recovery code; the token is a new one.

    Also steps up a full session: `auth_time` and `amr` are fresh afterwards.
    """
    me = Actor(session.agency_id, session.person_id, session.username, session.name)
    method = check_second_factor(bus, me, code, origin.ip, SIGN_IN)
    token = new_token()
    command = PromoteSession(
        session_id=session.session_id,
        token_sha256=sha256(token),
        amr=(*(one for one in session.amr if one not in {method, "mfa"}), method, "mfa"),
        ip=origin.ip,
        agent=origin.agent,
    )
    answer = bus.execute(command, me)
    return SignedIn(
        token=token,
        session_id=UUID(answer["session_id"]),
        agency_id=session.agency_id,
        person_id=session.person_id,
        username=session.username,
        needs_factor=False,
    )
