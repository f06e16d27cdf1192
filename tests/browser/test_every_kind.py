"""The twelve sample documents, and one of every kind: drafted in the browser, passed along the
route from desk to desk, signed, and verified on the public page.

With `LETTERS=folder` the signed files are kept there, to be looked at.
"""

from __future__ import annotations

import io
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import expect
from support.drafting import printed, type_document
from support.other_readers import openssl, pdfsig
from support.samples import every_kind

from engine.clock import SystemClock
from office.demo.officials import OFFICIALS
from office.documents.kinds import KINDS
from signing.authority import Authority
from signing.preview import page_text

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PINS = {one.username: one.pin for one in OFFICIALS}
DECIDE = ".decide button[type=submit]:visible"
#: through whose hands it goes; the last one signs
USUAL = ("thotsop", "sommut", "tuayang", "phatsadu", "wichan", "somying")
HANDS = {
    "S03": ("thotsop", "sommut", "tuayang", "phatsadu"),
    "S04": ("thotsop", "sommut", "sutcharit"),
    "S05": ("thotsop", "sommut", "tuayang", "phatsadu"),
    "S10": ("thotlong", "thotlong", "lekha"),
    "note": ("thotsop", "sommut", "tuayang", "phatsadu"),
    "S12": ("phumiphak", "thurakan", "amnuai", "changwat"),
}
#: who signs where the form does not offer whom the sample names
SIGNERS = {"S05": "ผู้อำนวยการกองกลาง", "S10": "ผู้อำนวยการศูนย์เทคโนโลยีสารสนเทศ"}
HEAD = "ปลัดกระทรวงตัวอย่าง"


def scan() -> bytes:
    """A page that came from outside."""
    made, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (827, 1169), "#f4f0e8").save(made, "PDF", resolution=100)
    with pikepdf.open(made) as pdf:  # Pillow's own table of objects is none that may be signed
        pdf.save(out)
    return out.getvalue()


class Journey:
    """One document; `sit` brings whoever has it to their desk."""

    def __init__(self, sit, name):
        self.sit, self.document = sit, every_kind()[name]
        self.hands, self.signer = HANDS.get(name, USUAL), SIGNERS.get(name, HEAD)
        self.letter = self.case = ""

    def draft(self):
        page = self.sit(self.hands[0]).open(f"/documents/new?kind={self.document['kind']}")
        type_document(page, self.document, self.signer)
        page.click("text=สร้างร่าง")
        page.wait_for_url("**/edit")
        self.letter = urlsplit(page.url).path.removesuffix("/edit")
        if KINDS[self.document["kind"]].wraps:
            file = {"name": "ต้นฉบับ.pdf", "mimeType": "application/pdf", "buffer": scan()}
            page.set_input_files("#upload", file)
            page.click("form[action$='/attachments'] button.btn")
            expect(page.locator("[aria-labelledby=att-h] .count")).to_have_text("1")
        page.goto(page.url.removesuffix("/edit"))
        self.case = page.locator("a[href^='/instances/']").first.get_attribute("href")

    def pass_on(self, who):
        """Opens the task from the page of the case; decides, or signs."""
        page = self.sit(who).open(self.case)
        page.click(".page-head a[href^='/tasks/']")
        page.wait_for_url("**/tasks/*")
        if page.locator("a[href$='/sign']").count() == 0:
            with page.expect_navigation():
                page.click(DECIDE)
            return
        page.click("a[href$='/sign'] >> nth=0")
        page.check("#read")
        page.fill("#pin", PINS[who])
        page.click("#sign button[type=submit]")
        page.wait_for_url(re.compile(r"/signed$|/documents/[^/]+$"))

    def file(self):
        page = self.sit(self.hands[0]).open(self.letter)
        with page.expect_download() as download:
            page.click("a[href$='/pdf'] >> nth=0")
        return Path(download.value.path()).read_bytes()


@pytest.fixture(scope="module")
def sit(story_desks):
    """Everybody keeps the desk where they sat down first."""
    return cache(story_desks)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    named = os.environ.get("LETTERS")
    folder = Path(named) if named else tmp_path_factory.mktemp("letters")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def secrets_taken(sit):
    """The agency takes secret letters, and clears who signs the sample that is one."""
    page = sit("admin").open("/people?q=sutcharit")
    page.click("main a[href^='/people/']:has-text('สุจริตใจ')")
    page.click("summary:has-text('ให้เข้าถึงชั้นความลับ')")
    form = page.locator("form[action$='/clearances']")
    form.locator("[name=level]").select_option(label="ลับ")
    form.locator("[name=order_ref]").fill("คำสั่งกระทรวงตัวอย่าง ที่ 9/2569")
    form.locator("button.btn--primary").click()
    expect(page.locator(".flash")).to_contain_text("บันทึกการอนุญาต")
    page = sit("admin").open("/admin/secret-letters")
    page.fill("#order_ref", "คำสั่งกระทรวงตัวอย่าง ที่ 9/2569")
    page.check("#knows_unencrypted")
    page.click("button:has-text('เปิดรับหนังสือชั้นความลับ')")
    expect(page.locator("main")).to_contain_text("เปิดรับอยู่")


def folded(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", every_kind())
def test_from_its_first_word_to_its_verdict(sit, served, kept, tmp_path, name, request):
    journey = Journey(sit, name)
    secrecy = journey.document["secrecy"]
    if secrecy != "ปกติ":
        request.getfixturevalue("secrets_taken")
    journey.draft()
    for who in journey.hands:
        journey.pass_on(who)
    pdf = journey.file()
    (kept / f"{name}.pdf").write_bytes(pdf)
    missing = [words for words in printed(journey.document) if folded(words) not in printed_on(pdf)]
    assert missing == []
    marked(pdf, secrecy)
    others_agree(served, kept / f"{name}.pdf", tmp_path)
    page = sit().open("/verify")
    file = {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.set_input_files("#file", file)
    page.click("button:has-text('ตรวจสอบ')")
    expect(page.locator("main")).to_contain_text("เอกสารนี้เชื่อถือได้")
    expect(page.locator(".asks")).to_be_visible()


def marked(pdf, secrecy):
    """Above ปกติ each page says how secret it is, twice, and which of how many it is."""
    pages = page_text(pdf).split("\f")
    for number, text in enumerate(pages, 1):
        counted = re.search(r"หน้า ([๐-๙]+) ของ ([๐-๙]+) หน้า", text)
        if secrecy == "ปกติ":
            assert counted is None
            continue
        assert [int(one) for one in counted.groups()] == [number, len(pages)]
        assert [line.strip() for line in text.splitlines()].count(secrecy) == 2


def others_agree(served, file, folder):
    """With our verdict: the command line, Poppler, and OpenSSL that trusts the same root."""
    ours = served.saraban("verify", str(file))
    assert ours.returncode == 0, ours.stdout + ours.stderr
    (root,) = Authority.load(served.home / "authority").anchors
    said = openssl(file.read_bytes(), root, SystemClock().now(), folder)
    assert said
    assert [one for one in said if "successful" not in one.lower()] == []
    assert pdfsig(file).count("Signature is Valid.") == len(said)


def printed_on(pdf):
    """Its words, without what stands at page breaks."""
    furniture = (
        r"^\s*- [๐-๙]+ -\s*$",
        r"^.*/\S.*\.\.\.\s*$",
        r"^\s*ชุดที่ .* หน้า\s*$",
        r"^\s*ลับ(?:มาก)?\s*$",
    )
    return folded(re.sub(f"(?m){'|'.join(furniture)}", "", page_text(pdf)))


def test_every_kind_is_here():
    assert {document["kind"] for document in every_kind().values()} == set(KINDS)
