"""Verification for strangers has its bounds: a few at once, and so many in an hour."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_der_x509_certificate
from support import pki
from support.browsing import Browser, signed_in

from api import verifying
from engine.errors import TooMany
from office.accounts import rules
from office.accounts.commands import AdmitVerification
from office.accounts.sign_in import NOBODY, Origin, sign_in
from signing.authority import Authority, revoke
from signing.sign import sign_letter

HOLD = (
    "import sys, time; from pathlib import Path; from api.verifying import place\n"
    "with place(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def pdf() -> dict[str, Any]:
    return {"file": ("x.pdf", b"%PDF-1.4 rubbish")}


def admit(world: Any, ip: str, times: int = 1) -> None:
    for _ in range(times):
        world.system.bus.execute(AdmitVerification(ip), NOBODY)


def test_a_client_verifies_so_many_files_in_an_hour(ministry: Any) -> None:
    ip, app = "198.51.100.7", ministry.client.application
    admit(ministry, ip, rules.VERIFIED_PER_CLIENT)
    page = Browser(app, ip).open("/verify").form("/verify").send(**pdf())
    assert page.status == 429
    assert 3590 <= int(page.response.headers["Retry-After"]) <= 3600
    assert "ลองใหม่ในอีก 60 นาที" in page.text
    assert Browser(app, "198.51.100.8").open("/verify").form("/verify").send(**pdf()).status == 200
    inside = signed_in(app, "thotsop")
    inside.address = ip
    assert inside.open("/verify").form("/verify").send(**pdf()).status == 200
    ministry.clock.advance(timedelta(hours=1, seconds=1))
    assert Browser(app, ip).open("/verify").form("/verify").send(**pdf()).status == 200


def test_a_certificate_that_this_house_has_revoked_is_told_to_whoever_verifies(
    ministry: Any,
) -> None:
    """Proved from before, it stays good, and since when is told; else nobody knows whose hand."""
    folder, now = ministry.system.settings.authority, ministry.clock.now()
    authority = Authority.create(folder, now, organisation="กระทรวงตัวอย่าง")
    key = authority.enrol(pki.SIGNER.name, pki.PIN, now, work=1).unlock(pki.PIN)
    proved, claimed = (
        sign_letter(
            pki.letter().pdf, field="sig_0001", key=key, signer=pki.SIGNER, at=now, timestamps=by
        ).pdf
        for by in (authority.timestamps(lambda: now), None)
    )
    serial = load_der_x509_certificate(key.certificate).serial_number
    revoke(folder, serial, now + timedelta(minutes=5))
    ministry.clock.advance(timedelta(hours=1))
    app = ministry.client.application
    page = Browser(app, "198.51.100.9").open("/verify")
    said = [page.form("/verify").send(file=("x.pdf", pdf)).text for pdf in (proved, claimed)]
    assert "เอกสารนี้เชื่อถือได้" in said[0]
    assert "ลงนามขณะใบรับรองยังใช้ได้ เพิกถอนเมื่อ" in said[0]
    assert "อย่าเพิ่งเชื่อเอกสารนี้" in said[1]
    assert "ใบรับรองของผู้ลงนามถูกเพิกถอนก่อนเวลาที่พิสูจน์ได้ว่าลงนาม" in said[1]


def test_the_hour_is_bounded_for_all_of_them_together(world: Any) -> None:
    world.clock.advance(timedelta(hours=1, seconds=1))
    for client in range(rules.VERIFIED_IN_ALL // 20):
        admit(world, f"203.0.113.{client}", 20)
    with pytest.raises(TooMany):
        admit(world, "198.51.100.1")
    world.clock.advance(timedelta(hours=1, seconds=1))
    admit(world, "198.51.100.1")


def test_a_network_of_addresses_is_one_client(world: Any) -> None:
    world.clock.advance(timedelta(hours=1, seconds=1))
    for number in range(rules.VERIFIED_PER_CLIENT):
        admit(world, f"2001:db8::{number:x}")
    with pytest.raises(TooMany):
        admit(world, "2001:db8::ffff")
    admit(world, "2001:db8:0:1::1")
    assert rules.client_of("::ffff:192.0.2.1") == "192.0.2.1"


def test_verifying_does_not_use_up_the_guesses_at_passwords(ministry: Any) -> None:
    ip = "198.51.100.30"
    admit(ministry, ip, rules.VERIFIED_PER_CLIENT)
    with pytest.raises(Exception, match="do not belong together"):
        sign_in(ministry.system.bus, "nobody-at-all", "wrong", Origin(ip, ""))


def test_no_more_files_are_verified_at_once_than_there_are_places(ministry: Any) -> None:
    folder = ministry.system.settings.home / "verifying"
    stranger = Browser(ministry.client.application, "198.51.100.40")
    with ExitStack() as held:
        for _ in range(verifying.AT_ONCE):
            held.enter_context(verifying.place(folder))
        page = stranger.open("/verify").form("/verify").send(**pdf())
        assert (page.status, page.response.headers["Retry-After"]) == (429, "10")
        answer = ministry.call("POST", "/documents/verify", as_="thotsop", data=b"%PDF-1.4 x",
                               content_type="application/pdf")  # fmt: skip
        assert (answer.status_code, answer.json["code"]) == (429, "too_many")
        assert answer.headers["Retry-After"] == "10"
    assert stranger.open("/verify").form("/verify").send(**pdf()).status == 200


def test_a_place_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    held = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(verifying.AT_ONCE)
    ]
    try:
        assert [child.stdout.readline() for child in held if child.stdout] == ["held\n"] * len(held)
        with pytest.raises(TooMany), verifying.place(tmp_path):
            pass
        os.kill(held[0].pid, signal.SIGKILL)
        held[0].wait()
        with verifying.place(tmp_path):
            pass
    finally:
        for child in held:
            child.kill()
            child.communicate()
