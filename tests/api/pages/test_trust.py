"""Administrators say whom their agency trusts; it counts for that agency alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from support import pki
from support.browsing import Browser
from support.world import World

from api import trust
from signing import certificates
from signing.authority import Authority
from signing.sign import sign_letter

PAGE = "/admin/trust"


@pytest.fixture(scope="module")
def foreign() -> Authority:
    return pki.authority("of a neighbour ministry")


def pem(foreign: Authority) -> bytes:
    return foreign.root.certificate.public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def letter(foreign: Authority, office: World) -> bytes:
    key = foreign.enrol("ผู้ลงนามที่อื่น", pki.PIN, office.clock.now(), work=1)
    return sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=key.unlock(pki.PIN),
        signer=pki.SIGNER,
        at=office.clock.now(),
        timestamps=None,
    ).pdf


def word(office: World, pdf: bytes, who: str) -> str:
    answer = office.call(
        "POST", "/documents/verify", as_=who, data=pdf, content_type="application/pdf"
    )
    return str(answer.json["verdict"])


def test_an_authority_is_added_shown_and_removed(
    office: World, enter: Any, foreign: Authority, letter: bytes
) -> None:
    assert word(office, letter, "thotsop") == "untrusted"
    admin = enter("admin")
    page = admin.open(PAGE).form(PAGE).send(file=("root.pem", pem(foreign)))
    assert page.path == PAGE, page.text
    fingerprint = foreign.root.certificate.fingerprint(certificates.hashes.SHA256()).hex()
    assert fingerprint in page.text
    (file,) = page.links(".pem")
    given = admin.open(file).response.data
    assert x509.load_pem_x509_certificate(given) == foreign.root.certificate
    assert word(office, letter, "thotsop") == "valid"
    signed_in_page = enter("thotsop").open("/verify").form("/verify").send(file=("a.pdf", letter))
    assert "เอกสารนี้เชื่อถือได้" in signed_in_page.text
    # neither another agency nor who is not signed in follows this one's administrator
    assert word(office, letter, office.stranger) == "untrusted"
    anyone = Browser(office.client.application, "198.51.100.77").open("/verify")
    assert "เอกสารนี้เชื่อถือได้" not in anyone.form("/verify").send(file=("a.pdf", letter)).text
    again = page.form(PAGE).send(file=("root.der", foreign.root.der))
    assert len(again.links(".pem")) == 1
    (action,) = [
        str(form.element.get("action")) for form in again.forms()
        if "/remove" in str(form.element.get("action"))
    ]  # fmt: skip
    refused = again.form(action).send(reason="")
    assert refused.status == 422
    done = again.form(action).send(reason="เลิกกิจการ")
    assert done.links(".pem") == []
    assert word(office, letter, "thotsop") == "untrusted"


def test_files_that_are_no_authority(office: World, enter: Any) -> None:
    authority = trust.authority(office.system.settings)
    someone = certificates.personal(
        certificates.name("ใคร", "ที่ไหน"), authority.issuing, office.clock.now(), 9
    )
    ended = certificates.root(certificates.name("เก่า", "ที่ไหน"), pki.AT.replace(year=2020), 9)
    form = enter("admin").open(PAGE).form(PAGE)
    told = [
        form.send(file=("x.pem", data)).error("file")
        for data in (b"nothing", someone.der, ended.der, b"x" * 230_000)
    ]
    assert len(set(told)) == 4
    assert all(told)
    assert form.send(file=("x.pem", b"")).status == 422


def test_only_who_keeps_accounts(office: World, enter: Any, foreign: Authority) -> None:
    assert enter("thotsop").open(PAGE).status == 403
    assert office.get("/trust-anchors", as_="thotsop").status_code == 403


def test_the_same_by_rest(office: World, foreign: Authority) -> None:
    added = office.call(
        "POST", "/trust-anchors", as_="admin", data={"file": (io.BytesIO(pem(foreign)), "a.pem")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert added.status_code == 201, added.text
    (one,) = added.json["added"]
    (listed,) = office.get("/trust-anchors", as_="admin").json["items"]
    assert listed["id"] == one
    assert one not in office.get("/trust-anchors", as_=office.stranger).text
    path = f"/trust-anchors/{one}/remove"
    assert office.post(path, {"reason": "x"}, as_=office.stranger).status_code in {403, 404}
    assert office.post(path, {"reason": " "}, as_="admin").status_code == 422
    assert office.post(path, {"reason": "x"}, as_="admin").status_code == 200
    assert office.get("/trust-anchors", as_="admin").json["items"] == []
