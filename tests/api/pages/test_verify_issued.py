"""A file that the house has issued is judged by what its agency says of it, not by itself alone."""

from __future__ import annotations

import json
import ssl
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support import letter_story, pki
from support.browsing import Browser, Page
from support.world import World

from api import cli
from api.pages.thdate import stamp
from api.pages.view import LANGUAGE_COOKIE
from engine.db import reading
from office.documents.trust import trusted
from signing.sign import sign_letter

POST = "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง"


@pytest.fixture
def letter(office: World) -> dict[str, Any]:
    return letter_story.signed(office)


@pytest.fixture
def pdf(office: World, letter: dict[str, Any]) -> bytes:
    return bytes(office.get(f"/documents/{letter['id']}/pdf", as_="thotsop").data)


def pem(certificate: bytes) -> bytes:
    known = certificate.startswith(b"-----")
    return certificate if known else ssl.DER_cert_to_PEM_cert(certificate).encode()


def withdrawn(office: World, letter: dict[str, Any]) -> str:
    """When its signer took the letter back."""
    done = office.post(f"/documents/{letter['id']}/revoke", {"reason": "พิมพ์ผิด"}, as_="somying")
    assert done.status_code == 200, done.text
    return str(done.json["revoked_at"])


def uploaded(office: World, pdf: bytes, language: str = "th") -> Page:
    stranger = Browser(office.client.application, "198.51.100.61")
    stranger.client.set_cookie(LANGUAGE_COOKIE, language)
    return stranger.open("/verify").form("/verify").send(file=("x.pdf", pdf))


def by_rest(office: World, pdf: bytes, who: str = "thotsop") -> dict[str, Any]:
    answer = office.call("POST", "/documents/verify", as_=who, data=pdf,
                         content_type="application/pdf")  # fmt: skip
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_a_letter_in_force_tells_in_which_post_it_was_signed(office: World, pdf: bytes) -> None:
    page = uploaded(office, pdf)
    for words in ("เอกสารนี้เชื่อถือได้", "ในฐานะ", POST, "มีผลใช้อยู่"):
        assert words in page.text
    told = by_rest(office, pdf)
    assert (told["verdict"], told["standing"]) == ("valid", "in_force")
    assert "withdrawn_at" not in told
    (one,) = told["signatures"]
    assert (one["post"][-1], one["post_source"]) == (POST, "house")


def test_a_withdrawn_one_is_not_trustworthy(
    office: World, letter: dict[str, Any], pdf: bytes, enter: Any
) -> None:
    at = withdrawn(office, letter)
    page = uploaded(office, pdf)
    assert "เอกสารนี้ถูกยกเลิกแล้ว" in page.text
    assert stamp(datetime.fromisoformat(at), "th") in page.text
    assert "เอกสารนี้เชื่อถือได้" not in page.text
    for secret in (letter["subject"], letter["number"], "พิมพ์ผิด"):
        assert secret not in page.text
    told = by_rest(office, pdf)
    assert (told["verdict"], told["standing"]) == ("withdrawn", "withdrawn")
    assert told["withdrawn_at"][:19] == at[:19]
    assert {"intact": True, "valid": True, "trusted": True}.items() <= told["signatures"][0].items()
    english = uploaded(office, pdf, "en")
    assert "This document was revoked" in english.text
    assert "it no longer counts" in english.text
    _replaced_later(office, letter, pdf, enter)


def _replaced_later(office: World, letter: dict[str, Any], pdf: bytes, enter: Any) -> None:
    """Who keeps the letter names the one in its place: by its number, or by REST by its id."""
    new = letter_story.signed(office)
    page = enter("thotsop").open(f"/documents/{letter['id']}")
    form = page.form(f"/documents/{letter['id']}/replacement")
    wrong = form.send(replaced_by="ตย ๙๙๙")
    assert wrong.error("replaced_by")
    assert form.send(replaced_by=new["number"]).status == 200
    assert new["number"] in uploaded(office, pdf).text
    assert by_rest(office, pdf)["replaced_by"] == new["number"]
    body = {"replaced_by": new["id"]}
    again = office.post(f"/documents/{letter['id']}/replacement", body, as_="somying")
    assert again.json == {"id": letter["id"], "replaced_by": new["id"]}


def test_the_command_asks_the_house_whose_data_folder_it_has(
    office: World, letter: dict[str, Any], pdf: bytes, tmp_path: Path
) -> None:
    """After the letter was withdrawn. Elsewhere the same file is good as far as it can tell."""
    withdrawn(office, letter)
    file = tmp_path / "x.pdf"
    file.write_bytes(pdf)
    trust = tmp_path / "root.pem"
    with reading(office.system.engine) as db:  # whose key signs for her hangs on tests before
        anchors = trusted(db, office.home.id, office.system.services.extra["desk"].trust)
    trust.write_bytes(b"".join(map(pem, anchors)))
    ours, elsewhere = office.system.settings, tmp_path / "elsewhere"
    for home, database, exit_code, word, standing in (
        (ours.home, ours.database_url, 1, "withdrawn", "withdrawn by whoever issued it, since"),
        (elsewhere, "", 0, "valid", "not known here"),
    ):
        environ = {"SARABAN_HOME": str(home), "DATABASE_URL": database}
        run = ["verify", str(file), "--trust", str(trust)]
        done = CliRunner().invoke(cli.saraban, run, env=environ)
        assert (done.exit_code, f"verdict: {word}\n" in done.output) == (exit_code, True), (
            done.output
        )
        assert f"standing: {standing}" in done.output
        assert (POST in done.output) == (word == "withdrawn")
        told = json.loads(CliRunner().invoke(cli.saraban, [*run, "--json"], env=environ).output)
        assert told["verdict"] == word
    assert not (elsewhere / "saraban.db").exists()


def test_of_a_file_from_elsewhere_it_says_what_it_does_not_know(office: World) -> None:
    foreign = sign_letter(
        pki.letter().pdf, field="sig_0001", key=pki.unlocked(), signer=pki.SIGNER, at=pki.AT,
        timestamps=None,
    ).pdf  # fmt: skip
    page = uploaded(office, foreign)
    assert "ไฟล์นี้ไม่ได้ออกจากระบบนี้" in page.text
    assert "มีผลใช้อยู่" not in page.text
    told = by_rest(office, foreign)
    assert not {"standing", "withdrawn_at"} & set(told)
    assert (told["signatures"][0]["post"], told["signatures"][0]["post_source"]) == ([], None)
