"""Makes signatures last: their evidence goes into the document, a timestamp over it at its end.

Called again years later, with newer evidence of the last timestamp, it renews the archive. Each
time a revision is appended; the bytes before it are untouched.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError as Misfit
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

from signing.errors import CertificateRevoked, TimestampRefused, Unprovable, Unreadable
from signing.incremental import Revision
from signing.lasting.gathering import Gathering
from signing.lasting.statuses import Statuses
from signing.timestamp import Timestamps, token_time
from signing.verify.court import Court
from signing.verify.evidence import Evidence
from signing.verify.trust import anchors

_HASH = "sha256"
#: Room for the last timestamp with its certificates: as hexadecimal digits.
_ROOM = 16384


@dataclass(frozen=True, slots=True)
class Lasting:
    """The document with a revision more. `level` is "B-LT" or "B-LTA"; `at` is the archive
    timestamp's time (B-LTA).
    """

    pdf: bytes = field(repr=False)
    level: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A certificate that was used, when, and what came beside it."""

    what: str
    certificate: x509.Certificate
    others: Sequence[x509.Certificate]
    at: datetime
    uses: frozenset[str] = frozenset()


def lasting(
    pdf: bytes,
    *,
    statuses: Statuses,
    timestamps: Timestamps | None,
    trust: Sequence[bytes],
    at: datetime,
) -> Lasting:
    """`pdf` with the evidence of all its signatures and timestamps, and, with `timestamps`, one
    more over all of it.

    For once the last has signed, and for each renewal. Raises `StatusUnavailable` or
    `TimestampUnavailable` (try later), `CertificateRevoked`, `Unprovable` or `Unreadable`: then
    nothing is half done.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise Unreadable("Expected a signed PDF, but it is encrypted.")
        claims = [claim for one in reader.embedded_signatures for claim in _claims(one, at)]
        if not claims:
            raise Unprovable("Expected a signed PDF, but nobody has signed it.")
        court, found = _proved(reader, claims, statuses, trust, at)
        return asyncio.run(_sealed(pdf, court, claims, found, timestamps, reader))
    except (PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(f"Expected a signed PDF that can be read, but: {error}") from error


def _claims(signature: EmbeddedPdfSignature, at: datetime) -> list[_Claim]:
    """Of the signature itself and of its timestamp."""
    field = signature.field_name
    if signature.sig_object_type == "/DocTimeStamp":
        return [_of_token(f"the archive timestamp {field}", signature.signed_data)]
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    stamps = [_of_token(f"the timestamp in {field}", token) for token in tokens]
    used = extract_certs_for_validation(signature.signed_data)
    when = stamps[0].at if stamps else at
    return [_Claim(f"the signature in {field}", used.signer_cert, used.other_certs, when), *stamps]


def _of_token(what: str, token: cms.SignedData) -> _Claim:
    used = extract_certs_for_validation(token)
    info: tsp.TSTInfo = token["encap_content_info"]["content"].parsed
    uses = frozenset({"time_stamping"})
    return _Claim(what, used.signer_cert, used.other_certs, info["gen_time"].native, uses)


def _proved(
    reader: PdfFileReader,
    claims: Sequence[_Claim],
    statuses: Statuses,
    trust: Sequence[bytes],
    at: datetime,
) -> tuple[Court, Gathering]:
    """What the document has and what had to be asked for, together."""
    roots = anchors(trust)
    kept = Evidence.of(reader)
    before, found = Court(roots, at, kept), Gathering(statuses, roots)
    asked: dict[bytes, bool] = {}
    for claim in claims:
        der = claim.certificate.dump()
        if der not in asked:
            asked[der] = not (kept and asyncio.run(_fault(before, claim)) is None)
            if asked[der]:
                found.prove(claim.certificate, [*claim.others, *kept.certificates])
    both = Evidence(
        [*kept.certificates, *found.certificates],
        [*kept.crls, *found.crls],
        [*kept.ocsps, *found.ocsps],
    )
    return Court(roots, at, both), found


async def _fault(court: Court, claim: _Claim) -> Exception | None:
    """Why the evidence does not prove the claim's certificate as of its time."""
    context = court.context(claim.at, proved=True)
    validator = CertificateValidator(claim.certificate, claim.others, context)
    try:
        await validator.async_validate_usage(set(), set(claim.uses))  # type: ignore[no-untyped-call] # it has no types
    except (PathBuildingError, ValidationError) as error:
        return error
    return None


async def _sealed(
    pdf: bytes,
    court: Court,
    claims: Sequence[_Claim],
    found: Gathering,
    timestamps: Timestamps | None,
    reader: PdfFileReader,
) -> Lasting:
    judged: set[tuple[bytes, datetime]] = set()
    for claim in claims:
        key = (claim.certificate.dump(), claim.at)
        if key not in judged:
            judged.add(key)
            _check(claim, await _fault(court, claim))
    writer = Revision(pdf)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=found.certificates, crls=found.crls, ocsps=found.ocsps
    )
    if timestamps is None:
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call] # it has no types
        return Lasting(out.getvalue(), "B-LT", None)
    stamper = _Stamper(timestamps)
    name = f"archive_{1 + len(reader.embedded_timestamp_signatures):04}"
    try:
        sealed = await PdfTimeStamper(stamper, field_name=name).async_timestamp_pdf(
            writer, _HASH, bytes_reserved=_ROOM
        )
    except Misfit as error:
        raise TimestampRefused(
            f"Expected a timestamp of at most {_ROOM // 2048} KB, but: {error}"
        ) from error
    return Lasting(sealed.getvalue(), "B-LTA", stamper.time)


def _check(claim: _Claim, fault: Exception | None) -> None:
    if fault is None:
        return
    name = claim.certificate.subject.native.get("common_name") or "?"
    if isinstance(fault, RevokedError):
        raise CertificateRevoked(
            f"Expected {claim.what} to be made with a certificate in force, but that of {name} was"
            f" revoked on {fault.revocation_dt:%Y-%m-%d}, before."
        ) from fault
    raise Unprovable(
        f"Expected evidence that the certificate of {name}, for {claim.what}, was in force on"
        f" {claim.at:%Y-%m-%d}, but: {fault}"
    ) from fault


class _Stamper(TimeStamper):
    """pyHanko's timestamps from any authority of ours."""

    def __init__(self, authority: Timestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # it has no types
        self._authority = authority
        self.time: datetime | None = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        assert md_algorithm == _HASH
        token = self._authority.stamp(message_digest)
        self.time = token_time(token)
        return cms.ContentInfo.load(token)
