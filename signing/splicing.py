"""CMS attributes written as bytes, and one of them set into a finished signature.

asn1crypto takes a length that ends in 0x80 for one without end; it then writes all that is below
anew, several times at each level. For a timestamp's depth that is minutes, at one length in forty.
What it was given as values it always writes so: the few signed attributes take it 10 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asn1crypto import cms, parser

_UNIVERSAL, _CONTEXT = 0, 2
_CONSTRUCTED = 1
_SEQUENCE, _SET = 16, 17
#: unsignedAttrs of SignerInfo (RFC 5652, 5.3)
_UNSIGNED = 1


def with_timestamp(signature: bytes, token: bytes) -> bytes:
    """The signature (DER of a ContentInfo with one signer, without unsigned attributes) with a
    timestamp token (DER).
    """
    kind, wrapped = elements(signature)
    (data,) = elements(wrapped)
    *rest, signers = elements(data)
    (signer,) = elements(signers)
    stamped = rewritten(signer, [*elements(signer), _unsigned(token)])
    data = rewritten(data, [*rest, rewritten(signers, [stamped])])
    return rewritten(signature, [kind, rewritten(wrapped, [data])])


def _unsigned(token: bytes) -> bytes:
    return written(_CONTEXT, _UNSIGNED, [attribute("signature_time_stamp_token", token)])


def attribute(kind: str, value: bytes) -> bytes:
    """An Attribute of one value (DER) by asn1crypto's name for its kind."""
    return sequence(cms.CMSAttributeType(kind).dump(), set_of([value]))


def sequence(*inside: bytes) -> bytes:
    """A SEQUENCE of elements (DER)."""
    return written(_UNIVERSAL, _SEQUENCE, inside)


def set_of(inside: Sequence[bytes]) -> bytes:
    """A SET OF elements (DER), in DER's order."""
    return written(_UNIVERSAL, _SET, sorted(inside))


def elements(der: bytes) -> Iterator[bytes]:
    """The elements inside one, each with its head."""
    inside: bytes = parser.parse(der, strict=True)[4]
    while inside:
        size = parser.peek(inside)
        yield inside[:size]
        inside = inside[size:]


def rewritten(der: bytes, inside: Sequence[bytes]) -> bytes:
    """The same kind of element with other elements inside."""
    class_, _, tag, *_ = parser.parse(der, strict=True)
    return written(class_, tag, inside)


def written(class_: int, tag: int, inside: Sequence[bytes]) -> bytes:
    """A constructed element: `class_` 0 is universal, 2 is of the context."""
    der: bytes = parser.emit(class_, _CONSTRUCTED, tag, b"".join(inside))
    return der
