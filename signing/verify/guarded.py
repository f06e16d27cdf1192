"""Verifying strangers' bytes in a child process, so that none can stall or exhaust this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import signing
from signing.verify.trust import anchors
from signing.verify.verdict import Verdict, unreadable

_MEMORY = 1024 * 1024 * 1024
_ROOT = Path(signing.__file__).parents[1]
#: Isolated (-I): neither the working directory nor the environment decides what is imported.
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from signing.verify.child import main; main(int(sys.argv[2]), int(sys.argv[3]))"
)


def verify_upload(
    pdf: bytes,
    trust: Sequence[bytes],
    at: datetime,
    *,
    seconds: float = 10.0,
    max_bytes: int = 50 * 1024 * 1024,
    lists: Iterable[bytes] = (),
) -> Verdict:
    """The verdict on a stranger's bytes: in a child process with caps on time and memory.

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
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), str(int(seconds) + 1), str(_MEMORY)],
            input=json.dumps(head).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return unreadable(f"Expected a file verified in {seconds:g} s, but it takes longer.")
    if done.returncode:
        return unreadable("Expected a PDF that can be read, but its structure is too large.")
    return Verdict.from_json(json.loads(done.stdout))
