"""The letter for machines says what the paper says, and travels inside the signed PDF."""

from __future__ import annotations

import io
from hashlib import md5
from typing import Any

import pikepdf
import pytest
from lxml import etree
from support import pki
from support.samples import every_kind, sample

from signing.archive.enclosures import Enclosure
from signing.archive.machine import NAME, government_document
from signing.errors import Unrenderable
from signing.render import render
from signing.sign import sign_letter
from signing.verify import verify

RAM = "{urn:th:gov:egif:data:standard:ReusableAggregateBusinessInformationEntity:1}"
RSM = "{urn:th:gov:egif:data:standard:GovernmentDocument:1.0}"


def letter_of(xml: bytes) -> Any:
    root = etree.fromstring(xml)
    assert root.tag == f"{RSM}GovernmentDocument"
    (letter,) = root
    assert (letter.tag, letter.get("ID")) == (f"{RAM}CorrespondenceLetter", "Letter")
    return letter


def said(letter: Any, path: str) -> list[str]:
    return [found.text for found in letter.iterfind("/".join(RAM + p for p in path.split("/")))]


def inside(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def test_an_external_letter() -> None:
    document = sample("S01")
    letter = letter_of(government_document(document))
    assert [child.tag.removeprefix(RAM) for child in letter] == [
        "ID", "CorrespondenceDate", "Subject", "SecretCode", "SpeedCode", "SenderParty",
        "ReceiverParty", "ReferenceCorrespondence", "Attachment", "Description",
    ]  # fmt: skip
    assert said(letter, "ID") == ["ตย 0201/123"]
    assert said(letter, "CorrespondenceDate") == ["2024-09-12"]
    assert said(letter, "Subject") == [document["subject"]]
    assert said(letter, "SenderParty/GivenName") == ["นายสมชาย"]
    assert said(letter, "SenderParty/FamilyName") == ["ตัวอย่างดี"]
    assert said(letter, "SenderParty/JobTitle") == ["ปลัดกระทรวงตัวอย่าง"]
    assert said(letter, "ReceiverParty/JobTitle") == ["ปลัดกระทรวงสาธิต"]
    assert said(letter, "ReferenceCorrespondence/ID") == ["สธต 0202/456"]
    assert said(letter, "ReferenceCorrespondence/CorrespondenceDate") == ["2024-08-26"]
    assert said(letter, "Description") == ["\n".join(document["paragraphs"])]


def test_a_reference_to_something_else_keeps_its_words() -> None:
    letter = letter_of(government_document(sample("S02")))
    assert said(letter, "ReferenceCorrespondence/ID") == []
    assert said(letter, "ReferenceCorrespondence/Subject") == sample("S02")["refs"]
    odd = sample("S01", refs=["หนังสือ ที่ ก ๑ ลงวันที่ ๓๑ กุมภาพันธ์ ๒๕๖๗"])
    assert said(letter_of(government_document(odd)), "ReferenceCorrespondence/ID") == []


def test_codes_are_of_the_words_that_are_printed() -> None:
    """Whatever codes were sent along: who signs sees the words."""
    document = sample("S04", secrecy_code="001", priority="ด่วนที่สุด", priority_code="001")
    letter = letter_of(government_document(document))
    assert (said(letter, "SecretCode"), said(letter, "SpeedCode")) == (["002"], ["004"])


@pytest.mark.parametrize(
    "text",
    ["</ram:Subject><x/>", "<!-- -->", "]]>&amp;", "ก\x00ข\x0bค", "\ud800ก", "\ufeffก\u200bข"],
)
def test_no_words_break_out(text: str) -> None:
    letter = letter_of(government_document(sample("S01", subject=text)))
    assert len(said(letter, "Subject")) == 1
    assert len(letter) == 10


def test_values_of_another_kind_say_nothing() -> None:
    odd = {"subject": 7, "to": {"a": 1}, "refs": "x", "attachments": [7, {"name": 8}], "signer": []}
    letter = letter_of(government_document(odd))
    assert said(letter, "Subject") == []


def test_it_travels_inside_and_is_signed_with_the_rest() -> None:
    document = sample("S01")
    found = inside(render(document).pdf)
    assert found == {NAME: government_document(document)}
    done = sign_letter(
        render(document).pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    ).pdf
    assert inside(done) == found
    assert verify(done, pki.authority().anchors, pki.AT).good
    with pikepdf.open(io.BytesIO(done)) as opened:
        assert opened.Root.AF[0].AFRelationship == "/Alternative"
        (name, spec) = opened.Root.Names.EmbeddedFiles.Names
        assert (str(name), spec.objgen) == (NAME, opened.Root.AF[0].objgen)


def test_enclosed_files_travel_inside_or_are_told_by_hash() -> None:
    """As the standard has it: one text for all that is enclosed, and the bytes beside."""
    document = sample("S01")
    title = document["attachments"][1]["name"]
    kept = Enclosure(title, "01 แบบ <ตอบ>.pdf", "application/pdf", 3, "a" * 64, b"%P\n")
    large = Enclosure("แผนที่", "02 x.png", "image/png", 9, "b" * 64)
    pdf = render(document, enclosed=[kept, large]).pdf
    assert set(inside(pdf)) == {NAME, kept.name}
    assert inside(pdf)[kept.name] == b"%P\n"
    told = said(letter_of(inside(pdf)[NAME]), "Attachment")[0].splitlines()
    assert told == [
        "กำหนดการสัมมนา จำนวน ๑ ฉบับ",
        f"{title} จำนวน ๑ แผ่น (01 แบบ <ตอบ>.pdf, application/pdf, 3 bytes, SHA-256 {'a' * 64})",
        f"แผนที่ (02 x.png, image/png, 9 bytes, SHA-256 {'b' * 64})",
    ]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        _, spec = opened.Root.AF
        assert (spec.AFRelationship, str(spec.Desc)) == ("/Supplement", title)
        file = spec.EF.UF
        assert (file.Subtype, file.Params.Size) == ("/application/pdf", 3)
        assert bytes(file.Params.CheckSum) == md5(b"%P\n").digest()
        names = [bytes(name) for name in list(opened.Root.Names.EmbeddedFiles.Names)[::2]]
        assert names == sorted(names)
    assert inside(render(document, enclosed=[kept], draft=True).pdf) == {}


def test_every_kind_has_one_and_a_draft_has_none() -> None:
    for name, document in every_kind().items():
        assert (name, set(inside(render(document).pdf))) == (name, {NAME})
    assert inside(render(sample("S01"), draft=True).pdf) == {}


def test_equal_letters_are_equal_files() -> None:
    assert render(sample("S01")).pdf == render(sample("S01")).pdf


def test_a_date_that_is_none() -> None:
    with pytest.raises(Unrenderable) as refused:
        render(sample("S01", date_iso="yesterday"))
    assert refused.value.path == "date_iso"


def test_words_with_marks_are_told_without_them() -> None:
    marked = {"runs": [{"text": "ส", "bold": True}, {"text": "อง"}]}
    letter = letter_of(government_document(sample("S01", paragraphs=["หนึ่ง", marked])))
    assert said(letter, "Description") == ["หนึ่ง\nสอง"]
