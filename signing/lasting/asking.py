"""Whether a certificate is revoked, asked before anything is signed with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, RevokedError
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from signing.errors import CertificateRevoked
from signing.lasting.gathering import Gathering
from signing.lasting.statuses import Statuses
from signing.verify.trust import anchors

_OF_THE_LEAF = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
        intermediate_ca_cert_rule=RevocationCheckingRule.NO_CHECK,
    ),
    retroactive_revinfo=True,
)


def check_not_revoked(
    certificate: bytes,
    chain: Sequence[bytes],
    *,
    statuses: Statuses,
    trust: Sequence[bytes],
    at: datetime,
) -> None:
    """Refuse a certificate that its authority has revoked; raises `CertificateRevoked`.

    An authority that cannot be asked says nothing: archiving asks again before it promises.
    """
    leaf = x509.Certificate.load(certificate)
    found = Gathering(statuses, anchors(trust))
    others = [x509.Certificate.load(link) for link in chain]
    found.ask(leaf, others)
    context = ValidationContext(
        trust_roots=anchors(trust),
        other_certs=others,
        moment=at,
        crls=found.crls,
        ocsps=found.ocsps,
        revinfo_policy=_OF_THE_LEAF,
    )
    validator = CertificateValidator(leaf, others, context)
    asking = validator.async_validate_usage(set())  # type: ignore[no-untyped-call] # no types
    try:
        asyncio.run(asking)
    except RevokedError as error:
        raise revoked(leaf, error) from error
    except (PathBuildingError, PathValidationError):
        return  # other faults of it are told where the signature is looked at as a whole


def revoked(certificate: x509.Certificate, error: RevokedError) -> CertificateRevoked:
    name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return CertificateRevoked(
        f"Expected a certificate in force, but that of {name} (serial"
        f" {certificate.serial_number:x}) was revoked on {error.revocation_dt:%Y-%m-%d}."
        " Have another issued."
    )
