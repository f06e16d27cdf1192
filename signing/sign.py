"""A PAdES signature in stages, each plain data obtainable only from the one before.

prepare (visible block, bytes to sign over) → seal (the key signs) → finish (timestamp, signed PDF).
A device, a remote service or an absent timestamp authority may come in between. `sign_letter`
walks all stages at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.appearance import SignerBlock, VisibleBlock, check
from signing.attributes import signed_attributes
from signing.errors import (
    CertificateOutOfDate,
    SigningError,
    TimestampRefused,
    TimestampUnavailable,
    Unreadable,
)
from signing.fonts import Typeface
from signing.incremental import Revision
from signing.keys import KeyProvider
from signing.locks import check_field, check_locks
from signing.splicing import with_timestamp
from signing.stages import Prepared, Sealed, Signed
from signing.timestamp import Timestamps, token_time

__all__ = [
    "Prepared",
    "Sealed",
    "Signed",
    "SignerBlock",
    "finish",
    "made_ready",
    "prepare",
    "seal",
    "sign_letter",
]

_HASH = "sha256"
#: Room for the signature, its certificates and a timestamp with its own: as hexadecimal digits.
_ROOM = 24576


def prepare(
    pdf: bytes,
    field: str,
    signer: SignerBlock,
    at: datetime,
    *,
    typeface: Typeface | None = None,
    reason: str | None = None,
) -> Prepared:
    """The document ready to be signed in `field`; the first signature certifies it.

    Raises `FieldMissing`, `FieldTaken`, `FieldLocked`, `Unreadable`, or `Unrenderable` for a name
    or post that cannot be printed.
    """
    check(signer, typeface)
    block = VisibleBlock(0, signer=signer, at=at, typeface=typeface)
    return made_ready(pdf, field, block, signer.name, at, reason=reason)


def made_ready(
    pdf: bytes,
    field: str,
    block: BaseStampStyle,
    name: str,
    at: datetime,
    *,
    reason: str | None = None,
    anew: bool = False,
) -> Prepared:
    """As `prepare` with any drawing for the visible block; `anew`: the field is made, unseen."""
    try:
        return _prepared(pdf, field, block, (name, at, reason), anew=anew)
    except (PdfError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable(f"Expected a PDF that can be signed, but: {error}") from error


def _prepared(
    pdf: bytes,
    field: str,
    block: BaseStampStyle,
    said: tuple[str, datetime, str | None],
    *,
    anew: bool,
) -> Prepared:
    name, at, reason = said
    writer = Revision(pdf)
    if writer.prev.encrypted:
        raise Unreadable("Expected a PDF that can be signed, but it is encrypted.")
    (check_locks if anew else check_field)(writer.prev, field)
    first = not writer.prev.embedded_signatures
    about = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=_HASH,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    session = PdfSigner(about, Signer(), stamp_style=block).init_signing_session(
        writer, existing_fields_only=not anew
    )
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_ROOM)
    prepared, out = document.digest_tbs_document()
    out.seek(0)
    room = (prepared.reserved_region_start, prepared.reserved_region_end)
    return Prepared(out.read(), field, prepared.document_digest, room, at)


def seal(prepared: Prepared, key: KeyProvider) -> Sealed:
    """The signature of `key` over the prepared document.

    Raises `CertificateOutOfDate` when the certificate is not in force at the signing time.
    """
    certificate = x509.Certificate.load(key.certificate)
    _check_in_force(certificate, prepared.at)
    signing = _KeySigner(key, certificate).async_sign_prescribed_attributes(
        _HASH, signed_attributes(prepared.digest, certificate)
    )
    return Sealed(prepared, asyncio.run(signing).dump())


class _KeySigner(Signer):
    """pyHanko's signer over any key provider."""

    def __init__(self, key: KeyProvider, certificate: x509.Certificate) -> None:
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call] # it has no types
        chain.register_multiple([x509.Certificate.load(der) for der in key.chain])
        super().__init__(signing_cert=certificate, cert_registry=chain, embed_roots=False)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        assert not dry_run  # room is reserved by a fixed size
        return self._key.sign_digest(hashlib.new(digest_algorithm, data).digest(), digest_algorithm)


def _check_in_force(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    if not begins <= at <= ends:
        raise CertificateOutOfDate(
            f"Expected a certificate in force on {at:%Y-%m-%d}, but it counts from "
            f"{begins:%Y-%m-%d} to {ends:%Y-%m-%d}. Renew it."
        )


def finish(sealed: Sealed, timestamps: Timestamps | None) -> Signed:
    """The signed document: B-T, or B-B without `timestamps`.

    Raises `TimestampUnavailable` carrying `sealed`; call again with it later.
    """
    prepared = sealed.prepared
    signature = cms.ContentInfo.load(sealed.cms)
    if timestamps is None:
        return Signed(_filled(sealed), prepared.field, "B-B", prepared.at, None, prepared.digest)
    token = _token(sealed, extract_signer_info(signature["content"]), timestamps)
    stamped = replace(sealed, cms=with_timestamp(sealed.cms, token))
    at = token_time(token)
    return Signed(_filled(stamped), prepared.field, "B-T", prepared.at, at, prepared.digest)


def _token(sealed: Sealed, signer: cms.SignerInfo, timestamps: Timestamps) -> bytes:
    try:
        return timestamps.stamp(hashlib.sha256(signer["signature"].native).digest())
    except TimestampRefused as error:
        raise TimestampRefused(str(error), sealed) from error
    except TimestampUnavailable as error:
        raise TimestampUnavailable(str(error), sealed) from error


def _filled(sealed: Sealed) -> bytes:
    prepared = sealed.prepared
    first, last = prepared.room
    if 2 * len(sealed.cms) > last - first - 2:
        raise SigningError(
            f"Expected a signature of at most {(last - first - 2) // 2} bytes, but it has "
            f"{len(sealed.cms)}: its certificates are too many."
        )
    out = io.BytesIO(prepared.pdf)
    PreparedByteRangeDigest(prepared.digest, first, last).fill_with_cms(out, sealed.cms)
    return out.getvalue()


def sign_letter(
    pdf: bytes,
    *,
    field: str,
    key: KeyProvider,
    signer: SignerBlock,
    at: datetime,
    timestamps: Timestamps | None,
    typeface: Typeface | None = None,
    reason: str | None = None,
) -> Signed:
    """All stages in one: `finish(seal(prepare(...)))`.

    Raises what they raise; on `TimestampUnavailable` store `error.sealed.to_bytes()` and let a
    job call `finish(Sealed.from_bytes(...), timestamps)`.
    """
    prepared = prepare(pdf, field, signer, at, typeface=typeface, reason=reason)
    return finish(seal(prepared, key), timestamps)
