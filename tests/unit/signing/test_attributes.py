"""The signed attributes that we write are those that pyHanko would, for every kind of key."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from asn1crypto import cms, core, x509
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from support import pki

from signing.attributes import signed_attributes
from signing.sign import prepare, seal
from signing.splicing import set_of

DIGEST = hashlib.sha256("หนังสือ".encode()).digest()


def of(value: cms.CMSAttributes) -> set[bytes]:
    return {attribute.dump() for attribute in value}


@pytest.mark.parametrize("content_type", ["data", "tst_info"])
def test_attributes_are_those_of_the_library(content_type: str) -> None:
    certificate = x509.Certificate.load(pki.unlocked().certificate)
    signer = Signer(signing_cert=certificate)
    theirs = asyncio.run(
        signer.signed_attrs(
            DIGEST,
            "sha256",
            attr_settings=PdfCMSSignedAttributes(),
            content_type=content_type,
            use_pades=True,
        )
    )
    ours = signed_attributes(DIGEST, certificate, content_type)
    assert of(ours) == of(theirs)
    assert len(ours) == 3


def test_a_set_stands_in_the_order_of_der() -> None:
    shuffled = [core.Integer(n).dump() for n in (70_000, 3, 300)]
    assert set_of(shuffled) == core.SetOf([3, 300, 70_000], spec=core.Integer).dump()


def test_the_signature_carries_what_was_signed() -> None:
    prepared = prepare(pki.letter().pdf, "sig_0001", pki.SIGNER, pki.AT)
    key = pki.unlocked()
    (signer,) = cms.ContentInfo.load(seal(prepared, key).cms, strict=True)["content"][
        "signer_infos"
    ]
    wanted = signed_attributes(prepared.digest, x509.Certificate.load(key.certificate))
    assert signer["signed_attrs"].untag().dump() == wanted.dump()
