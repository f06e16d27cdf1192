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

#: The columns of `rows`.
COLUMNS = (
    "field",
    "signer",
    "post",
    "by",
    "intact",
    "valid",
    "trusted",
    "modified",
    "time",
    "level",
)


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
) -> Verdict:
    """The verdict; exit 0 only if it is `good`. `lists` are revocation lists (DER) that are known
    here.
    """
    return verify_upload(path.read_bytes(), trust, at, seconds=60, lists=lists)


def rows(verdict: Verdict) -> list[tuple[str, ...]]:
    """The table of the signatures: see COLUMNS."""
    return [_row(signature) for signature in verdict.signatures]


def standing(verdict: Verdict) -> str:
    """Whether it counts, which no file can tell, in a sentence."""
    if verdict.withdrawn_at is not None:
        at = f"{verdict.withdrawn_at.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}"
        place = f"; {verdict.replaced_by} is in its place" if verdict.replaced_by else ""
        return f"withdrawn by whoever issued it, since {at}{place}"
    if verdict.standing == "unissued":
        return "not issued"
    if verdict.standing == "in_force":
        return "in force"
    return "not known here: its issuer can tell whether it was withdrawn"


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
        _post(signature),
        "person" if signature.by == "person" else "organisation's seal",
        _yes(signature.intact),
        _yes(signature.valid),
        _yes(signature.trusted),
        _yes(signature.modified),
        f"{signature.time.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}" if signature.time else "-",
        signature.level or "-",
    )


def _post(signature: SignatureVerdict) -> str:
    told = " ".join(signature.post) or "-"
    return f"{told} (certificate)" if signature.post_source == "certificate" else told


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
