"""A signature comes in stages; nothing is called signed before all of them are done."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image, ImageChops
from support import pki
from support.samples import every_kind, sample

from signing.errors import (
    CertificateOutOfDate,
    FieldMissing,
    FieldTaken,
    TimestampUnavailable,
    Unreadable,
    Unrenderable,
)
from signing.preview import page_png, page_text
from signing.render import render
from signing.sign import Sealed, Signed, SignerBlock, finish, prepare, seal, sign_letter
from signing.verify import verify

TRUST = pki.authority().anchors
FIELD = "sig_0001"


class Silent:
    """A timestamp authority that does not answer."""

    def stamp(self, _digest: bytes) -> bytes:
        raise TimestampUnavailable("Expected an answer, but there is none.")


def signed(pdf: bytes | None = None, *, timestamps: object = None, **more: object) -> Signed:
    how = {"field": FIELD, "key": pki.unlocked(), "signer": pki.SIGNER, "at": pki.AT, **more}
    return sign_letter(pdf or pki.letter().pdf, timestamps=timestamps or pki.timestamps(), **how)


def test_a_letter_with_a_timestamp() -> None:
    later = pki.AT + timedelta(seconds=3)
    done = signed(timestamps=pki.timestamps(later))
    assert (done.level, done.at, done.timestamp, done.field) == ("B-T", pki.AT, later, FIELD)
    (verdict,) = verify(done.pdf, TRUST, pki.AT).signatures
    assert verdict.good
    assert verdict.level == "B-T"
    assert (verdict.time, verdict.time_source) == (later, "timestamp")
    assert verdict.signer == pki.SIGNER.name


def test_a_letter_without_a_timestamp() -> None:
    prepared = prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT)
    done = finish(seal(prepared, pki.unlocked()), None)
    assert (done.level, done.timestamp) == ("B-B", None)
    (verdict,) = verify(done.pdf, TRUST, pki.AT).signatures
    assert verdict.good
    assert (verdict.level, verdict.time, verdict.time_source) == ("B-B", pki.AT, "claimed")


def test_the_original_stays_as_it_was_below_the_signature() -> None:
    assert signed().pdf.startswith(pki.letter().pdf)


def block(pdf: bytes) -> str:
    """The text of the visible block: a page of its own, made of the field's appearance."""
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as alone:
        (field,) = source.Root.AcroForm.Fields
        form = alone.copy_foreign(field.AP.N)
        page = alone.add_blank_page(page_size=(form.BBox[2], form.BBox[3]))
        page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Block)
        page.contents_add(b"/Block Do")
        out = io.BytesIO()
        alone.save(out)
    return page_text(out.getvalue())


def test_the_visible_block_names_signer_post_and_time() -> None:
    assert block(signed().pdf).split("\n") == [
        "นางสาวสมหญิง รักงานดี",
        "รองปลัดกระทรวงตัวอย่าง",
        "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง",
        "ลงลายมือชื่ออิเล็กทรอนิกส์ ๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น.",
    ]


def test_a_narrow_block_says_the_time_on_a_line_of_its_own() -> None:
    done = sign_letter(
        pki.letter("S05").pdf,
        field=FIELD,
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=None,
    )
    assert block(done.pdf).split("\n")[-2:] == [
        "ลงลายมือชื่ออิเล็กทรอนิกส์",
        "๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น.",
    ]


@pytest.mark.parametrize("name", ["statement", "news"])
def test_where_no_seal_goes_the_block_is_as_wide_as_a_signature(name: str) -> None:
    left, _bottom, right, _top = render(every_kind()[name]).fields[0].box
    own_left, _, own_right, _ = pki.letter().fields[0].box
    assert (left, right) == pytest.approx((own_left, own_right))


def test_the_visible_block_is_drawn_in_its_field() -> None:
    before, after = (
        Image.open(io.BytesIO(page_png(pdf, 0, 595))).convert("L")
        for pdf in (pki.letter().pdf, signed().pdf)
    )
    left, bottom, right, top = pki.letter().fields[0].box
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    assert changed[0] >= left - 2
    assert changed[2] <= right + 2
    assert before.height - changed[1] <= top + 2
    assert before.height - changed[3] >= bottom - 2


def test_no_timestamp_no_signed_letter_but_the_signature_is_kept() -> None:
    with pytest.raises(TimestampUnavailable) as caught:
        signed(timestamps=Silent())
    sealed = caught.value.sealed
    assert sealed is not None
    assert verify(sealed.prepared.pdf, TRUST, pki.AT).verdict not in ("valid", "untrusted")
    # a restart later, without the key
    done = finish(Sealed.from_bytes(sealed.to_bytes()), pki.timestamps())
    assert done.level == "B-T"
    assert verify(done.pdf, TRUST, pki.AT).good


def test_what_was_kept_must_come_back_whole() -> None:
    data = seal(prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT), pki.unlocked()).to_bytes()
    for broken in (b"", data[:-1], data[:30], data[:100] + b"x" + data[101:], b"other" + data):
        with pytest.raises(Unreadable):
            Sealed.from_bytes(broken)


def test_the_digest_binds_document_signer_and_time() -> None:
    digest = prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT).digest
    other = SignerBlock("นายอื่น", ())
    later = pki.AT + timedelta(minutes=1)
    assert digest == prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT).digest
    assert digest != prepare(pki.letter().pdf, FIELD, other, pki.AT).digest
    assert digest != prepare(pki.letter().pdf, FIELD, pki.SIGNER, later).digest
    assert digest != prepare(pki.letter("S01").pdf, FIELD, pki.SIGNER, pki.AT).digest


def test_a_key_signs_what_was_prepared_and_nothing_else() -> None:
    prepared = prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT)
    other = prepare(pki.letter("S01").pdf, FIELD, pki.SIGNER, pki.AT)
    sealed = seal(prepared, pki.unlocked())
    swapped = finish(replace(sealed, prepared=other), pki.timestamps())
    assert not verify(swapped.pdf, TRUST, pki.AT).good


@pytest.mark.parametrize("days", [-2, 731])
def test_a_certificate_out_of_its_time_does_not_sign(days: int) -> None:
    with pytest.raises(CertificateOutOfDate, match="Renew it"):
        signed(at=pki.AT + timedelta(days=days))


def test_fields_that_are_not_there_or_taken() -> None:
    with pytest.raises(FieldMissing, match="sig_0001"):
        signed(field="sig_0009")
    with pytest.raises(FieldTaken):
        signed(signed().pdf)


def test_a_file_that_is_no_pdf() -> None:
    for data in (b"", b"%PDF-1.7\n", b"not a pdf", pki.letter().pdf[:5000]):
        with pytest.raises((Unreadable, FieldMissing)):
            signed(data or b"x")


def test_a_name_that_cannot_be_printed() -> None:
    with pytest.raises(Unrenderable) as caught:
        signed(signer=SignerBlock("นาย 😀", ()))
    assert caught.value.path == "signer.name"
    with pytest.raises(Unrenderable) as caught:
        signed(signer=SignerBlock("นาย", ("ก", "ข\u202e")))
    assert caught.value.path == "signer.position_lines.1"


def test_long_posts_shrink_into_the_field() -> None:
    post = "ผู้อำนวยการสำนักบริหารกลาง รักษาราชการแทน รองปลัดกระทรวงตัวอย่าง ปฏิบัติราชการแทน ปลัดกระทรวง"
    done = signed(signer=SignerBlock(pki.SIGNER.name, (post, post, post)))
    assert block(done.pdf).count(post) == 3


def test_signing_asks_no_clock() -> None:
    """The same letter, key and time differ only in the signature's own randomness."""
    one, other = (prepare(pki.letter().pdf, FIELD, pki.SIGNER, pki.AT) for _ in range(2))
    assert one.pdf == other.pdf


def test_a_reason_is_kept() -> None:
    (verdict,) = verify(signed(reason="อนุมัติ").pdf, TRUST, pki.AT).signatures
    assert verdict.reason == "อนุมัติ"


def test_a_draft_has_a_field_too() -> None:
    """What is signed is decided by the office; the field is there for a preview."""
    assert render(sample("S01"), draft=True).fields[0].name == FIELD
