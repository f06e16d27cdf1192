"""What documents need from other rooms and from outside, as small Protocols.

`api.bootstrap` hands a `Desk` to the bus as `services.extra["desk"]`. The registry fulfils
`Numbers`: rooms of the office do not import one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Context
from office.files.storage import Storage
from signing.hardware.tokens import Tokens
from signing.remote import Call


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number of a series stands: in the book of this kind and department."""

    book: str
    code: str
    value: int


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number that is reserved for one document; `text` in Arabic digits: "ตย 0201/123".

    `place` is None for letters, whose text says it. `id` is None for what no book counts.
    """

    id: UUID | None
    text: str
    dated: date
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A book that a department keeps of one kind each year: 95/2569. Its number is printed alone
    where it `stands_alone`; else it is for the register, with the `word` before it.
    """

    kind: str
    department: str
    word: str
    stands_alone: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What a book and a register need to know of a document."""

    document_id: UUID
    kind: str
    unit: str
    circular: bool
    subject: str
    sender: str
    recipient: str
    urgency: int
    #: สำเนาส่ง
    copies: Sequence[str] = ()
    #: None: it counts in the unit's book of sent letters
    series: Series | None = None
    #: it came from outside: it stands in the unit's register of letters received, too
    received: bool = False
    #: 1 ปกติ, 2 ลับ, 3 ลับมาก
    secrecy: int = 1

    @property
    def secret(self) -> bool:
        """It counts in books, and stands in registers, of its own."""
        return self.secrecy > 1


class Numbers(Protocol):
    """Books of numbers without gaps. What takes a `Context` runs inside its transaction."""

    def reserve(self, ctx: Context, letter: Letter, today: date) -> GivenNumber:
        """The document's number of today: the one it has reserved, else the book's next."""
        ...

    def give_up(self, ctx: Context, document_id: UUID, cause: str) -> None:
        """Make the document's reserved number void, with the cause."""
        ...

    def let_go(self, ctx: Context, number_id: UUID) -> None:
        """No signature waits for it any more: where its day is over, it becomes void."""
        ...

    def make_final(self, ctx: Context, number_id: UUID, letter: Letter, sha256: str) -> None:
        """The signed file carries it: final, with its line in the register of sent letters."""
        ...

    def remark(self, ctx: Context, document_id: UUID, remark: str) -> None:
        """Note it beside the document in every register that has it (หมายเหตุ)."""
        ...

    def given(self, db: Connection, agency_id: UUID, number_id: UUID) -> GivenNumber:
        """A number that was reserved, with its place."""
        ...

    def journal(
        self, agency_id: UUID, given: GivenNumber, document_id: UUID, sha256: str, at: datetime
    ) -> None:
        """Write the number down outside the database, durably, before it becomes final."""
        ...


class Papers(Protocol):
    """Content to PDF, and a PDF signed: `signing`, with the agency's fonts and emblem."""

    def render(
        self, agency_id: UUID, document: Mapping[str, Any], *, draft: bool = False
    ) -> bytes: ...

    def pages_in(self, agency_id: UUID, document: Mapping[str, Any], window: Any) -> Any:
        """A draft's pages in a `signing.render.Window` as `signing.render.Rendered`, which counts
        all of them and has the lines of all.
        """
        ...

    def typeface(self) -> Any: ...


class Factors(Protocol):
    """The second factor of the person who signs."""

    def check_totp(self, actor: Actor, code: str, said: Mapping[str, Any]) -> bool:
        """Whether the code is right and was not used before; a right one is used up, and what it
        was `said` for is written down (commits).
        """
        ...

    def check_passkey(self, actor: Actor, answer: str, bound: str, said: Mapping[str, Any]) -> bool:
        """Whether a passkey of theirs answered the question that was `bound` so; the answer is used
        up and written down with what it was `said` for (commits).
        """
        ...


class RemoteServices(Protocol):
    """Services that keep officials' keys (`signing.remote`), as an agency has set them up."""

    def names(self, agency_id: UUID) -> Sequence[tuple[str, str]]:
        """Each with its title, for people to choose from."""
        ...

    def call(self, agency_id: UUID, service: str) -> Call:
        """How one of them is asked. What is asked goes out when it is called, and not before."""
        ...


class Issuer(Protocol):
    """The certificate authority of the installation: a development authority, in this process."""

    def enrol(self, name: str, pin: str, at: datetime, *, organisation: str) -> Any:
        """A new closed key with its certificate (`signing.keys.SoftwareKey`); raises `WeakPin`."""
        ...

    def enrol_seal(self, organisation: str, code: str, secret: str, at: datetime) -> Any:
        """The same for the seal of an organisation, which has this code in the house."""
        ...

    def issued(self, certificate: bytes) -> bool:
        """Whether this certificate (DER) is one of its own."""
        ...

    def revoke(self, serial: int, since: datetime) -> None:
        """Put the certificate on the revocation list, durably; a repeat changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that documents and signatures are made with."""

    storage: Storage
    numbers: Numbers
    papers: Papers
    #: RFC 3161 (see `signing.timestamp.Timestamps`); None: signatures stay B-B
    timestamps: Any
    #: whether certificates are revoked (see `signing.lasting.Statuses`)
    statuses: Any
    #: None where certificates come from an authority outside, which revokes them itself
    issuer: Issuer | None
    #: certificates (DER or PEM) that our own signatures are verified by before they count
    trust: Sequence[bytes]
    factors: Factors
    #: hardware tokens that keys may lie on; None where the installation reaches none
    tokens: Tokens | None = None
    #: None where nothing leaves the house
    remote: RemoteServices | None = None
    #: bundle hashes of the process in which signed letters are withdrawn, as it is shipped
    withdrawal_forms: frozenset[str] = frozenset()
    #: the installation's: what opens the agency's seal is kept under it
    secret: bytes = field(default=b"", repr=False)


def desk_of(ctx: Context) -> Desk:
    return cast(Desk, ctx.services.extra["desk"])
