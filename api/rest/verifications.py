"""The verdict on a signed letter by the code that is printed on it: for everyone, rationed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g

from api import public
from api.pages import sessions
from api.rest.frame import Resource, system
from office.documents.queries import PublicSigner

resource = Resource(
    "verifications", __name__, url_prefix="/api/v1/verifications",
    description="Signed letters by the codes printed on them.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """`stands`: the verdict is good and the letter was not taken back. `subject` is null for a
    letter with a class of secrecy. `signers` are in order. `replaced_by` is the number of the
    letter in its place. `seal` is the organisation whose electronic seal it bears beside the
    signatures.
    """

    stands: bool
    verdict: str
    agency: str
    kind: str
    number: str
    dated: date
    subject: str | None
    signers: Sequence[PublicSigner]
    stamped_at: datetime | None
    level: str | None
    seal: str | None
    certificate_revoked_at: datetime | None
    revoked_at: datetime | None
    replaced_by: str | None
    sha256: str


@resource.get("/<code>", gives=CodeVerdict, public=True, limited=True)
def verification(code: str) -> Any:
    """Whether the signed letter with this code is genuine and counts; never its content."""
    found = public.look_up(system(), code, sessions.origin().ip, g.now)
    letter, signatures = found.letter, found.verdict.signatures
    taken = {name: getattr(letter, name) for name in _TAKEN}
    return CodeVerdict(
        stands=found.stands,
        verdict=found.verdict.verdict,
        stamped_at=_stamped(signatures),
        level=signatures[0].level if signatures else None,
        seal=next((one.signer for one in signatures if one.by == "organisation"), None),
        certificate_revoked_at=min(
            (one.revoked for one in signatures if one.revoked), default=None
        ),
        **taken,
    )


_TAKEN = ("agency", "kind", "number", "dated", "subject", "signers", "revoked_at", "replaced_by",
          "sha256")  # fmt: skip


def _stamped(signatures: Sequence[Any]) -> datetime | None:
    times = [one.time for one in signatures if one.time_source == "timestamp"]
    return times[0] if times else None
