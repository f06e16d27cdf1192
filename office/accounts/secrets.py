"""Making, hashing, sealing and deriving secrets. Nothing here is stored or logged as it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
TOKEN_PREFIX = "srb"  # noqa: S105 - the public beginning of a token


class Secret(bytes):
    """The installation's secret; while it is being changed, also the one `before`, which opens what
    is still sealed under it and seals nothing any more.
    """

    before: bytes | None

    def __new__(cls, current: bytes, before: bytes | None = None) -> Secret:
        made = super().__new__(cls, current)
        made.before = before or None
        return made


def alternatives(secret: bytes) -> tuple[bytes, ...]:
    """The secrets that something may have been made with, the present one first."""
    before = secret.before if isinstance(secret, Secret) else None
    return (secret,) if before is None else (secret, before)


def new_token() -> str:
    """256 bits as text for a cookie."""
    return secrets.token_urlsafe(32)


def sha256(text: str) -> str:
    """Enough for secrets of 256 random bits; passwords go to argon2id."""
    return hashlib.sha256(text.encode()).hexdigest()


def derive(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose alone: what leaks of one use helps with no other."""
    return HKDF(SHA256(), 32, salt=None, info=b"saraban/" + purpose.encode()).derive(secret)


def keyed(secret: bytes, purpose: str, text: str) -> str:
    """An HMAC as hex: the same text gives the same value, and only here."""
    return hmac.new(derive(secret, purpose), text.encode(), hashlib.sha256).hexdigest()


def seal(secret: bytes, purpose: str, plain: bytes, owner: UUID) -> bytes:
    """Encrypted so that it opens only for the same purpose and owner."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(derive(secret, purpose)).encrypt(nonce, plain, owner.bytes)


def unseal(secret: bytes, purpose: str, sealed: bytes, owner: UUID) -> bytes:
    *others, last = (AESGCM(derive(each, purpose)) for each in alternatives(secret))
    for box in others:
        with suppress(InvalidTag):
            return box.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.bytes)
    return last.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.bytes)


def reset_token(secret: bytes, reset_id: UUID) -> str:
    """The mailed token. It follows from the row's id, so that no job needs to carry it."""
    digest = hmac.new(derive(secret, "password reset"), reset_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_api_token(token_id: UUID) -> tuple[str, str]:
    """(`srb_<id>_<secret>` to show once, the secret's hash to keep)."""
    secret = secrets.token_urlsafe(32)
    return f"{TOKEN_PREFIX}_{token_id.hex}_{secret}", sha256(secret)


def read_api_token(text: str) -> tuple[UUID, str] | None:
    """(id, hash of the secret) of a presented token, or None when it cannot be one."""
    prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != TOKEN_PREFIX or not secret:
        return None
    try:
        return UUID(hex=token_id), sha256(secret)
    except ValueError:
        return None


def new_recovery_codes(count: int = 10) -> list[str]:
    """Codes of 50 bits in two groups that are easy to read aloud."""
    return [_grouped(secrets.token_bytes(7)) for _ in range(count)]


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()[:10]
    return f"{text[:5]}-{text[5:]}"


def same(left: str, right: str) -> bool:
    """Equality that takes the same time wherever the first difference is."""
    return hmac.compare_digest(left.encode(), right.encode())
