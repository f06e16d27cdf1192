"""Passwords changed, forgotten and set anew; API tokens issued. Secrets end here: the bus gets
hashes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from engine.actor import Actor, system_actor
from engine.bus import Bus, Services
from engine.db import reading
from engine.errors import FieldError, Forbidden, Invalid
from engine.ids import new_id
from office.accounts import queries, rules, targets
from office.accounts.commands.accounts import CreateAccount, SetPassword
from office.accounts.commands.guards import AdmitAttempt
from office.accounts.commands.resets import OpenReset, UseReset, reset_expired
from office.accounts.commands.tokens import StoreToken, check_wanted, refuse_breeding
from office.accounts.factors import check_second_factor, counts
from office.accounts.guesses import WrongSecret, guarded
from office.accounts.passkeys import TOKEN
from office.accounts.secrets import new_api_token, reset_token, sha256
from office.accounts.settings import settings_of
from office.accounts.sign_in import NOBODY, Origin, verify
from office.demo.secrets import is_demo_secret


def change_password(
    bus: Bus, actor: Actor, current: str, new: str, origin: Origin, keep_session: UUID | None = None
) -> None:
    """The actor's own password; the present one is proof. Other sessions end."""
    who = _own_account(bus, actor)
    settings = settings_of(bus.services)
    check_new_password(bus, new, (actor.username,))
    with guarded(bus, actor, "password", origin.ip):
        if not verify(settings, who.password_hash, current):
            raise WrongSecret("Expected your present password, but this is not it.")
    hashed = settings.hasher.hash(rules.normal(new))
    bus.execute(SetPassword(who.person_id, hashed, keep_session=keep_session), actor)


def prove_present(bus: Bus, actor: Actor, proof: str, origin: Origin, act: str) -> None:
    """That it is them at the keyboard, for this act: a code of their second factor, or a passkey's
    answer, where they have one, else their password. Guesses are counted; raises WrongSecret or
    TooMany.
    """
    who = _own_account(bus, actor)
    if counts(bus, actor):
        check_second_factor(bus, actor, proof, origin.ip, act)
        return
    with guarded(bus, actor, "password", origin.ip):
        if not verify(settings_of(bus.services), who.password_hash, proof):
            raise WrongSecret("Expected your present password, but this is not it.")


def _own_account(bus: Bus, actor: Actor) -> queries.Claimant:
    with reading(bus.engine) as db:
        found = actor.person_id and queries.claimant(db, actor.agency_id, actor.person_id)
    if not found:
        raise Forbidden("Expected a person with an account, but the actor has none.")
    return found


def check_new_password(
    bus: Bus, password: str, words: Iterable[str] = (), path: str = "password"
) -> None:
    """Invalid, with the field's error, unless the password is good enough."""
    problems = rules.password_problems(password, words, path)
    if not settings_of(bus.services).demo and is_demo_secret(password):
        message = "Expected a password of your own, but this is one of the demonstration's."
        problems = [FieldError(path, message, "demo_secret")]
    if problems:
        raise Invalid(problems[0].message, problems)


def create_account(bus: Bus, actor: Actor, person_id: UUID, password: str | None = None) -> str:
    """Let a person sign in with a first password, which they must change. Answers it, once."""
    first = password or "-".join(secrets.token_hex(3) for _ in range(3))
    hashed = settings_of(bus.services).hasher.hash(rules.normal(first))
    bus.execute(CreateAccount(person_id, hashed, must_change=password is None), actor)
    return first


def invite(bus: Bus, actor: Actor, person_id: UUID, hours: int) -> str:
    """A link by which the person sets a password, once, within so many hours; it is mailed as well
    where they have an address. Whoever has it can sign in: it is answered to operators alone.
    """
    made = bus.execute(OpenReset(person_id, hours), actor)
    return reset_link(bus.services, UUID(made["reset_id"]))


def reset_link(services: Services, reset_id: UUID) -> str:
    settings = settings_of(services)
    return f"{settings.public_url}/reset-password?token={reset_token(settings.secret, reset_id)}"


def request_reset(bus: Bus, login: str, origin: Origin, agency_code: str | None = None) -> None:
    """Mail a way back to whoever has this name or address. Says nothing of whether anyone has."""
    bus.execute(AdmitAttempt(targets.reset_target(bus.services, login), origin.ip), NOBODY)
    with reading(bus.engine) as db:
        found = queries.claimants(db, login, agency_code)
    for who in found:
        bus.execute(OpenReset(who.person_id), system_actor(who.agency_id))


def reset_password(bus: Bus, token: str, new: str, origin: Origin) -> None:
    """Set the password by a mailed token. Rejected (reset_expired) when it was used or is old."""
    bus.execute(AdmitAttempt(targets.reset_target(bus.services, ""), origin.ip), NOBODY)
    with reading(bus.engine) as db:
        who = queries.reset_owner(db, sha256(token), bus.services.clock.now())
    if who is None:
        raise reset_expired()
    check_new_password(bus, new, (who.username,))
    hashed = settings_of(bus.services).hasher.hash(rules.normal(new))
    bus.execute(UseReset(sha256(token), hashed), system_actor(who.agency_id))


def issue_token(
    bus: Bus,
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    valid_for: timedelta = timedelta(days=90),
    person_id: UUID | None = None,
    command_id: UUID | None = None,
) -> str:
    """A new API token, shown once. For oneself, or for anyone with the right accounts."""
    owner = person_id or actor.person_id
    if owner is None:
        raise Forbidden("Expected a person to own the token, but the system is nobody.")
    check_wanted(name, scopes, valid_for)
    token_id = new_id()
    text, hashed = new_api_token(token_id)
    ends = bus.services.clock.now() + valid_for
    stored = StoreToken(token_id, owner, name, hashed, tuple(scopes), ends)
    bus.execute(stored, actor, command_id)
    return text


def issue_token_present(
    bus: Bus,
    actor: Actor,
    proof: str,
    origin: Origin,
    name: str,
    scopes: Sequence[str],
    valid_for: timedelta,
    person_id: UUID | None = None,
    command_id: UUID | None = None,
) -> str:
    """The same by who proves that it is them: a session left open must not be enough for a way in
    that outlives it. What was typed wrong is told before the proof is used up.
    """
    refuse_breeding(actor)
    check_wanted(name, scopes, valid_for)
    prove_present(bus, actor, proof, origin, TOKEN)
    return issue_token(bus, actor, name, scopes, valid_for, person_id, command_id)
