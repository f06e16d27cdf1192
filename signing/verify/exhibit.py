"""A signature as it lies in the document, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.organisation import of_organisation
from signing.verify.verdict import SignatureVerdict, TimeSource


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An embedded signature and what it says of itself."""

    embedded: EmbeddedPdfSignature
    field: str
    signer: str
    issuer: str | None
    claimed: datetime | None
    reason: str | None
    organisation: bool
    title: str | None

    @classmethod
    def of(cls, embedded: EmbeddedPdfSignature) -> Exhibit:
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
            of_organisation(certificate),
            str(names.get("title") or "") or None,
        )

    @property
    def digest(self) -> str | None:
        """Of the bytes that it covers, in hex; None where that cannot be told."""
        try:
            return bytes(self.embedded.compute_digest()).hex()
        except Exception:  # whatever a stranger's file holds
            return None

    @property
    def token(self) -> cms.SignedData | None:
        """Its own timestamp, whatever that is worth."""
        tokens = extract_tst_data_iter(self.embedded.signer_info, signed=False)
        return next(iter(tokens), None)

    @property
    def stamped(self) -> datetime | None:
        """When its own timestamp says that it existed, whatever that is worth."""
        try:
            token = self.token
            info = token["encap_content_info"]["content"].parsed if token else None
            time: datetime | None = info["gen_time"].native if info else None
        except (ValueError, TypeError, KeyError):
            return None
        return time

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
        revoked: datetime | None = None,
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
            by="organisation" if self.organisation else "person",
            revoked=revoked,
            digest=self.digest,
            post=(self.title,) if self.title else (),
            post_source="certificate" if self.title else None,
        )
