"""Which passwords are good enough, how long guessing must wait, which code is right when."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

import pyotp

from engine.errors import FieldError

#: Length is what counts (NIST SP 800-63B): no rule about kinds of characters.
SHORTEST, LONGEST = 12, 256

#: Per target and address in a minute, then per address alone.
PER_MINUTE, PER_ADDRESS = 5, 30
MINUTE = timedelta(minutes=1)
#: Files verified in an hour for strangers: per client, and for all of them.
VERIFIED_PER_CLIENT, VERIFIED_IN_ALL = 30, 600
#: The part of an IPv6 address that names a client: the rest is theirs to change.
_NETWORK = 64
#: Wrong guesses in a row at one target -> how long nobody may guess there.
LOCK_LADDER: Sequence[tuple[int, timedelta]] = (
    (20, timedelta(hours=24)),
    (10, timedelta(minutes=15)),
)

#: A code counts one step (30 s) early and late: clocks of telephones differ.
TOTP_STEP, TOTP_DRIFT = 30, 1

#: Words that common passwords are made of; what is left after taking them away must be long.
COMMON_WORDS = (
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh",
    "zxcvbnm", "1q2w3e4r", "1qaz2wsx", "letmein", "welcome", "iloveyou", "dragon", "monkey",
    "football", "baseball", "superman", "batman", "princess", "sunshine", "master", "shadow",
    "whatever", "trustno1", "starwars", "pokemon", "computer", "internet", "administrator",
    "admin", "secret", "changeme", "default", "test", "guest", "user", "login", "root",
    "saraban", "eoffice", "e-office", "thailand", "bangkok", "krungthep", "sawasdee", "sawadee",
    "รหัสผ่าน", "สารบรรณ", "ประเทศไทย", "กรุงเทพ", "สวัสดี", "ผู้ดูแล", "ทดสอบ",
)  # fmt: skip
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
_MEANINGFUL = 8


def client_of(ip: str) -> str:
    """Who counts as one client: an IPv4 address, or the network of an IPv6 address."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip[:45]
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _NETWORK), strict=False))


def normal(password: str) -> str:
    """One form of the same characters, whatever keyboard made them."""
    return unicodedata.normalize("NFKC", password)


def password_problems(
    password: str, words: Iterable[str] = (), path: str = "password"
) -> list[FieldError]:
    """What is wrong with a new password. `words`: names that stand for the person or the agency."""
    text = normal(password)
    if len(text) < SHORTEST:
        message = (
            f"Expected at least {SHORTEST} characters, but got {len(text)}; add a word or two."
        )
        return [FieldError(path, message, "too_short")]
    if len(text) > LONGEST:
        message = f"Expected at most {LONGEST} characters, but got {len(text)}."
        return [FieldError(path, message, "too_long")]
    if is_common(text, words):
        message = "Expected a password that is hard to guess, but this one is made of common words, rows or repeats; use three or four words that do not belong together."  # noqa: E501 - one sentence
        return [FieldError(path, message, "too_common")]
    return []


def is_common(password: str, words: Iterable[str] = ()) -> bool:
    """Whether little remains after common words, names, rows of keys and repeats are taken away."""
    rest = password.casefold()
    known = {*COMMON_WORDS, *(word.casefold() for word in words if len(word) >= 4)}
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(_distinct(_without_rows(rest))) < min(_MEANINGFUL, len(password) - 4)


def _without_rows(text: str) -> str:
    """Without runs of four and more neighbours: 4567, dcba, wert."""
    for row in _ROWS:
        for line in (row, row[::-1]):
            for size in range(len(line), 3, -1):
                for start in range(len(line) - size + 1):
                    text = text.replace(line[start : start + size], "")
    return text


def _distinct(text: str) -> str:
    """Without what only repeats the beginning: abcabcabc is abc, aaaa is a."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * len(text))[: len(text)] == text:
            return text[:size]
    return text


def lock_for(failed_count: int) -> timedelta | None:
    """How long a target stays shut after this many wrong guesses in a row."""
    return next((pause for count, pause in LOCK_LADDER if failed_count >= count), None)


def matching_step(totp_secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, around now; None when it is none of them."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(totp_secret, digest=hashlib.sha1, interval=TOTP_STEP)
    now = int(at.timestamp()) // TOTP_STEP
    for step in range(now - TOTP_DRIFT, now + TOTP_DRIFT + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step
    return None
