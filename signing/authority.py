"""The development certificate authority: root, issuing, timestamps and officials' certificates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from signing.keys import SoftwareKey
from signing.timestamp import LocalTimestamps


class Authority:
    """An authority whose files lie in one folder. For demonstration and development only."""

    @classmethod
    def create(cls, folder: Path, at: datetime, *, organisation: str) -> Authority:
        """Make root, issuing and timestamp keys and certificates in `folder` (mode 0700).

        An authority that stands there already is loaded and left as it is.
        """
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path) -> Authority:
        """The authority in `folder`; `FileNotFoundError` when there is none."""
        raise NotImplementedError

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """The root certificate (DER), to be trusted by `signing.verify`."""
        raise NotImplementedError

    def enrol(
        self,
        name: str,
        pin: str,
        at: datetime,
        *,
        organisation: str | None = None,
        days: int = 730,
        work: int | None = None,
    ) -> SoftwareKey:
        """A new key and certificate for an official; raises `WeakPin`."""
        raise NotImplementedError

    def timestamps(self, clock: Callable[[], datetime]) -> LocalTimestamps:
        """Its timestamp authority, in this process."""
        raise NotImplementedError
