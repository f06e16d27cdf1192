"""Every rendered document is PDF/A-3a and PDF/UA-1 for the real veraPDF engine, and stays so."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from support import pki, verapdf
from support.samples import every_kind, sample

from signing.affixing import affix
from signing.archive.enclosures import Enclosure
from signing.copies.making import About, Certificate, Receipt, certified, stamped
from signing.copies.measures import FIELD
from signing.lasting import lasting
from signing.render import render
from signing.render.artwork import normalised
from signing.render.slip import Entry, Slip, print_slip
from signing.sign import sign_letter
from signing.verify import verify

TABLE = {
    "after_paragraph": 0,
    "caption": "ตารางที่ ๑",
    "columns": ["ลำดับ", "รายการ"],
    "rows": [[str(n), "เครื่องคอมพิวเตอร์"] for n in range(60)],
}


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 80), "#c00000").save(out, form)
    return out.getvalue()


def plain_page() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(60, 60))
        pdf.save(out)
    return out.getvalue()


EMBLEMS = {
    "png": picture("PNG"),
    "jpeg": picture("JPEG"),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0H9V9H0Z'/></svg>",
    "pdf": pki.letter().pdf,
}

HEADING = {
    "name": ["สำนักเลขานุการ", "กระทรวงทดลอง"],
    "address": ["ถนนราชดำเนิน", "กรุงเทพฯ ๑๐๒๐๐"],
    "unit": ["กลุ่มงานสารบรรณ"],
    "contact": ["โทรสาร ๐ ๒๑๒๓ ๔๕๖๗", "www.example.go.th"],
}


ENCLOSED = [
    Enclosure("แบบตอบรับ", "01 แบบตอบรับ.docx", "application/vnd.openxmlformats-officedocument."
              "wordprocessingml.document", 7, "a" * 64, b"PK bits"),
    Enclosure("แผนที่", "02 map.png", "image/png", 3, "b" * 64, b"PNG"),
]  # fmt: skip


def written(folder: Path, name: str, pdf: bytes) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    return path


def test_every_kind_before_signing(tmp_path: Path) -> None:
    made = {name: render(document) for name, document in every_kind().items()}
    made["draft"] = render(sample("S01"), draft=True)
    made["long"] = render(sample("S01", paragraphs=sample("S01")["paragraphs"] * 8))
    numbered = [f"{n} {'ข้อความ ' * 60}" for n in ("๑.", "๑.๑", "(๑)", "(๒)", "๑.๒", "๒.")]
    made["enclosures"] = render(sample("S01"), enclosed=ENCLOSED)
    made["lists over pages"] = render(sample("S06", paragraphs=numbered * 3))
    made["table"] = render(sample("S11", extra={"tables": [TABLE]}))
    verification = {"url": "https://e.go.th/v/7K", "place": "e.go.th/v", "code": "7K"}
    for name in ("S01", "S03", "S04"):
        made[f"with a code {name}"] = render(sample(name, verification=verification))
    made["secret, two pages"] = render(sample("S04", paragraphs=sample("S04")["paragraphs"] * 8))
    for kind, emblem in EMBLEMS.items():
        made[f"emblem {kind}"] = render(sample("S03"), emblem=emblem)
    for kind, emblem in {**EMBLEMS, "pdf": plain_page()}.items():
        made[f"own {kind}"] = render(sample("S01", heading=HEADING), emblem=normalised(emblem).data)
    made["own lines of a sealed letter"] = render(sample("S05", heading=HEADING))
    files = [written(tmp_path, name, rendered.pdf) for name, rendered in made.items()]
    assert verapdf.complaints(files, "3a", "ua1") == {}


def test_every_level_after_signing(tmp_path: Path) -> None:
    files = []
    for level, timestamps in (("B-B", None), ("B-T", pki.timestamps())):
        signed = sign_letter(
            pki.letter().pdf,
            field="sig_0001",
            key=pki.unlocked(),
            signer=pki.SIGNER,
            at=pki.AT,
            timestamps=timestamps,
        )
        assert signed.level == level
        files.append(written(tmp_path, level, signed.pdf))
    for place in (False, True):
        letter = signed.pdf if not place else render({**sample("S05"), "agency_seal": True}).pdf
        sealed = affix(
            letter, pki.house(), organisation=pki.HOUSE, at=pki.AT, timestamps=pki.timestamps()
        )
        files.append(written(tmp_path, sealed.field, sealed.pdf))
    assert verapdf.complaints(files, "3a", "ua1") == {}


def test_copies_of_ours_before_and_after_they_are_signed(tmp_path: Path) -> None:
    """Stamped by who received them, and certified: whatever stood in signature fields is text."""
    about = About("สำเนา", "สำนักงาน", "เรื่อง", ("เป็นสำเนา", "SHA-256", "0" * 64), own=True)
    receipt = Receipt("กลุ่มคลังและพัสดุ", "๑๒๓", "๓๐ พฤศจิกายน ๒๕๖๙", "๑๐.๓๕ น.")
    certificate = Certificate("นางสาวแฟ้ม เรียงงาม", ("เจ้าพนักงานธุรการชำนาญงาน",), "๓๐ พฤศจิกายน ๒๕๖๙")
    key, times, files = pki.unlocked(), pki.timestamps(), []

    def sign(pdf: bytes, field: str) -> bytes:
        made = sign_letter(
            pdf, field=field, key=key, signer=pki.SIGNER, at=pki.AT, timestamps=times
        )
        return made.pdf

    for name in ("S01", "S03", "S10", "S04", "S11"):
        letter = sign(render(every_kind()[name], enclosed=ENCLOSED).pdf, "sig_0001")
        files.append(written(tmp_path, f"{name} with files", letter))
        copy = certified(letter, certificate, about)
        made = {
            "stamped": stamped(letter, receipt, about),
            "certified": copy,
            "certified and signed": sign(copy, FIELD),
            "stamped of the archived": stamped(archived(letter), receipt, about),
        }
        files += [written(tmp_path, f"{name} {how}", pdf) for how, pdf in made.items()]
    assert verapdf.complaints(files, "3a", "ua1") == {}


def test_slips_of_endorsements(tmp_path: Path) -> None:
    """One sheet, several, secret, and with what cannot be printed."""
    long = "เรียน ผอ. เพื่อโปรดพิจารณา เห็นควรมอบกลุ่มงานดำเนินการ " * 20
    typed = ["เห็นชอบตามเสนอ", "", f"{long}\n\n{long}", "ชอบ 🙏\x07"]
    entries = [
        Entry("ผู้อำนวยการกองพิจารณา", "ผ่าน", said, "นายสมมติ พัสดุพร้อม", ("ผู้อำนวยการกองกลาง",),
              "๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น.", "ร่าง ๒", ("สิ้นผล",))
        for said in typed
    ]  # fmt: skip
    one = Slip("ใบเกษียน", "กรม", "เรื่อง", [("ที่", "ตย ๑")], ["SHA-256", "0" * 64], entries, "ตย ๑")
    slips = {
        "short": replace(one, entries=entries[:1]),
        "long": one,
        "many": replace(one, entries=entries * 30),
        "secret": replace(one, secrecy="ลับมาก", sets="ชุดที่ ๑"),
    }
    files = [written(tmp_path, name, print_slip(made).pdf) for name, made in slips.items()]
    assert verapdf.complaints(files, "3a", "ua1") == {}


def archived(letter: bytes) -> bytes:
    """Sealed by the agency unseen, with evidence and an archive timestamp."""
    times, at = pki.timestamps(), pki.AT
    sealed = affix(letter, pki.house(), organisation=pki.HOUSE, at=at, timestamps=times)
    statuses = pki.authority().statuses(pki.folder(), lambda: at)
    anchors = pki.authority().anchors
    return lasting(sealed.pdf, statuses=statuses, timestamps=times, trust=anchors, at=at).pdf


def test_minutes_that_two_have_signed(tmp_path: Path) -> None:
    words = sample("S10")
    words["extra"]["checker"] = "นางตรวจ ดีมาก"
    pdf = render(words).pdf
    for field in ("sig_0001", "sig_0002"):
        pdf = sign_letter(
            pdf,
            field=field,
            key=pki.unlocked(),
            signer=pki.SIGNER,
            at=pki.AT,
            timestamps=pki.timestamps(),
        ).pdf
    verdict = verify(pdf, pki.authority().anchors, pki.AT)
    assert [(one.field, one.modified) for one in verdict.signatures] == [
        ("sig_0001", False),
        ("sig_0002", False),
    ]
    assert verapdf.complaints([written(tmp_path, "minutes", pdf)], "3a", "ua1") == {}


@pytest.mark.slow
def test_every_kind_after_three_signatures(tmp_path: Path) -> None:
    """Whoever signs it, the agency's seal, and the archive's timestamp over both."""
    files = []
    for name, document in every_kind().items():
        pdf = render(document).pdf
        for field in fields_of(pdf):
            pdf = sign_letter(
                pdf,
                field=field,
                key=pki.unlocked(),
                signer=pki.SIGNER,
                at=pki.AT,
                timestamps=pki.timestamps(),
            ).pdf
        done = affix(
            pdf, pki.house(), at=pki.AT, timestamps=pki.timestamps(), organisation=pki.HOUSE
        )
        statuses = pki.authority().statuses(pki.folder(), lambda: pki.AT)
        kept = lasting(
            done.pdf,
            statuses=statuses,
            timestamps=pki.timestamps(),
            trust=pki.authority().anchors,
            at=pki.AT,
        )
        verdict = verify(kept.pdf, pki.authority().anchors, pki.AT)
        assert verdict.good, (name, verdict)
        assert {one.level for one in verdict.signatures} == {"B-LTA"}, name
        files.append(written(tmp_path, name, kept.pdf))
    assert verapdf.complaints(files, "3a", "ua1") == {}


def fields_of(pdf: bytes) -> list[str]:
    """Where officials sign."""
    found = enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)))
    return sorted(name for name, _, _ in found if name.startswith("sig_"))


def test_the_engine_can_say_no(tmp_path: Path) -> None:
    """A check that passes everything checks nothing."""
    broken = render(sample("S01")).pdf.replace(b"<pdfaid:part>3", b"<pdfaid:part>9")
    path = written(tmp_path, "broken", broken)
    assert set(verapdf.complaints([path], "3a")) == {("broken.pdf", "3a")}
