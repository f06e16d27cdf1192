"""Judges each signature of a PDF: whole, valid, trusted, changed since, when."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from asn1crypto import core, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)

from signing.verify import hexadecimal
from signing.verify.court import Court
from signing.verify.evidence import Evidence
from signing.verify.exhibit import Exhibit
from signing.verify.trust import anchors
from signing.verify.verdict import SignatureVerdict, Verdict, unreadable

_MOST_SIGNATURES = 100
hexadecimal.install()
#: pyHanko logs each failed path as an error; here it is an answer.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def verify(
    pdf: bytes, trust: Sequence[bytes], at: datetime, *, lists: Iterable[bytes] = ()
) -> Verdict:
    """The verdict on bytes of our own making, in this process.

    `trust` are certificates (DER or PEM), `lists` revocation lists (DER) that are known here
    beside those in the document. Never raises for what the bytes hold: hostile or broken input is
    "unreadable" or "invalid".
    """
    roots = anchors(trust)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            return unreadable("Expected a PDF to verify, but it is encrypted. Save it without.")
        found = [Exhibit.of(embedded) for embedded in reader.embedded_signatures]
    except Exception as error:
        return unreadable(f"Expected a PDF that can be read, but: {_brief(error)}")
    if len(found) > _MOST_SIGNATURES:
        return unreadable(f"Expected at most {_MOST_SIGNATURES} signatures.")
    return asyncio.run(_verdict(Court(roots, at, Evidence.of(reader, lists)), found))


async def _verdict(court: Court, found: Sequence[Exhibit]) -> Verdict:
    archived = await _archived(court, [e for e in found if e.document_timestamp])
    signatures = []
    for exhibit in found:
        if exhibit.document_timestamp:
            continue
        try:
            signatures.append(await _judge(court, exhibit, archived))
        except Exception as error:
            signatures.append(exhibit.verdict(problem=f"It cannot be read: {_brief(error)}"))
    return Verdict.of(tuple(signatures))


async def _archived(court: Court, stamps: Sequence[Exhibit]) -> Sequence[tuple[int, datetime]]:
    """The good timestamps of the whole document: the revision of each, and its time.

    Each proves that what lies before it existed then: so the last is judged as of now, and one
    before it as of the time that the next one gives. One that is not good proves nothing.
    """
    found: list[tuple[int, datetime]] = []
    moment = court.at
    for exhibit in reversed(stamps):
        try:
            status = await async_validate_pdf_timestamp(
                exhibit.embedded, court.context(moment), diff_policy=court.review
            )
        except Exception:  # noqa: S112 - as good as none
            continue
        whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        if status.intact and status.valid and status.trusted and whole:
            moment = min(moment, status.timestamp)
            found.append((exhibit.embedded.signed_revision, status.timestamp))
    return found[::-1]


async def _judge(
    court: Court, exhibit: Exhibit, archived: Sequence[tuple[int, datetime]]
) -> SignatureVerdict:
    later = [at for revision, at in archived if revision > exhibit.embedded.signed_revision]
    known_by = min(later, default=court.at)
    status, proved = await _status(court, exhibit, exhibit.stamped or known_by, known_by)
    stamp = _good(status.timestamp_validity)
    if exhibit.stamped and not stamp:  # then nothing says when it was signed
        status, proved = await _status(court, exhibit, known_by, known_by)
    time = stamp.timestamp if stamp else exhibit.claimed
    proof = stamp.timestamp if stamp else known_by
    revoked = _earlier(await _revoked(court, exhibit), status)
    convicted = revoked is not None and (revoked <= proof or status.revocation_details is not None)
    in_force = _in_force(exhibit.embedded.signer_cert, time or court.at)
    modified = not (
        status.intact
        and _allowed(status)
        and _only_signed(status, exhibit.embedded)
        and _nothing_hidden(exhibit.embedded)
    )
    lasts = proved and stamp is not None and await _stamp_lasts(court, exhibit, stamp)
    return exhibit.verdict(
        intact=status.intact,
        valid=status.valid and in_force and not convicted,
        trusted=status.trusted or status.revocation_details is not None,
        modified=modified,
        time=time,
        source="timestamp" if stamp else "claimed" if time else None,
        level=_level(stamp is not None, long_term=lasts, archived=bool(later)),
        problem=_problem(
            status, in_force=in_force, modified=modified, since=revoked if convicted else None
        ),
        revoked=revoked,
    )


async def _status(
    court: Court, exhibit: Exhibit, at: datetime, known_by: datetime
) -> tuple[PdfSignatureStatus, bool]:
    """PyHanko's findings, the signer's certificate judged as of `at`, its timestamp as of when it
    is known to have existed; and whether the evidence in the document proves that certificate.
    """
    status = None
    for proved in (True, False) if court.evidence else (False,):
        status = await async_validate_pdf_signature(
            exhibit.embedded,
            signer_validation_context=court.context(at, proved=proved),
            ts_validation_context=court.context(known_by),
            diff_policy=court.review,
        )
        if status.trusted or status.revocation_details is not None:
            return status, proved and status.trusted
    assert status is not None
    return status, False


async def _revoked(court: Court, exhibit: Exhibit) -> datetime | None:
    """Since when the signer's certificate is revoked, whatever that means for this signature."""
    return await court.revoked_since(
        exhibit.embedded.signer_cert, exhibit.embedded.other_embedded_certs
    )


def _earlier(since: datetime | None, status: PdfSignatureStatus) -> datetime | None:
    """That, or what convicted it: an authority above the signer may be revoked too."""
    details = status.revocation_details
    told = [since, details.revocation_date if details is not None else None]
    return min((moment for moment in told if moment is not None), default=None)


async def _stamp_lasts(court: Court, exhibit: Exhibit, stamp: TimestampSignatureStatus) -> bool:
    return await court.proves_stamp(exhibit.token, stamp.timestamp)


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


def _only_signed(status: PdfSignatureStatus, embedded: EmbeddedPdfSignature) -> bool:
    """No field was filled in since but by signing. The standard lets a signer allow others; here
    they would be words that nobody signed under a signature that is called good.
    """
    found = status.diff_result
    if not isinstance(found, DiffResult) or not found.changed_form_fields:
        return True
    to_sign = {name for name, _, _ in enumerate_sig_fields(embedded.reader)}
    return found.changed_form_fields <= to_sign


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


def _problem(
    status: PdfSignatureStatus, *, in_force: bool, modified: bool, since: datetime | None
) -> str | None:
    if not status.intact:
        return "The signed content has been changed."
    if not status.valid:
        return "The signature does not fit its certificate."
    if not in_force:
        return "The certificate was not in force at the time of signing."
    if modified:
        return "The document has been changed after signing."
    if since is not None:
        return f"The certificate was revoked on {since:%Y-%m-%d}, before the signature is proved."
    if not status.trusted:
        return "The certificate leads to no authority that is trusted here."
    return None


def _brief(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}…"
