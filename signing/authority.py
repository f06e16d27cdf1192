"""The development certificate authority: root, issuing, timestamps and officials' certificates."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signing import certificates
from signing.certificates import Pair
from signing.errors import BrokenKey
from signing.keys import SoftwareKey
from signing.lasting import LocalStatuses
from signing.timestamp import LocalTimestamps

_ROOT, _ISSUING, _TIMESTAMPS = "root", "issuing", "timestamps"
_REVOKED = "revoked"
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority whose files lie in one folder. For demonstration and development only."""

    organisation: str
    root: Pair = field(repr=False)
    issuing: Pair = field(repr=False)
    stamping: Pair = field(repr=False)

    @classmethod
    def create(cls, folder: Path, at: datetime, *, organisation: str) -> Authority:
        """Make root, issuing and timestamp keys and certificates in `folder` (mode 0700).

        An authority that stands there already is loaded and left as it is.
        """
        if folder.is_dir():
            return cls.load(folder)
        made = cls._made(at, organisation)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))  # mode 0700
        made._write(unfinished)  # noqa: SLF001 - our own
        try:
            unfinished.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(unfinished)
            return cls.load(folder)
        return made

    @classmethod
    def load(cls, folder: Path) -> Authority:
        """The authority in `folder`; `FileNotFoundError` when there is none."""
        root, issuing, stamping = (_read(folder, part) for part in (_ROOT, _ISSUING, _TIMESTAMPS))
        organisation = root.certificate.subject.get_attributes_for_oid(
            x509.NameOID.ORGANIZATION_NAME
        )
        return cls(str(organisation[0].value), root, issuing, stamping)

    @classmethod
    def _made(cls, at: datetime, organisation: str) -> Authority:
        root = certificates.root(
            certificates.name("Development Root CA", organisation), at, 20 * _YEAR
        )
        issuing = certificates.issuing(
            certificates.name("Development Issuing CA", organisation), root, at, 15 * _YEAR
        )
        stamping = certificates.timestamping(
            certificates.name("Development Timestamp Authority", organisation),
            issuing,
            at,
            12 * _YEAR,
        )
        return cls(organisation, root, issuing, stamping)

    def statuses(self, folder: Path, clock: Callable[[], datetime]) -> LocalStatuses:
        """Its revocation lists; `folder` is where the authority lies, with what it has revoked."""
        return LocalStatuses((self.root, self.issuing), lambda: revoked_in(folder), clock)

    def _write(self, folder: Path) -> None:
        for part, pair in (
            (_ROOT, self.root),
            (_ISSUING, self.issuing),
            (_TIMESTAMPS, self.stamping),
        ):
            key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write(folder / f"{part}.key", key)
            _write(folder / f"{part}.crt", pair.certificate.public_bytes(Encoding.PEM))

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """The root certificate (DER), to be trusted by `signing.verify`."""
        return (self.root.der,)

    def enrol(
        self,
        name: str,
        pin: str,
        at: datetime,
        *,
        organisation: str | None = None,
        days: int = 2 * _YEAR,
        work: int | None = None,
    ) -> SoftwareKey:
        """A new key and certificate for an official; raises `WeakPin`."""
        subject = certificates.name(name, organisation or self.organisation)
        pair = certificates.personal(subject, self.issuing, at, days)
        return SoftwareKey.protect(pair.key, pin, pair.der, self._chain, work=work)

    def enrol_seal(
        self,
        organisation: str,
        identifier: str,
        secret: str,
        at: datetime,
        *,
        days: int = 2 * _YEAR,
        work: int | None = None,
    ) -> SoftwareKey:
        """A new key and certificate for an organisation's seal; `identifier` is as in GO:TH-moe."""
        subject = certificates.organisation_name(organisation, identifier)
        pair = certificates.organisational(subject, self.issuing, at, days)
        return SoftwareKey.protect(pair.key, secret, pair.der, self._chain, work=work)

    def issued(self, certificate: bytes) -> bool:
        """Whether it has signed this certificate (DER)."""
        above = self.issuing.certificate
        try:
            x509.load_der_x509_certificate(certificate).verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def timestamps(self, clock: Callable[[], datetime]) -> LocalTimestamps:
        """Its timestamp authority, in this process."""
        key = self.stamping.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return LocalTimestamps(key, self.stamping.der, self._chain, clock)

    @property
    def _chain(self) -> tuple[bytes, ...]:
        return (self.issuing.der, self.root.der)


def revoke(folder: Path, serial: int, since: datetime) -> None:
    """Put a certificate of the authority in `folder` on its revocation list, durably; one that is
    on it stays on it since then.
    """
    with (folder / _REVOKED).open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if serial in revoked_in(folder):
            return
        file.write(f"{serial:x} {since.astimezone(UTC).isoformat(timespec='seconds')}\n")
        file.flush()
        os.fsync(file.fileno())


def revoked_in(folder: Path) -> dict[int, datetime]:
    """What the authority in `folder` has revoked: serial numbers, and since when."""
    try:
        lines = (folder / _REVOKED).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    entries = (line.split() for line in lines)
    return {int(serial, 16): datetime.fromisoformat(since) for serial, since in entries}


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _read(folder: Path, part: str) -> Pair:
    key = load_pem_private_key((folder / f"{part}.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BrokenKey(f"Expected an elliptic-curve key in {part}.key, but it is of another kind.")
    return Pair(key, x509.load_pem_x509_certificate((folder / f"{part}.crt").read_bytes()))
