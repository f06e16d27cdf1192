"""A stranger's PDF gets a cover and a field behind its bytes, or is refused for a reason."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from support import pki
from support.samples import every_kind

from signing import wrapping
from signing.errors import Unwrappable
from signing.preview import page_count
from signing.render import render
from signing.sign import sign_letter
from signing.verify import verify
from signing.wrapping.working import examined


def strangers(pages: int = 2, **how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(400, 300))
        pdf.save(out, **how)
    return out.getvalue()


@pytest.fixture(scope="module")
def cover() -> tuple[bytes, tuple[object, ...]]:
    made = render(every_kind()["other"])
    return made.pdf, made.fields


@pytest.fixture(scope="module")
def signed() -> bytes:
    return _signed(pki.letter().pdf)


def _signed(pdf: bytes) -> bytes:
    return sign_letter(
        pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    ).pdf


def test_bytes_stay_and_the_cover_comes_first(cover: tuple[bytes, tuple[object, ...]]) -> None:
    original = strangers()
    whole = wrapping.wrap(original, *cover)
    assert whole.startswith(original)
    assert whole == wrapping.wrap(original, *cover)
    assert page_count(whole) == 3
    done = _signed(whole)
    assert done.startswith(whole)
    assert verify(done, pki.authority().anchors, pki.AT).good
    with pikepdf.open(io.BytesIO(done)) as pdf:
        assert [round(float(page.mediabox[2])) for page in pdf.pages] == [595, 400, 400]


def test_nested_pages_and_packed_objects(cover: tuple[bytes, tuple[object, ...]]) -> None:
    packed = strangers(3, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert page_count(wrapping.wrap(packed, *cover)) == 4


def test_a_claim_to_be_an_archive_file_is_told_and_not_repeated(
    cover: tuple[bytes, tuple[object, ...]],
) -> None:
    with pikepdf.open(io.BytesIO(pki.letter().pdf)) as pdf:
        del pdf.Root.AcroForm
        for page in pdf.pages:
            del page.obj.Annots
        out = io.BytesIO()
        pdf.save(out)
    assert wrapping.examine(out.getvalue()) == wrapping.Facts(1, "3a")
    assert wrapping.examine(strangers()).pdfa is None
    whole = wrapping.wrap(out.getvalue(), *cover)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert b"pdfaid" not in pdf.Root.Metadata.read_bytes()


def test_what_cannot_be_signed_as_it_is_is_refused(signed: bytes) -> None:
    plain = strangers()
    cases = {
        "signed": signed,
        "encrypted": strangers(encryption=pikepdf.Encryption(owner="o", user="")),
        "not_pdf": b"PK\3\4 a workbook",
        "broken": plain[:200],
        "pages": re.sub(rb"/Count 2", b"/Count 0", plain),
    }
    for reason, pdf in cases.items():
        with pytest.raises(Unwrappable) as refused:
            wrapping.examine(pdf)
        assert refused.value.reason == reason, (reason, str(refused.value))


def test_size_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "MOST_BYTES", 10)
    with pytest.raises(Unwrappable) as refused:
        wrapping.examine(b"%PDF-1.7 and more")
    assert refused.value.reason == "too_large"


LYING = {
    "fewer": (b"/Count 2", b"/Count 1"),
    "more": (b"/Count 2", b"/Count 9"),
    "a page with pages": (b"/Type /Pages", b"/Type /Page "),
    "no page": (b"/Type /Page ", b"/Type /Font "),
    "itself": (b"/Kids [ 3 0 R", b"/Kids [ 2 0 R"),
    "twice": (b"/Kids [ 3 0 R 4 0 R", b"/Kids [ 3 0 R 3 0 R"),
}


@pytest.mark.parametrize("how", LYING)
def test_pages_are_counted_and_not_believed(how: str) -> None:
    """The signed cover repeats their number, and another reader may go by what the tree says."""
    old, new = LYING[how]
    plain = strangers(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert old in plain
    with pytest.raises(Unwrappable) as refused:
        examined(plain.replace(old, new))
    assert refused.value.reason == "pages"


@pytest.mark.parametrize("packed", [True, False])
def test_more_objects_than_a_judge_can_look_at_are_refused(
    monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr("signing.wrapping.working.MOST_OBJECTS", 300)
    how = {"object_stream_mode": pikepdf.ObjectStreamMode.generate} if packed else {}
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(strangers())) as pdf:
        pdf.Root.Many = pikepdf.Array([pdf.make_indirect(pikepdf.Array([n])) for n in range(200)])
        pdf.save(out, **how)
    assert examined(out.getvalue())["pages"] == 2
    with pikepdf.open(io.BytesIO(strangers())) as pdf:
        pdf.Root.Many = pikepdf.Array([pdf.make_indirect(pikepdf.Array([n])) for n in range(301)])
        out = io.BytesIO()
        pdf.save(out, **how)
    with pytest.raises(Unwrappable, match="at most 300 objects") as refused:
        examined(out.getvalue())
    assert refused.value.reason == "too_much"


def test_the_cover_inherits_nothing(cover: tuple[bytes, tuple[object, ...]]) -> None:
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(strangers())) as pdf:
        pdf.Root.Pages.Rotate = 180
        pdf.Root.Pages.CropBox = [0, 0, 9, 9]
        pdf.save(turned)
    with pikepdf.open(io.BytesIO(wrapping.wrap(turned.getvalue(), *cover))) as pdf:
        first = pdf.pages[0]
        assert first.obj.Rotate == 0
        assert list(first.cropbox) == list(first.mediabox)
