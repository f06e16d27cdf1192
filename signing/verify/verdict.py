"""The verdict on a document, as a value and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

#: valid: all signatures are intact, valid and trusted, and nothing was changed since.
#: withdrawn, unissued: they are, but whoever issues it says that it counts no more, or not yet.
Word = Literal[
    "valid", "untrusted", "modified", "invalid", "unsigned", "unreadable", "withdrawn", "unissued"
]
TimeSource = Literal["timestamp", "claimed"]
Signatory = Literal["person", "organisation"]
PostSource = Literal["house", "certificate"]
#: What the house that issued a document says of it, which no file can tell.
Standing = Literal["in_force", "withdrawn", "unissued"]


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature, its questions answered apart.

    intact: the signed bytes are unchanged. valid: the signature fits the certificate, which was in
    force. trusted: the certificate leads to a trust anchor. modified: the document was changed
    after signing in a way that signing does not allow. time: of the timestamp (`time_source`
    "timestamp"), else as the signer's machine claims ("claimed"). by: an organisation's signature
    is its seal, and nobody's in person. revoked: since when its certificate counts no more; a good
    signature is proved from before, and loses nothing by it. Any other is not `valid`. digest: of
    the bytes that it covers, in hex. post: the lines under the name as the house that issued the
    document knows them (`post_source` "house"), else the title in the certificate.
    """

    field: str
    signer: str
    intact: bool
    valid: bool
    trusted: bool
    modified: bool
    time: datetime | None = None
    time_source: TimeSource | None = None
    level: str | None = None
    issuer: str | None = None
    reason: str | None = None
    problem: str | None = None
    """In a sentence, what is wrong with it; None when it is good."""
    by: Signatory = "person"
    revoked: datetime | None = None
    digest: str | None = None
    post: tuple[str, ...] = ()
    post_source: PostSource | None = None

    @property
    def good(self) -> bool:
        return self.intact and self.valid and self.trusted and not self.modified

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "signer": self.signer,
            "intact": self.intact,
            "valid": self.valid,
            "trusted": self.trusted,
            "modified": self.modified,
            "time": _utc(self.time),
            "time_source": self.time_source,
            "level": self.level,
            "issuer": self.issuer,
            "reason": self.reason,
            "problem": self.problem,
            "by": self.by,
            "revoked": _utc(self.revoked),
            "digest": self.digest,
            "post": list(self.post),
            "post_source": self.post_source,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SignatureVerdict:
        times = {name: _moment(data[name]) for name in ("time", "revoked")}
        return cls(**{**data, **times, "post": tuple(data["post"])})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole document; `problem` says in a sentence why it is unreadable. `standing`: None where
    it is not known who issued it; `withdrawn_at`: since when it counts no more, and
    `replaced_by` the number of the document in its place.
    """

    signatures: tuple[SignatureVerdict, ...]
    verdict: Word
    problem: str | None = None
    standing: Standing | None = None
    withdrawn_at: datetime | None = None
    replaced_by: str | None = None

    @property
    def good(self) -> bool:
        return self.verdict == "valid"

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "signatures": [signature.as_json() for signature in self.signatures],
            "verdict": self.verdict,
        }
        more = {
            "problem": self.problem,
            "standing": self.standing,
            "withdrawn_at": _utc(self.withdrawn_at),
            "replaced_by": self.replaced_by,
        }
        return {**answer, **{name: value for name, value in more.items() if value is not None}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        signatures = tuple(map(SignatureVerdict.from_json, data["signatures"]))
        return cls(signatures, data["verdict"], data.get("problem"))

    @classmethod
    def of(cls, signatures: tuple[SignatureVerdict, ...]) -> Verdict:
        """The word for all of them together: the worst that is true of one."""
        return cls(signatures, _word(signatures))


def unreadable(problem: str) -> Verdict:
    return Verdict((), "unreadable", problem)


def _word(signatures: tuple[SignatureVerdict, ...]) -> Word:
    if not signatures:
        return "unsigned"
    if any(signature.intact and not signature.valid for signature in signatures):
        return "invalid"
    if any(signature.modified for signature in signatures):
        return "modified"
    return "valid" if all(signature.good for signature in signatures) else "untrusted"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _utc(time: datetime | None) -> str | None:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None
