"""หนังสืออื่น: a stranger's PDF is registered, gets a cover, and is signed as it came."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pikepdf
import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry
from support.samples import every_kind, sample

from engine.errors import Conflict, Invalid
from office.correspondence import rules
from office.correspondence.models import register_entry
from office.documents import queries
from office.documents.commands import Attach, Detach
from office.documents.wrapping import check_next, check_upload
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import receive
from signing.preview import page_count, page_text
from signing.verify import verify

POST = ["ปลัดกระทรวงตัวอย่าง"]


def strangers_pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(400, 300))
        pdf.save(out)
    return out.getvalue()


def letter(ministry: Ministry) -> Letter:
    lines = {"secrecy": "ปกติ", "secrecy_code": "001", "position_lines": POST, "owner_unit": None}
    content = {**every_kind()["other"], **lines}
    return ministry.letter("S01", **{**dict.fromkeys(sample("S01")), **content})


def attach(made: Letter, data: bytes, name: str = "จากบริษัท.pdf") -> dict[str, Any]:
    ministry = made.ministry
    stored = receive(ministry.desk.storage, ministry.agency_id, data, name)
    first = not ministry.query(queries.one, made.id).attachments
    examined = check_upload("OTHER", data, first=first)
    return ministry.do(Attach(made.id, stored, "", examined=examined), "thotsop")


def detach(made: Letter, file: dict[str, Any]) -> None:
    ministry, at = made.ministry, UUID(file["id"])
    view = ministry.query(queries.one, made.id)
    examined = check_next(ministry.desk.storage, ministry.agency_id, view, at)
    ministry.do(Detach(made.id, at, examined), "thotsop")


def strangers_form() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(strangers_pdf())) as pdf:
        field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("amount"))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)])
        pdf.save(out)
    return out.getvalue()


def test_a_strangers_file_is_signed_as_it_came(either_ministry: Ministry) -> None:
    original = strangers_pdf()
    made = letter(either_ministry)
    attach(made, original)
    made.on_the_signers_desk().signed()
    assert (made.row.state, made.row.number, made.end) == ("signed", "๑/๒๕๖๙", "end_filed")
    view = either_ministry.query(queries.one, made.id)
    pdf = read(either_ministry.desk.storage, either_ministry.agency_id, view.signed_sha256)
    assert pdf.startswith(original)
    verdict = verify(pdf, either_ministry.desk.trust, either_ministry.now)
    assert verdict.good, verdict
    assert [one.level for one in verdict.signatures] == ["B-LTA"]
    assert page_count(pdf) == 3
    cover = " ".join(page_text(pdf, 0).split())
    for said in ("เลขทะเบียน ๑/๒๕๖๙", "บริษัทตัวอย่าง จำกัด", "๒๐ พฤศจิกายน ๒๕๖๙", "๒ หน้า",
                 "ไม่ได้ระบุว่าเป็น PDF/A", "ไฟล์ที่ลงนามนี้ไม่เป็น PDF/A"):  # fmt: skip
        assert said in cover, (said, cover)
    entries = either_ministry.rows(register_entry, register_entry.c.document_id == made.id)
    assert {one.register for one in entries} >= {rules.ISSUE, rules.RECEIVE}
    assert {one.sender for one in entries} == {"บริษัทตัวอย่าง จำกัด"}


def test_a_cover_before_nothing_goes_nowhere(ministry: Ministry) -> None:
    made = letter(ministry)
    with pytest.raises(Conflict) as refused:
        made.submitted()
    assert refused.value.code == "nothing_wrapped"
    file = attach(made, strangers_pdf())
    made.submitted()
    assert made.open() == ["proofread"]
    ministry.do(Detach(made.id, UUID(file["id"])), "sommut")
    attach_png = receive(ministry.desk.storage, ministry.agency_id, b"a", "a.txt")
    with pytest.raises(Invalid) as wrong:
        ministry.do(Attach(made.id, attach_png, ""), "sommut")
    assert wrong.value.code == "wrap_not_pdf"


def test_only_the_first_file_must_be_a_pdf(ministry: Ministry) -> None:
    made = letter(ministry)
    attach(made, strangers_pdf())
    attach(made, b"words", "a.txt")
    view = ministry.query(queries.one, made.id)
    assert len(view.attachments) == 2
    check_upload("OTHER", b"words", first=False)
    check_upload("EXT", b"words", first=True)
    with pytest.raises(Invalid):
        check_upload("OTHER", b"words", first=True)


def test_only_what_was_examined_becomes_the_first(ministry: Ministry) -> None:
    """Whether it stands first from the beginning or because another was taken out."""
    made = letter(ministry)
    storage = ministry.desk.storage
    stored = receive(storage, ministry.agency_id, strangers_pdf(), "a.pdf")
    with pytest.raises(Invalid) as refused:
        ministry.do(Attach(made.id, stored, ""), "thotsop")
    assert refused.value.code == "wrap_again"
    first = attach(made, strangers_pdf())
    words = attach(made, b"words", "a.txt")
    form = attach(made, strangers_form(), "b.pdf")
    good = attach(made, strangers_pdf(3), "c.pdf")
    for bad in (words, form):
        with pytest.raises(Invalid) as refused:
            detach(made, first)
        assert refused.value.code == "wrap_next"
        with pytest.raises(Invalid) as refused:
            ministry.do(Detach(made.id, UUID(first["id"])), "thotsop")
        assert refused.value.code == "wrap_next"
        detach(made, bad)
    detach(made, first)
    assert [one.id for one in ministry.query(queries.one, made.id).attachments] == [good["id"]]
    detach(made, good)
    assert ministry.query(queries.one, made.id).attachments == []


def test_a_route_goes_on_with_a_pdf_alone(ministry: Ministry) -> None:
    made = letter(ministry)
    file = attach(made, strangers_pdf())
    held = blob.c.held_by == f"attachment:{file['id']}"
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(blob).where(held).values(media_type="text/plain"))
    with pytest.raises(Conflict) as refused:
        made.submitted()
    assert refused.value.code == "nothing_wrapped"
