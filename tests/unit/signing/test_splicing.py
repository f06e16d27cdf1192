"""A timestamp set into a signature, whatever the lengths of what it is set into."""

from __future__ import annotations

import pytest
from asn1crypto import cms
from asn1crypto.core import OctetString
from support import pki
from support.work import work

from signing.sign import prepare, seal
from signing.splicing import elements, rewritten, with_timestamp

TOKEN = pki.timestamps().stamp(b"x" * 32)


@pytest.fixture(scope="module")
def signatures() -> list[bytes]:
    """Of 256 lengths: a length's last byte decided how long asn1crypto took."""
    sealed = seal(prepare(pki.letter().pdf, "sig_0001", pki.SIGNER, pki.AT), pki.unlocked())
    return [_longer(sealed.cms, by) for by in range(256)]


def _longer(signature: bytes, by: int) -> bytes:
    """The same with so many bytes more in the signer's signature, its last element."""
    kind, wrapped = elements(signature)
    (data,) = elements(wrapped)
    *rest, signers = elements(data)
    (signer,) = elements(signers)
    *before, value = elements(signer)
    value = OctetString(OctetString.load(value).native + bytes(by)).dump()
    signers = rewritten(signers, [rewritten(signer, [*before, value])])
    return rewritten(signature, [kind, rewritten(wrapped, [rewritten(data, [*rest, signers])])])


def test_the_token_stands_where_it_belongs_and_the_rest_is_as_it_was(
    signatures: list[bytes],
) -> None:
    for before in signatures:
        stamped = cms.ContentInfo.load(with_timestamp(before, TOKEN), strict=True)
        (signer,) = stamped["content"]["signer_infos"]
        (attribute,) = signer["unsigned_attrs"]
        assert attribute["type"].native == "signature_time_stamp_token"
        assert [value.dump() for value in attribute["values"]] == [TOKEN]
        (plain,) = cms.ContentInfo.load(before)["content"]["signer_infos"]
        assert signer["signed_attrs"].dump() == plain["signed_attrs"].dump()
        assert signer["signature"].native == plain["signature"].native


def test_no_length_takes_long(signatures: list[bytes]) -> None:
    with work() as done:
        for before in signatures:
            with_timestamp(before, TOKEN)
    assert done.seconds < 1
