"""Officials with keys, an authority that knows them, and letters to sign: made once a run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from support.samples import sample

from signing.authority import Authority
from signing.keys import SoftwareKey, UnlockedKey
from signing.render import Rendered, render
from signing.sign import SignerBlock
from signing.timestamp import LocalTimestamps

#: When everything here happens: a Monday, 09:00 in Bangkok.
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PIN = "246810"
SIGNER = SignerBlock(
    "นางสาวสมหญิง รักงานดี", ("รองปลัดกระทรวงตัวอย่าง", "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง")
)
_FOLDER = TemporaryDirectory(prefix="saraban-pki-")


@cache
def authority(name: str = "ours") -> Authority:
    return Authority.create(Path(_FOLDER.name) / name, AT, organisation="กระทรวงตัวอย่าง")


@cache
def official(name: str = SIGNER.name) -> SoftwareKey:
    """Under PIN; its scrypt is light, for tests are many."""
    return authority().enrol(name, PIN, AT, work=1)


@cache
def unlocked(name: str = SIGNER.name) -> UnlockedKey:
    return official(name).unlock(PIN)


def timestamps(at: datetime = AT) -> LocalTimestamps:
    return authority().timestamps(lambda: at)


@cache
def letter(name: str = "S02") -> Rendered:
    return render(sample(name))
