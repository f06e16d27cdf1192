"""Who acts: a person of one agency, with the principals and rights that hold at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

#: The one right that takes away: its holder changes nothing but what is their own, and of their
#: other rights only those to look remain.
READ_ONLY = "read_only"
RIGHTS_TO_LOOK = frozenset({"audit", "see_all", READ_ONLY})
#: The one right over the installation instead of over an agency: `everything`, which each agency's
#: administrators hold, does not include it. Whoever runs the house gives it first.
STEWARD = "agencies"

#: A principal is "kind:id": `person:somchai` (sign-in name), `position:director-general`
#: (position code), `role:registrar` (role code), `unit:central` (unit code). Codes are unique
#: within an agency, so diagrams can name them.
Principal = str
KINDS = ("person", "position", "role", "unit")


def codes(value: object) -> list[str]:
    """The codes in a rule's value: text, or a list of it; what no code can be is left out."""
    values = value if isinstance(value, list | tuple) else [value]
    return [v for v in values if isinstance(v, str) and v and "\0" not in v and v.isprintable()]


def principals_of(value: object, kind: str) -> list[Principal]:
    """Those whom a rule's value names: "kind:id" as it stands, else the id of one of that kind."""
    return [
        code if ":" in code and code.partition(":")[0] in KINDS else f"{kind}:{code}"
        for code in codes(value)
    ]


@dataclass(frozen=True, slots=True)
class Authority:
    """By what an actor holds a principal: None fields mean in their own right.

    `instrument_id` is the acting instrument (รักษาราชการแทน, ปฏิบัติราชการแทน); `on_behalf_of`
    is the position acted for.
    """

    instrument_id: UUID | None = None
    on_behalf_of: Principal | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) behind a command, resolved afresh for each request.

    `principals` maps each principal held now to the authority it is held by; `rights` are the
    named rights of the actor's roles; `scopes` limits an API token (None: a signed-in session).
    `clearance` is the highest degree of secrecy that they are cleared for, 1 for nobody's secrets.
    """

    agency_id: UUID
    person_id: UUID | None
    username: str
    name: str = ""
    principals: Mapping[Principal, Authority] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    clearance: int = 1

    def may(self, right: str) -> bool:
        if self.reads_only and right not in RIGHTS_TO_LOOK:
            return False
        return right in self.rights or ("everything" in self.rights and right != STEWARD)

    @property
    def reads_only(self) -> bool:
        """Named by a role of theirs: `everything` does not include it."""
        return READ_ONLY in self.rights

    @property
    def fence(self) -> UUID | None:
        """The agency that the database keeps this actor to; None for the house's own upkeep."""
        return self.agency_id if self.agency_id.int else None

    @property
    def is_system(self) -> bool:
        return self.person_id is None


def system_actor(agency_id: UUID) -> Actor:
    """The engine itself: timers, jobs, automatic steps."""
    return Actor(agency_id=agency_id, person_id=None, username="system", name="Saraban")
