"""What the development authority says: its revocation lists, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import Pair
from signing.errors import StatusUnavailable

#: How long a list counts: a year, so that what was proved with it needs no newer one.
_COUNTS = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class LocalStatuses:
    """`issuers` issue and revoke; `revoked` says which serial numbers, and since when."""

    issuers: Sequence[Pair] = field(repr=False)
    revoked: Callable[[], Mapping[int, datetime]]
    clock: Callable[[], datetime]

    def known(self) -> Sequence[bytes]:
        now, revoked = self.clock(), self.revoked()
        return [_list(issuer, revoked, now) for issuer in self.issuers]

    def fetch(self, url: str, body: bytes | None = None) -> bytes:  # noqa: ARG002 - asks nobody
        raise StatusUnavailable(f"Expected an authority that may be asked, but {url[:80]} is none.")


def _list(issuer: Pair, revoked: Mapping[int, datetime], now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now)
        .next_update(now + _COUNTS)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for serial, since in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)
