"""Officials with keys, an authority that knows them, and letters to sign: made once a run."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
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
HOUSE = "สำนักงานปลัดกระทรวงตัวอย่าง"
_FOLDER = TemporaryDirectory(prefix="saraban-pki-")


@cache
def authority(name: str = "ours") -> Authority:
    return Authority.create(Path(_FOLDER.name) / name, AT, organisation="กระทรวงตัวอย่าง")


def folder(name: str = "ours") -> Path:
    """Where that authority lies, with what it has revoked."""
    return Path(_FOLDER.name) / name


@cache
def official(name: str = SIGNER.name) -> SoftwareKey:
    """Under PIN; its scrypt is light, for tests are many."""
    return authority().enrol(name, PIN, AT, work=1)


@cache
def unlocked(name: str = SIGNER.name) -> UnlockedKey:
    return official(name).unlock(PIN)


@cache
def house() -> UnlockedKey:
    """The electronic seal of the house."""
    return authority().enrol_seal(HOUSE, "GO:TH-mol", PIN, AT, work=1).unlock(PIN)


def timestamps(at: datetime = AT) -> LocalTimestamps:
    return authority().timestamps(lambda: at)


@cache
def letter_with_fields(count: int) -> bytes:
    """The letter with so many empty signature fields in all."""
    writer = IncrementalPdfFileWriter(io.BytesIO(letter().pdf))
    for n in range(2, count + 1):
        append_signature_field(writer, field_spec(n))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field_spec(n: int, **more: Any) -> SigFieldSpec:
    """A signature field more, somewhere on the first page."""
    left, bottom = 60 + n % 4 * 120, 300 + n // 4 * 45
    return SigFieldSpec(f"sig_{n:04}", box=(left, bottom, left + 110, bottom + 40), **more)


@cache
def letter(name: str = "S02") -> Rendered:
    return render(sample(name))
