"""The child process of `tokens`: one login, one deed, and its answer as JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pkcs11
from asn1crypto.algos import DigestInfo
from pkcs11 import Attribute, KeyType, ObjectClass, Session
from pkcs11 import Mechanism as Mechanisms
from pkcs11.exceptions import (
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pkcs11.util.ec import encode_ecdsa_signature

Asked = Mapping[str, str]
_KINDS = (KeyType.RSA, KeyType.EC)


def main() -> None:
    """The question (JSON) on standard input, PIN and all: arguments are seen by other users."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nor may the PIN end in a core dump
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))))


def _answer(asked: Asked) -> Mapping[str, Any]:
    try:
        token = pkcs11.lib(asked["module"]).get_token(token_label=asked["label"])
        with token.open(user_pin=asked["pin"]) as session:
            return DEEDS[asked["what"]](session, asked)
    except (PinIncorrect, PinInvalid, PinLenRange):
        return {"fault": "wrong_pin"}
    except PinLocked:
        return {"fault": "locked"}
    except NoSuchToken:
        return {"fault": "no token of this label is here"}
    except NoSuchKey:
        return {"fault": "it holds no such key"}
    except (PKCS11Error, RuntimeError, OSError) as error:
        return {"fault": f"it says {type(error).__name__}"}


def _list(session: Session, asked: Asked) -> Mapping[str, Any]:
    del asked
    keys = {
        key[Attribute.ID]
        for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        if key[Attribute.SIGN] and key[Attribute.KEY_TYPE] in _KINDS
    }
    found = [
        (one[Attribute.ID], one[Attribute.VALUE])
        for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    ]
    return {
        "keys": [{"id": i.hex(), "der": der.hex()} for i, der in found if i in keys],
        "others": [der.hex() for i, der in found if i not in keys],
    }


def _open(session: Session, asked: Asked) -> Mapping[str, Any]:
    _key(session, asked)
    return {}


def _sign(session: Session, asked: Asked) -> Mapping[str, Any]:
    key, digest = _key(session, asked), bytes.fromhex(asked["digest"])
    if asked["mechanism"] == "ecdsa":
        drawn = key.sign(digest, mechanism=Mechanisms.ECDSA)
        return {"signature": encode_ecdsa_signature(drawn).hex()}
    # PKCS#1 v1.5 (RFC 8017, 9.2): the token pads, the name of the hash is ours to add
    info = DigestInfo({"digest_algorithm": {"algorithm": asked["hash"]}, "digest": digest}).dump()
    return {"signature": key.sign(info, mechanism=Mechanisms.RSA_PKCS).hex()}


def _key(session: Session, asked: Asked) -> Any:
    """The private key, which the library makes able to sign as the token says."""
    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(asked["id"]))


DEEDS: Mapping[str, Callable[[Session, Asked], Mapping[str, Any]]] = {
    "list": _list,
    "open": _open,
    "sign": _sign,
}
