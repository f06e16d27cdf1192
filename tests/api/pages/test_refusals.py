"""Bad addresses, forged forms, hostile files: the right status and a page that says what to do."""

from __future__ import annotations

import pytest

from api import trust
from engine.ids import new_id


def test_an_unknown_page_is_a_page_of_ours(enter):
    page = enter("faem").open("/no/such/page")
    assert page.status == 404
    assert "ไม่พบหน้านี้" in page.text
    assert page.links("/")


@pytest.mark.parametrize("address", ["tasks", "documents", "instances", "definitions", "notices"])
def test_ids_of_nothing_are_not_found(enter, address):
    for name in (str(new_id()), "x", "%00", "..%2f..%2fetc"):
        assert enter("faem").open(f"/{address}/{name}").status in {400, 404}


def test_a_form_without_its_token_changes_nothing(enter):
    browser = enter("faem")
    page = browser.post("/account/keys", {"keys": "off"})
    assert page.status == 403
    assert "แบบฟอร์มนี้เก่าเกินไป" in page.text


def test_a_form_from_another_site_is_refused(enter):
    browser = enter("faem")
    token = browser.open("/account").form("/account/keys").values()["csrf_token"][0]
    page = browser.post(
        "/account/keys", {"csrf_token": token}, headers={"Origin": "https://evil.example"}
    )
    assert page.status == 403


def test_the_wrong_method_is_told(enter):
    assert enter("faem").open("/tasks/claim").status in {404, 405}


def test_pages_carry_the_strict_policy(anyone):
    policy = anyone.open("/sign-in").response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_too_large_a_body_is_refused_before_it_is_read(enter):
    browser = enter("faem")
    token = browser.open("/account").form("/account/keys").values()["csrf_token"][0]
    page = browser.post("/account/keys", {"csrf_token": token, "keys": "x" * (2 << 20)})
    assert page.status == 413
    assert "ใหญ่เกินไป" in page.text


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4", b"", b"\0" * 5000, b"<html></html>", b"%PDF-1.7\n%\xff" * 900]
)
def test_verification_never_trusts_or_breaks_on_rubbish(office, anyone, data):
    assert trust.anchors(office.system.settings)
    page = anyone.open("/verify").form("/verify").send(file=("x.pdf", data))
    assert page.status in {200, 422}
    assert "เอกสารนี้เชื่อถือได้" not in page.text


def test_verification_without_a_file_asks_for_one(anyone):
    page = anyone.post("/verify", {})
    assert page.status == 422
    assert "เลือกไฟล์ PDF" in page.text


def test_a_session_that_is_cut_off_by_rubbish_is_just_nobody(anyone):
    anyone.client.set_cookie("saraban", "rubbish")
    assert anyone.open("/").path == "/sign-in"
    anyone.client.delete_cookie("saraban")
