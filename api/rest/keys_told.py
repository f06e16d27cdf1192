"""Bad news of keys as REST tells it: what is wrong with one, by field; what is away, as such."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marshmallow import ValidationError, fields

from engine.errors import FieldError, Invalid, Rejected, Unavailable
from signing.errors import (
    RemoteUnavailable,
    TokenLocked,
    TokenUnavailable,
    UnusableKey,
    WeakPin,
    WrongPin,
)
from signing.pkcs12 import MOST_BYTES

#: as a body that carries one: base64 takes a third more, and the rest is short
MOST_BODY = 2 * MOST_BYTES + (64 << 10)


class Bytes(fields.Field[bytes]):
    """A small file, as base64."""

    default_error_messages = {"invalid": "Expected base64."}

    def __init__(self, most: int = MOST_BYTES, **more: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "byte"}, **more)
        self._most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bytes:
        try:
            found = b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise self.make_error("invalid") from error
        if not 0 < len(found) <= self._most:
            raise ValidationError(f"Expected 1 to {self._most} bytes.")
        return found


@contextmanager
def told(field: str) -> Iterator[None]:
    """`field` is where a key is named that turns out to be unusable."""
    try:
        yield
    except UnusableKey as wrong:
        where = "password" if wrong.fault == "wrong_password" else field
        raise Invalid(
            str(wrong), [FieldError(where, str(wrong), wrong.fault)], code="unusable_key"
        ) from wrong
    except WeakPin as weak:
        raise Invalid(str(weak), [FieldError("pin", str(weak), "weak_pin")]) from weak
    except WrongPin as wrong_pin:
        raise Rejected(str(wrong_pin), code="wrong_pin") from wrong_pin
    except (TokenLocked, TokenUnavailable, RemoteUnavailable) as away:
        raise Unavailable(str(away), code=away.code) from away
