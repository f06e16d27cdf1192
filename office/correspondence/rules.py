"""How books count and numbers are written. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.commands.checks import refused

#: Books by kind: `letter` for ที่, `circular` for ที่ … ว, `secret` for ที่ … ล, and the registers.
BOOKS: Mapping[str, str] = {
    "letter": "หนังสือส่ง",
    "circular": "หนังสือเวียน",
    "secret": "หนังสือลับ",
    "send": "ทะเบียนหนังสือส่ง",
    "receive": "ทะเบียนหนังสือรับ",
    "issue": "ทะเบียนคำสั่ง ประกาศ และหนังสืออื่นที่ออก",
    "secret_out": "ทะเบียนส่งข้อมูลข่าวสารลับ",
    "secret_in": "ทะเบียนรับข้อมูลข่าวสารลับ",
}
RESERVED, FINAL, VOID, LOST = NUMBER_STATES = "reserved", "final", "void", "lost"
SEND, RECEIVE = "send", "receive"
#: of orders, announcements and whatever else is issued and not sent to somebody
ISSUE = "issue"
#: ทขล. 2 and ทขล. 1, of everything above ปกติ (ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544)
SECRET_OUT, SECRET_IN = SECRETS = "secret_out", "secret_in"
#: where a document is entered when it is signed
OUTGOING = (SEND, ISSUE, SECRET_OUT)
RECEIVED = (RECEIVE, SECRET_IN)
#: whose books count lines and not letters
REGISTERS = (*OUTGOING, *RECEIVED)
#: before a running number: it is of a book of circulars, or of one of secret letters
CIRCULAR_MARK, SECRET_MARK = "ว", "ล"
_SECRET = re.compile(rf"(?:^|[/ ]){SECRET_MARK} \d+(?:/\d+)?$")
#: The columns of แบบที่ 13 and แบบที่ 14 after the running number.
COLUMNS: Sequence[str] = (
    "number", "dated", "sender", "recipient", "subject", "handling", "remark",
)  # fmt: skip


def mark_of(*, circular: bool, secret: bool) -> str:
    """What is both counts among the secret ones: nobody else is to see that it is there."""
    return SECRET_MARK if secret else CIRCULAR_MARK if circular else ""


def book_kind(mark: str, *, circulars_apart: bool) -> str:
    """Circulars count in a book of their own, or with the letters: as the agency decides. Secret
    letters never count with others.
    """
    if mark == SECRET_MARK:
        return "secret"
    return "circular" if mark == CIRCULAR_MARK and circulars_apart else "letter"


def mark_of_book(kind: str) -> str:
    """What stands before each number of a book of letters."""
    return {"circular": CIRCULAR_MARK, "secret": SECRET_MARK}.get(kind, "")


def series_book(kind: str, *, secret: bool) -> str:
    """The kind of the book in which a series counts what is secret, or what is not."""
    return f"{kind} {SECRET_MARK}" if secret else kind


def open_kind(kind: str) -> str:
    """The other way round: the series, whether the book is of what is secret or not."""
    return kind.removesuffix(f" {SECRET_MARK}")


def is_secret_book(kind: str) -> bool:
    return kind in {"secret", *SECRETS} or kind.endswith(f" {SECRET_MARK}")


#: the highest number at which a book can go on: longer ones do not fit the stamp on a letter
MOST_FIRST = 999_999


def check_first(first: int, stood: int) -> None:
    """Whether a book that stands at `stood` can go on at `first`: no number is given out twice."""
    if first <= stood:
        message = f"Expected a number above {stood}, but {first} was given out already."
        raise refused("first", "number_used", message)
    if first == stood + 1:
        message = f"Expected a number above {first}, with which the book goes on by itself."
        raise refused("first", "number_next", message)
    if first > MOST_FIRST:
        message = f"Expected a number of at most {MOST_FIRST}, but got {first}."
        raise refused("first", "out_of_range", message)


def number_text(prefix: str, value: int, mark: str = "") -> str:
    """ตย 0201/123, ตย 0201/ว 45, ตย 0201/ล 3"""
    return f"{prefix}/{mark} {value}" if mark else f"{prefix}/{value}"


def series_text(word: str | None, value: int, year: int, *, secret: bool = False) -> str:
    """95/2569, with its word where the number is not printed; ล 3/2569. `year` is of the Christian
    era.
    """
    before = [word] if word else []
    return " ".join([*before, *([SECRET_MARK] if secret else []), f"{value}/{year + 543}"])


def read_number(text: str) -> tuple[str, int, str]:
    """The prefix, the value and the mark: what `number_text` was given."""
    prefix, _, rest = text.rpartition("/")
    mark, _, value = rest.rpartition(" ")
    return prefix, int(value), mark


def is_secret_number(text: str) -> bool:
    """Whether a number as reserved is of a book of secret letters, or of a secret series."""
    return _SECRET.search(text) is not None
