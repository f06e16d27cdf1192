"""What the command line asks of this room: a file rendered, a file verified."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from signing.fonts import Typeface
from signing.render import Rendered, render
from signing.thai.writing import BANGKOK
from signing.verify import SignatureVerdict, Verdict, verify_upload

#: The columns of `verify_file`'s rows.
COLUMNS = ("field", "signer", "by", "intact", "valid", "trusted", "modified", "time", "level")


def render_file(
    document: Mapping[str, Any],
    out: Path,
    *,
    typeface: Typeface | None = None,
    emblem: bytes | None = None,
) -> Rendered:
    """Render `document` as given and write it to `out`, whole or not at all."""
    rendered = render(document, typeface=typeface, emblem=emblem)
    handle, unfinished = tempfile.mkstemp(dir=out.parent, suffix=".pdf")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(rendered.pdf)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(out)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return rendered


def verify_file(
    path: Path, trust: Sequence[bytes], at: datetime, *, lists: Iterable[bytes] = ()
) -> tuple[list[tuple[str, ...]], Verdict]:
    """The rows of the table (see COLUMNS) and the verdict; exit 0 only if `verdict.good`.

    `lists` are revocation lists (DER) that are known here.
    """
    verdict = verify_upload(path.read_bytes(), trust, at, seconds=60, lists=lists)
    return [_row(signature) for signature in verdict.signatures], verdict


def remarks(verdict: Verdict) -> list[str]:
    """What the table has no column for: what is wrong with a signature, or was revoked since."""
    told = [(one.field, one.problem or _later(one)) for one in verdict.signatures]
    return [f"{field}: {remark}" for field, remark in told if remark]


def _later(signature: SignatureVerdict) -> str | None:
    if signature.revoked is None:
        return None
    return (
        "The signature was valid when it was made. Its certificate is revoked since"
        f" {signature.revoked.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}."
    )


def _row(signature: SignatureVerdict) -> tuple[str, ...]:
    return (
        signature.field,
        signature.signer,
        "person" if signature.by == "person" else "organisation's seal",
        _yes(signature.intact),
        _yes(signature.valid),
        _yes(signature.trusted),
        _yes(signature.modified),
        f"{signature.time.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}" if signature.time else "-",
        signature.level or "-",
    )


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
