"""What holds for documents: kinds, degrees, states, and what a version's hash covers. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from engine import jsonio
from office.documents import kinds

#: Kinds that can be drafted and routed, with their Thai names.
KINDS: Mapping[str, str] = {code: kind.name for code, kind in kinds.KINDS.items()}
URGENCY = ("ปกติ", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
SECRECY = ("ปกติ", "ลับ", "ลับมาก", "ลับที่สุด")
#: Rights that open letters of others, and the only degree of secrecy that a right opens: above it
#: a letter opens to those whom its route or its register names, and to nobody else.
RIGHTS_TO_READ = ("see_all", "audit")
OPEN_TO_RIGHTS = 1
#: Why somebody may read a letter who had no part in making it.
RECEIVER = "receiver"
#: Over patterns of letters that the whole agency has, and those that others keep.
RIGHT_OVER_TEMPLATES = "registry"
#: Over copies: to say that one is true (ข้อ 30: an officer of ปฏิบัติการ or ชำนาญงาน and above).
RIGHT_TO_CERTIFY = "certify"
#: What only the end of the route can say: ignored in what callers send.
DECIDED_LATER = frozenset({"id", "number", "number_arabic", "date", "date_iso", "preparers"})

DRAFTING, IN_ROUTE, WAITING_SIGNATURE = "drafting", "in_route", "waiting_signature"
WAITING_TIMESTAMP, SIGNED = "waiting_timestamp", "signed"
REFUSED, WITHDRAWN = "refused", "withdrawn"
#: From which states a document may come into which.
STATES: Mapping[str, frozenset[str]] = {
    DRAFTING: frozenset({IN_ROUTE, WAITING_SIGNATURE}),
    IN_ROUTE: frozenset({DRAFTING, WAITING_SIGNATURE}),
    WAITING_SIGNATURE: frozenset({IN_ROUTE, DRAFTING}),
    WAITING_TIMESTAMP: frozenset({WAITING_SIGNATURE}),
    SIGNED: frozenset({WAITING_SIGNATURE, WAITING_TIMESTAMP}),
    REFUSED: frozenset({DRAFTING, IN_ROUTE, WAITING_SIGNATURE}),
    WITHDRAWN: frozenset({DRAFTING, IN_ROUTE, WAITING_SIGNATURE}),
}
#: States in which words may still change.
EDITABLE = frozenset({DRAFTING, IN_ROUTE, WAITING_SIGNATURE})
OVER = frozenset({SIGNED, REFUSED, WITHDRAWN})

#: reserved (number printed, key not yet used) → waiting_device (prepared, its owner's device is to
#: sign) → stamping (sealed, waits for its timestamp) → signed; failed attempts stay as evidence.
RESERVED, STAMPING, DONE, FAILED = "reserved", "stamping", "signed", "failed"
WAITING_DEVICE = "waiting_device"
#: signed by the first of two; the document counts when the second has signed
FIRST = "first"
SIGNATURE_STATES = frozenset({RESERVED, WAITING_DEVICE, STAMPING, DONE, FAILED, FIRST})

#: The level of a signature on which archive timestamps build (PAdES, EN 319 142-1).
STAMPED = "B-T"

#: Copies of the signed file: with the stamp of a unit that received it; certified on each page. And
#: what is made beside the letter, signed or not: a slip of what was said about it.
STAMPED_COPY, CERTIFIED_COPY, SLIP = COPIES = "stamped", "certified", "slip"

#: A certified copy that waits: waiting_device (prepared) → stamping (sealed) → certified, or it
#: failed.
CERTIFIED = "certified"
CERTIFICATION_STATES = frozenset({WAITING_DEVICE, STAMPING, CERTIFIED, FAILED})
#: as it is told to whoever asked, as of a letter
WAITING_STATUS: Mapping[str, str] = {
    WAITING_DEVICE: WAITING_DEVICE,
    STAMPING: WAITING_TIMESTAMP,
}

#: A remark on a draft is open until somebody settles it; a proposal is accepted or declined.
OPEN, RESOLVED, ACCEPTED, DECLINED = "open", "resolved", "accepted", "declined"
REMARK_STATES = frozenset({OPEN, RESOLVED, ACCEPTED, DECLINED})

#: Events of a case's history that name hashes: of the words a level endorsed, of the signed file.
ENDORSED, ISSUED = "document.endorsed", "document.signed"
#: of the same file with its evidence and an archive timestamp more
ARCHIVED = "document.archived"
#: of the same file with the agency's electronic seal
AFFIXED = "document.sealed"
#: of a letter that was issued and does not count any more
REVOKED = "document.revoked"
#: of which letter counts in its place, where that is told afterwards
REPLACED = "document.replaced"
#: of a letter whose signers are asked whether it shall count no more
WITHDRAWAL_ASKED = "document.withdrawal_asked"

#: of a copy of the signed file, by its own hash and that of the file
COPIED = "document.copied"

#: Steps of the route whose performers stand on the paper: element id to part.
PREPARERS: Mapping[str, str] = {"draft": "draft", "proofread": "type", "check": "check"}
#: Steps whose performers may change the words: pass with corrections.
WRITING_STEPS = ("draft", "proofread", "check", "consent", "division_head", "deputy")


def may_become(present: str, wanted: str) -> bool:
    return present in STATES[wanted]


def version_hash(content: Mapping[str, Any], attachments: Sequence[Mapping[str, Any]]) -> str:
    """What an endorsement vouches for: every word, and every enclosed file by its own hash."""
    return hashlib.sha256(jsonio.canonical([content, attachments])).hexdigest()


def note_of(comment: str | None, variables: Mapping[str, Any]) -> str:
    """The endorser's words: the comment, else the form field that holds a note."""
    if comment:
        return comment
    notes = (value for name, value in variables.items() if name.endswith("note") and value)
    return next((str(note) for note in notes), "")
