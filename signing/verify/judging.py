"""Judges each signature of a PDF: whole, valid, trusted, changed since, when."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.verify.trust import anchors
from signing.verify.verdict import SignatureVerdict, TimeSource, Verdict, unreadable

_MOST_SIGNATURES = 100
#: pyHanko logs each failed path as an error; here it is an answer.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def verify(pdf: bytes, trust: Sequence[bytes], at: datetime) -> Verdict:
    """The verdict on bytes of our own making, in this process.

    `trust` are certificates (DER or PEM). Never raises for what the bytes hold: hostile or broken
    input is "unreadable" or "invalid".
    """
    court = _Court(anchors(trust), at)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            return unreadable("Expected a PDF to verify, but it is encrypted. Save it without.")
        found = [_Exhibit.of(embedded) for embedded in reader.embedded_signatures]
    except Exception as error:
        return unreadable(f"Expected a PDF that can be read, but: {_brief(error)}")
    if len(found) > _MOST_SIGNATURES:
        return unreadable(f"Expected at most {_MOST_SIGNATURES} signatures.")
    return asyncio.run(_verdict(court, reader, found))


@dataclass(frozen=True, slots=True)
class _Court:
    """Who is trusted, and when the question is asked."""

    anchors: Sequence[x509.Certificate]
    at: datetime

    def context(self, at: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self.anchors),
            allow_fetching=False,
            moment=at,
            revocation_mode="soft-fail",
        )


@dataclass(frozen=True, slots=True)
class _Exhibit:
    """An embedded signature and what it says of itself."""

    embedded: EmbeddedPdfSignature
    field: str
    signer: str
    issuer: str | None
    claimed: datetime | None
    reason: str | None

    @classmethod
    def of(cls, embedded: EmbeddedPdfSignature) -> _Exhibit:
        certificate = embedded.signer_cert
        names = certificate.subject.native if certificate else {}
        issuers = certificate.issuer.native if certificate else {}
        reason = embedded.sig_object.get("/Reason")
        return cls(
            embedded,
            embedded.field_name,
            str(names.get("common_name") or names.get("organization_name") or ""),
            str(issuers.get("common_name") or "") or None,
            embedded.self_reported_timestamp,
            str(reason) if reason is not None else None,
        )

    @property
    def document_timestamp(self) -> bool:
        return bool(self.embedded.sig_object_type == "/DocTimeStamp")

    def verdict(
        self,
        *,
        intact: bool = False,
        valid: bool = False,
        trusted: bool = False,
        modified: bool = True,
        time: datetime | None = None,
        source: TimeSource | None = None,
        level: str | None = None,
        problem: str | None = None,
    ) -> SignatureVerdict:
        return SignatureVerdict(
            field=self.field,
            signer=self.signer,
            intact=intact,
            valid=valid,
            trusted=trusted,
            modified=modified,
            time=time,
            time_source=source,
            level=level,
            issuer=self.issuer,
            reason=self.reason,
            problem=problem,
        )


async def _verdict(court: _Court, reader: PdfFileReader, found: Sequence[_Exhibit]) -> Verdict:
    sealed = await _archived(court, [e for e in found if e.document_timestamp])
    long_term = "/DSS" in reader.root
    signatures = []
    for exhibit in found:
        if exhibit.document_timestamp:
            continue
        try:
            signatures.append(await _judge(court, exhibit, long_term=long_term, archived=sealed))
        except Exception as error:
            signatures.append(exhibit.verdict(problem=f"It cannot be read: {_brief(error)}"))
    return Verdict.of(tuple(signatures))


async def _archived(court: _Court, stamps: Sequence[_Exhibit]) -> bool:
    """Whether a good timestamp of the whole document stands at its end."""
    if not stamps:
        return False
    try:
        status = await async_validate_pdf_timestamp(stamps[-1].embedded, court.context(court.at))
    except Exception:
        return False
    return bool(status.intact and status.valid and status.trusted)


async def _judge(
    court: _Court, exhibit: _Exhibit, *, long_term: bool, archived: bool
) -> SignatureVerdict:
    status = await _status(court, exhibit, court.at)
    stamp = _good(status.timestamp_validity)
    if stamp and not status.trusted:  # not any more, perhaps: it counts when it was signed
        status = await _status(court, exhibit, stamp.timestamp)
    time = stamp.timestamp if stamp else exhibit.claimed
    in_force = _in_force(exhibit.embedded.signer_cert, time or court.at)
    modified = not (status.intact and _allowed(status) and _nothing_hidden(exhibit.embedded))
    return exhibit.verdict(
        intact=status.intact,
        valid=status.valid and in_force,
        trusted=status.trusted,
        modified=modified,
        time=time,
        source="timestamp" if stamp else "claimed" if time else None,
        level=_level(stamp is not None, long_term=long_term, archived=archived),
        problem=_problem(status, in_force=in_force, modified=modified),
    )


async def _status(court: _Court, exhibit: _Exhibit, at: datetime) -> PdfSignatureStatus:
    """PyHanko's findings, the signer's certificate judged as of `at`."""
    return await async_validate_pdf_signature(
        exhibit.embedded,
        signer_validation_context=court.context(at),
        ts_validation_context=court.context(court.at),
    )


def _good(stamp: TimestampSignatureStatus | None) -> TimestampSignatureStatus | None:
    """The signature's timestamp, if it is whole, valid and of a trusted authority."""
    good = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    return stamp if good else None


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return bool(certificate.not_valid_before <= at <= certificate.not_valid_after)


def _allowed(status: PdfSignatureStatus) -> bool:
    """Nothing was added since but what signing, filling in and archiving add."""
    level = status.modification_level
    return level is not None and level != ModificationLevel.OTHER and status.docmdp_ok is not False


def _nothing_hidden(embedded: EmbeddedPdfSignature) -> bool:
    """No bytes that no signature covers, and that other readers might take for content.

    They could stand in the room left behind the signature, or after the signed end without being
    a revision of the document.
    """
    content: bytes = embedded.pkcs7_content
    if any(content[len(_first_value(content)) :]):
        return False
    end = int(embedded.byte_range[2]) + int(embedded.byte_range[3])
    reader = embedded.reader
    size = reader.stream.seek(0, io.SEEK_END)
    return size == end or (reader.last_startxref or 0) >= end


def _first_value(der: bytes) -> bytes:
    value: bytes = core.load(der).dump()
    return value


def _level(stamped: bool, *, long_term: bool, archived: bool) -> str:
    if not stamped:
        return "B-B"
    if not long_term:
        return "B-T"
    return "B-LTA" if archived else "B-LT"


def _problem(status: PdfSignatureStatus, *, in_force: bool, modified: bool) -> str | None:
    if not status.intact:
        return "The signed content has been changed."
    if not status.valid:
        return "The signature does not fit its certificate."
    if not in_force:
        return "The certificate was not in force at the time of signing."
    if modified:
        return "The document has been changed after signing."
    if not status.trusted:
        return "The certificate leads to no authority that is trusted here."
    return None


def _brief(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}…"
