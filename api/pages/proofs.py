"""By what readers can prove that it is them, for the forms that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from api.auth.passkeys import here
from api.pages.desk import actor, db
from office.accounts import queries as accounts


@dataclass(frozen=True, slots=True)
class Proofs:
    """`factor`: they have any second one; `passkey`: one that answers at this address."""

    factor: bool
    passkey: bool


def proofs_of(person_id: UUID) -> Proofs:
    agency_id = actor().agency_id
    held = accounts.passkeys(db(), agency_id, person_id)
    codes = accounts.factors(db(), agency_id, person_id)
    return Proofs(
        factor=bool(held) or any(one.confirmed_at for one in codes),
        passkey=bool(held) and here() is not None,
    )
