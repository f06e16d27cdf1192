"""A private key at rest: the standard PKCS#8 envelope, opened by its owner's PIN alone.

PBES2 with scrypt (RFC 7914) and AES-256, as OpenSSL writes and reads it, so a key can be taken
elsewhere. A PIN is short: scrypt makes each guess dear.
"""

from __future__ import annotations

import os
from typing import Any

from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from signing.errors import BrokenKey, WrongPin

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

#: scrypt's passes over its 16 MB (OpenSSL refuses more memory): about a tenth of a second.
WORK = 4
COST, _BLOCK = 2**14, 8
_PBES2 = "1.2.840.113549.1.5.13"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_AES_256_CBC = "2.16.840.1.101.3.4.1.42"


class _ScryptParameters(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    _fields = [
        ("salt", core.OctetString),
        ("cost", core.Integer),
        ("block", core.Integer),
        ("parallel", core.Integer),
        ("key_length", core.Integer, {"optional": True}),
    ]


class _Derivation(core.Sequence):  # type: ignore[misc] # the same
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", _ScryptParameters)]


class _Encryption(core.Sequence):  # type: ignore[misc] # the same
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.OctetString)]


class _Parameters(core.Sequence):  # type: ignore[misc] # the same
    _fields = [("derivation", _Derivation), ("encryption", _Encryption)]


class _Algorithm(core.Sequence):  # type: ignore[misc] # the same
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", _Parameters)]


class _Envelope(core.Sequence):  # type: ignore[misc] # the same
    _fields = [("algorithm", _Algorithm), ("data", core.OctetString)]


def lock(key: PrivateKey, secret: str, work: int = WORK, cost: int = COST) -> bytes:
    """The key (DER) that only `secret` opens."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, start = os.urandom(16), os.urandom(16)
    kdf = Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=work)
    encryptor = Cipher(algorithms.AES256(kdf.derive(secret.encode())), modes.CBC(start)).encryptor()
    padder = PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    derivation = {
        "algorithm": _SCRYPT,
        "parameters": {
            "salt": salt,
            "cost": cost,
            "block": _BLOCK,
            "parallel": work,
            "key_length": 32,
        },
    }
    encryption = {"algorithm": _AES_256_CBC, "parameters": start}
    return _dump(derivation, encryption, encryptor.update(padded) + encryptor.finalize())


def _dump(derivation: dict[str, Any], encryption: dict[str, Any], data: bytes) -> bytes:
    parameters = {"derivation": derivation, "encryption": encryption}
    envelope = _Envelope(
        {"algorithm": {"algorithm": _PBES2, "parameters": parameters}, "data": data}
    )
    dumped: bytes = envelope.dump()
    return dumped


def unlock(envelope: bytes, secret: str) -> PrivateKey:
    """The key; raises `WrongPin`, or `BrokenKey` when the envelope is none of ours."""
    _check(envelope)
    try:
        key = load_der_private_key(envelope, secret.encode())
    except (ValueError, TypeError) as error:  # a type error: no PIN at all
        raise WrongPin("Expected the PIN of this key, but another was given.") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BrokenKey("Expected an RSA or elliptic-curve key, but it is of another kind.")
    return key


def _check(envelope: bytes) -> None:
    """A damaged envelope must not look like a wrong PIN."""
    try:
        algorithm = _Envelope.load(envelope, strict=True)["algorithm"]
        parameters = algorithm["parameters"]["derivation"]["parameters"]
        work = parameters["cost"].native * parameters["parallel"].native
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenKey("Expected an encrypted PKCS#8 key, but it cannot be read.") from error
    if work > COST * 64:
        raise BrokenKey("Expected a key that opens in a second, but its work factor is too high.")
