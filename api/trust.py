"""Which certificates are trusted, and which typeface paper is set in: files, by the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from api.settings import BadSettings, Settings
from engine.clock import SystemClock
from signing import fonts
from signing.authority import Authority, revoke
from signing.fonts import Typeface
from signing.hardware.tokens import Tokens
from signing.keys import SoftwareKey
from signing.lasting import HttpStatuses, Statuses
from signing.timestamp import HttpTimestamps, LocalTimestamps, Timestamps


def anchors(settings: Settings) -> tuple[bytes, ...]:
    """The trusted roots: the settings' files, else the development authority's (if it was made)."""
    if settings.trust_anchors:
        return tuple(_read(Path(name)) for name in settings.trust_anchors.split(","))
    try:
        return Authority.load(settings.authority).anchors
    except FileNotFoundError:
        return ()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise BadSettings(
            f"Expected certificates in SARABAN_TRUST_ANCHORS, but {file.name}: {wrong.strerror}."
        ) from None


@lru_cache(maxsize=4)
def _typeface(files_of_agency: str, cache: Path) -> Typeface:
    files = [Path(name) for name in files_of_agency.split(",") if name]
    return fonts.load(cache, dict(zip(("regular", "bold"), files, strict=False)) or None)


def typeface(settings: Settings) -> Typeface:
    """The agency's own TH Sarabun where the settings name one, else the derived default."""
    return _typeface(settings.fonts, settings.font_cache)


def authority(settings: Settings) -> Authority:
    """The development authority, made on first use."""
    now = SystemClock().now()
    return Authority.create(settings.authority, now, organisation="Saraban development")


def timestamps(settings: Settings) -> Timestamps | None:
    return HttpTimestamps(settings.tsa_url) if settings.tsa_url else None


def statuses(settings: Settings) -> Statuses:
    """Who is asked whether certificates are revoked: the hosts that the settings name, and the
    development authority where it is the one that is trusted.
    """
    hosts = frozenset(name.strip() for name in settings.status_hosts.split(",") if name.strip())
    return InstalledStatuses(settings, HttpStatuses(hosts))


def revocation_lists(settings: Settings, at: datetime) -> Sequence[bytes]:
    """Those of the development authority where it is the one that is trusted, dated `at`: a verdict
    as of that moment takes none that was made later, be it by a second.
    """
    if settings.trust_anchors:
        return ()
    try:
        ours = Authority.load(settings.authority)
    except FileNotFoundError:
        return ()
    return ours.statuses(settings.authority, lambda: at).known()


@dataclass(frozen=True, slots=True)
class InstalledStatuses:
    """Revocation lists of the development authority, and the network for all others."""

    settings: Settings
    others: HttpStatuses

    def known(self) -> Sequence[bytes]:
        return revocation_lists(self.settings, SystemClock().now())

    def fetch(self, url: str, body: bytes | None = None) -> bytes:
        return self.others.fetch(url, body)


@dataclass(frozen=True, slots=True)
class InstalledIssuer:
    """The development authority, loaded when it is needed."""

    settings: Settings

    def enrol(self, name: str, pin: str, at: datetime, *, organisation: str) -> SoftwareKey:
        return authority(self.settings).enrol(name, pin, at, organisation=organisation)

    def enrol_seal(self, organisation: str, code: str, secret: str, at: datetime) -> SoftwareKey:
        return authority(self.settings).enrol_seal(organisation, f"GO:TH-{code}", secret, at)

    def issued(self, certificate: bytes) -> bool:
        return authority(self.settings).issued(certificate)

    def revoke(self, serial: int, since: datetime) -> None:
        authority(self.settings)
        revoke(self.settings.authority, serial, since)


def issuer(settings: Settings) -> InstalledIssuer | None:
    """Who issues certificates here; None where the settings trust other authorities."""
    return None if settings.trust_anchors else InstalledIssuer(settings)


def tokens(settings: Settings) -> Tokens | None:
    """Hardware tokens, where the settings name their maker's library."""
    if not settings.pkcs11_module:
        return None
    if not Path(settings.pkcs11_module).is_file():
        raise BadSettings("Expected a library in SARABAN_PKCS11_MODULE, but there is no such file.")
    return Tokens(settings.pkcs11_module)


def local_timestamps(settings: Settings) -> LocalTimestamps:
    return authority(settings).timestamps(SystemClock().now)
