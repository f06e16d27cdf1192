"""Copies of a signed letter on its page and by REST: made, downloaded, refused to others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support import letter_story
from support.browsing import Browser
from support.world import World

from signing.preview import page_text

Enter = Callable[[str], Browser]


@pytest.fixture(scope="module")
def letter(office: World) -> dict[str, Any]:
    """Signed, and received by the finance group."""
    return letter_story.signed(office, to="กลุ่มคลังและพัสดุ")


def page_of(browser: Browser, letter: dict[str, Any]) -> Any:
    return browser.open(f"/documents/{letter['id']}")


def test_the_unit_that_received_it_has_it_stamped(enter: Enter, letter: dict[str, Any]) -> None:
    clerk = enter("khlang")
    page = page_of(clerk, letter)
    assert "กลุ่มคลังและพัสดุ รับเป็นเลขที่" in page.text
    form = page.form(f"/documents/{letter['id']}/copies/stamped")
    done = form.send()
    assert done.path == f"/documents/{letter['id']}"
    assert "ทำฉบับประทับตรารับแล้ว" in done.text
    assert "ฉบับประทับตรารับ กลุ่มคลังและพัสดุ" in done.text
    (link,) = done.links("/copies/")
    file = clerk.open(link).response
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "เลขที่รับ" in page_text(file.data, 0)
    # no second of the same line is offered, and the form sent again makes none
    assert not [one for one in done.forms() if "stamped" in (one.element.get("action") or "")]
    assert len(form.send().links("/copies/")) == 1


def test_the_drafter_is_offered_no_stamp_of_another_unit(
    enter: Enter, letter: dict[str, Any]
) -> None:
    page = page_of(enter("thotsop"), letter)
    assert not [one for one in page.forms() if "stamped" in (one.element.get("action") or "")]


def test_a_draft_has_no_card_of_copies(enter: Enter) -> None:
    draft = letter_story.draft(enter("thotsop"), "หนังสือที่ยังไม่ลงนาม")
    page = enter("thotsop").open(f"/documents/{letter_story.document_id(draft)}")
    assert "copies" not in {one.get("id") for one in page.tree.iter("section")}


def test_by_rest(office: World, letter: dict[str, Any]) -> None:
    path = f"/documents/{letter['id']}"
    (line,) = office.get(f"{path}/receipts", as_="khlang").json["items"]
    made = office.post(f"{path}/copies/stamped", {"entry_id": line["id"]}, as_="khlang")
    assert made.status_code == 201, made.text
    (copy,) = office.get(f"{path}/copies", as_="khlang").json["items"]
    assert copy["id"] == made.json["id"]
    assert (copy["kind"], copy["entry_id"]) == ("stamped", line["id"])
    assert copy["of_sha256"] == office.get(path, as_="khlang").json["signed_sha256"]
    file = office.get(f"{path}/copies/{copy['id']}", as_="khlang")
    assert file.mimetype == "application/pdf"
    assert copy["of_sha256"] in page_text(file.data, 0)


def test_by_rest_it_is_refused_to_others(office: World, letter: dict[str, Any]) -> None:
    path = f"/documents/{letter['id']}"
    (line,) = office.get(f"{path}/receipts", as_="khlang").json["items"]
    for who, status in (("niti", 404), ("thotsop", 404)):
        asked = office.post(f"{path}/copies/stamped", {"entry_id": line["id"]}, as_=who)
        assert asked.status_code == status, (who, asked.text)
    assert office.get(f"{path}/copies", as_="niti").status_code == 403
    other = letter_story.signed(office, to="กลุ่มคลังและพัสดุ")
    wrong = office.post(
        f"/documents/{other['id']}/copies/stamped", {"entry_id": line["id"]}, as_="khlang"
    )
    assert wrong.status_code == 404
    assert office.post(f"{path}/copies/stamped", {}, as_="khlang").status_code == 422
