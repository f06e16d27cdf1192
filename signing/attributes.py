"""What a PAdES signature or a timestamp signs beside a digest (ETSI EN 319 142-1, 6.3): the type of
the content, and the certificate that the signer meant (RFC 5035). The PDF claims the time.
"""

from __future__ import annotations

import hashlib

from asn1crypto import cms, core, x509

from signing.splicing import attribute, sequence, set_of, written

_CONTEXT = 2
#: directoryName of GeneralName (RFC 5280, 4.2.1.6)
_DIRECTORY_NAME = 4


def signed_attributes(
    digest: bytes, certificate: x509.Certificate, content_type: str = "data"
) -> cms.CMSAttributes:
    """The attributes of a signature by `certificate` over `digest` (SHA-256), in DER's order."""
    meant = sequence(sequence(_certificate_id(certificate)))
    attributes = [
        attribute("content_type", cms.ContentType(content_type).dump()),
        attribute("message_digest", core.OctetString(digest).dump()),
        attribute("signing_certificate_v2", meant),
    ]
    return cms.CMSAttributes.load(set_of(attributes))


def _certificate_id(certificate: x509.Certificate) -> bytes:
    """ESSCertIDv2: SHA-256, its default, is left out."""
    issuer = written(_CONTEXT, _DIRECTORY_NAME, [certificate.issuer.dump()])
    serial = core.Integer(certificate.serial_number).dump()
    printed = core.OctetString(hashlib.sha256(certificate.dump()).digest()).dump()
    return sequence(printed, sequence(sequence(issuer), serial))
