"""How books count and numbers are written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Books by kind: `letter` for ที่, `circular` for ที่ … ว, and the two registers.
BOOKS: Mapping[str, str] = {
    "letter": "หนังสือส่ง",
    "circular": "หนังสือเวียน",
    "send": "ทะเบียนหนังสือส่ง",
    "receive": "ทะเบียนหนังสือรับ",
    "issue": "ทะเบียนคำสั่ง ประกาศ และหนังสืออื่นที่ออก",
}
RESERVED, FINAL, VOID, LOST = NUMBER_STATES = "reserved", "final", "void", "lost"
SEND, RECEIVE = "send", "receive"
#: of orders, announcements and whatever else is issued and not sent to somebody
ISSUE = "issue"
#: where a document is entered when it is signed
OUTGOING = (SEND, ISSUE)
#: The columns of แบบที่ 13 and แบบที่ 14 after the running number.
COLUMNS: Sequence[str] = (
    "number", "dated", "sender", "recipient", "subject", "handling", "remark",
)  # fmt: skip


def book_kind(*, circular: bool, circulars_apart: bool) -> str:
    """Circulars count in a book of their own, or with the letters: as the agency decides."""
    return "circular" if circular and circulars_apart else "letter"


def number_text(prefix: str, value: int, *, circular: bool) -> str:
    """ตย 0201/123, ตย 0201/ว 45"""
    return f"{prefix}/{'ว ' if circular else ''}{value}"


def series_text(word: str | None, value: int, year: int) -> str:
    """95/2569, with its word where the number is not printed; `year` of the Christian era."""
    return f"{word} {value}/{year + 543}" if word else f"{value}/{year + 543}"


def read_number(text: str) -> tuple[str, int, bool]:
    """The prefix, the value and whether it is a circular's: what `number_text` was given."""
    prefix, _, rest = text.rpartition("/")
    return prefix, int(rest.removeprefix("ว ")), rest.startswith("ว ")
