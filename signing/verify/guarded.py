"""Verifying strangers' bytes in a process apart, so that none can stall or exhaust this one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from signing.apart import Failed
from signing.nursery import ask
from signing.verify.trust import anchors
from signing.verify.verdict import Verdict, unreadable

_MEMORY = 1024 * 1024 * 1024
#: the largest upload, and what covers, signatures and evidence add to it
_KEPT = 80 * 1024 * 1024


def verify_upload(
    pdf: bytes,
    trust: Sequence[bytes],
    at: datetime,
    *,
    seconds: float = 10.0,
    max_bytes: int = 50 * 1024 * 1024,
    lists: Iterable[bytes] = (),
) -> Verdict:
    """The verdict on a stranger's bytes: in a process apart with caps on time and memory.

    `lists` are revocation lists (DER) that are known here.
    """
    if len(pdf) > max_bytes:
        return unreadable(f"Expected at most {max_bytes // 2**20} MB, but the file is larger.")
    if b"%PDF-" not in pdf[:1024]:
        return unreadable("Expected a PDF, but the file does not begin as one.")
    head = {
        "trust": [anchor.dump().hex() for anchor in anchors(trust)],
        "at": at.isoformat(),
        "lists": [known.hex() for known in lists],
    }
    question = json.dumps(head).encode() + b"\n" + pdf
    try:
        said = ask("signing.verify_apart", question, int(seconds) + 1, _MEMORY, seconds=seconds)
    except TimeoutError:
        return unreadable(f"Expected a file verified in {seconds:g} s, but it takes longer.")
    except Failed:
        return unreadable("Expected a PDF that can be read, but its structure is too large.")
    return Verdict.from_json(json.loads(said))


def verify_kept(
    pdf: bytes, trust: Sequence[bytes], at: datetime, *, lists: Iterable[bytes] = ()
) -> Verdict:
    """The same of a document that is kept here, which has grown since it was uploaded: its pages
    may be a stranger's (หนังสืออื่น), so it is judged apart too.
    """
    return verify_upload(pdf, trust, at, seconds=30.0, max_bytes=_KEPT, lists=lists)
