"""By whom and by what certificates are judged, as of which moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import x509
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from signing.verify.evidence import Evidence
from signing.verify.reviewing import StepByStep

#: What was said when the certificate was used, or later, while that was current.
_PROVED = CertRevTrustPolicy(
    RevocationCheckingPolicy.from_legacy("require"), retroactive_revinfo=True
)
#: What was ever said: nobody is asked for newer news, and old news of a revocation counts too.
_AS_FAR_AS_KNOWN = CertRevTrustPolicy(
    RevocationCheckingPolicy.from_legacy("soft-fail"),
    freshness=timedelta(days=365 * 100),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)
#: What was ever said of the certificate alone, whether it declares that it may be asked for or not.
_OWN_NEWS = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
        intermediate_ca_cert_rule=RevocationCheckingRule.NO_CHECK,
    ),
    freshness=timedelta(days=365 * 100),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)


@dataclass(frozen=True, slots=True)
class Court:
    """Who is trusted, when the question is asked, the evidence that the document carries, and what
    was found of its revisions.
    """

    anchors: Sequence[x509.Certificate]
    at: datetime
    evidence: Evidence
    review: StepByStep = field(default_factory=StepByStep)
    _contexts: dict[tuple[datetime, bool], ValidationContext] = field(default_factory=dict)
    _proved: dict[bytes, bool] = field(default_factory=dict)
    _revoked: dict[bytes, datetime | None] = field(default_factory=dict)

    def context(self, at: datetime, *, proved: bool = False) -> ValidationContext:
        """`proved`: nothing is trusted of which the evidence does not say that it was in force.

        Evidence from after `at` counts: it tells since when a certificate is revoked.
        """
        known = self._contexts.get((at, proved))
        if known is None:
            known = self._contexts[at, proved] = ValidationContext(
                trust_roots=list(self.anchors),
                other_certs=self.evidence.certificates,
                crls=self.evidence.crls,
                ocsps=self.evidence.ocsps,
                allow_fetching=False,
                moment=at,
                revinfo_policy=_PROVED if proved else _AS_FAR_AS_KNOWN,
            )
        return known

    async def revoked_since(
        self, certificate: x509.Certificate, others: Iterable[x509.Certificate]
    ) -> datetime | None:
        """Since when an end entity's certificate is revoked, as far as is known by now; the first
        moment, where OCSP and the revocation lists name two. Later news may name one from before.

        Asked as of the last moment at which it was in force: authorities forget what has expired.
        """
        key = certificate.dump()
        if key not in self._revoked:
            asked = min(self.at, certificate.not_valid_after)
            found = [
                await _revoked(CertificateValidator(certificate, others, context))
                for context in self._apart(asked)
            ]
            self._revoked[key] = min((since for since in found if since), default=None)
        return self._revoked[key]

    def _apart(self, at: datetime) -> Iterator[ValidationContext]:
        """OCSP and lists apart: where one says something, pyHanko does not ask the other."""
        for crls, ocsps in ((self.evidence.crls, ()), ((), self.evidence.ocsps)):
            if crls or ocsps:
                yield ValidationContext(
                    trust_roots=list(self.anchors),
                    other_certs=self.evidence.certificates,
                    crls=crls,
                    ocsps=ocsps,
                    allow_fetching=False,
                    moment=at,
                    revinfo_policy=_OWN_NEWS,
                )

    async def proves_stamp(self, token: object, at: datetime) -> bool:
        """Whether the evidence proves the authority of a timestamp (its SignedData) as of then."""
        found = extract_certs_for_validation(token)
        key = found.signer_cert.dump()
        if key not in self._proved:
            validator = CertificateValidator(
                found.signer_cert, found.other_certs, self.context(at, proved=True)
            )
            try:
                await validator.async_validate_usage(set(), {"time_stamping"})  # type: ignore[no-untyped-call] # no types
                self._proved[key] = True
            except (PathBuildingError, ValidationError):
                self._proved[key] = False
        return self._proved[key]


async def _revoked(validator: CertificateValidator) -> datetime | None:
    """What the certificate's own path says; of its authorities the verdict tells by itself."""
    try:
        await validator.async_validate_usage(set())  # type: ignore[no-untyped-call] # no types
    except RevokedError as fault:
        own = fault.is_ee_cert and not fault.is_side_validation
        return fault.revocation_dt if own else None
    except (PathBuildingError, ValidationError):
        return None
    return None
