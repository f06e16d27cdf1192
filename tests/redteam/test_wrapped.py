"""Strangers' PDFs that could be changed after they were signed: refused, and seen if they come."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from support import pki
from support.samples import every_kind

from signing.errors import Unwrappable
from signing.render import render
from signing.sign import sign_letter
from signing.verify import verify
from signing.wrapping import wrap
from signing.wrapping.working import examined


def field(pdf: Pdf, kind: str, name: str) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name(kind), T=String(name),
            V=String("100"), DA=String("/Helv 12 Tf 0 g"), Rect=[10, 10, 100, 30], F=4,
        )
    )  # fmt: skip


def to_fill_in(pdf: Pdf, kind: str = "/Tx", name: str = "amount") -> None:
    made = field(pdf, kind, name)
    pdf.pages[0].obj.Annots = Array([made])
    pdf.Root.AcroForm = Dictionary(Fields=[made])


def to_sign(pdf: Pdf) -> None:
    """The name that the cover's own field has."""
    to_fill_in(pdf, "/Sig", "sig_0001")
    del pdf.pages[0].Annots[0].V


def drawn_only(pdf: Pdf) -> None:
    pdf.pages[-1].obj.Annots = pdf.make_indirect(Array([field(pdf, "/Tx", "amount")]))


def listed_only(pdf: Pdf) -> None:
    fields = pdf.make_indirect(Array([field(pdf, "/Tx", "amount")]))
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields))


def dynamic(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))


def made(change: Callable[[Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(400, 300))
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:This document has 1 form widget")
@pytest.mark.parametrize("change", [to_fill_in, to_sign, drawn_only, listed_only, dynamic])
def test_what_can_be_filled_in_later_is_not_wrapped(change: Callable[[Pdf], None]) -> None:
    with pytest.raises(Unwrappable) as refused:
        examined(made(change))
    assert refused.value.reason == "form"


def test_a_link_or_an_empty_form_is_wrapped() -> None:
    def change(pdf: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
        pdf.pages[0].obj.Annots = pdf.make_indirect(Array([link]))
        pdf.Root.AcroForm = Dictionary(Fields=[])

    nothing = re.sub(
        rb"/Annots \S+ 0 R", lambda was: b"/Annots null".ljust(len(was[0])), made(change)
    )
    assert b"/Annots null" in nothing
    assert examined(nothing)["pages"] == 2
    assert examined(made(change))["pages"] == 2


def signed(pdf: bytes) -> bytes:
    return sign_letter(
        pdf, field="sig_0001", key=pki.unlocked(), signer=pki.SIGNER, at=pki.AT, timestamps=None
    ).pdf


@cache
def with_a_field() -> bytes:
    """A letter that somebody else's program made and that was signed all the same."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pki.letter().pdf)) as pdf:
        more = field(pdf, "/Tx", "amount")
        pdf.pages[0].obj.Annots.append(more)
        pdf.Root.AcroForm.Fields.append(more)
        pdf.save(out)
    return signed(out.getvalue())


def filled(pdf: bytes) -> bytes:
    """What any reader does with a field, whoever holds it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for place in writer.root["/AcroForm"]["/Fields"]:
        if place.get_object()["/T"] == "amount":
            place.get_object()[pdf_name("/V")] = generic.pdf_string("9000000")
            writer.mark_update(place)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_field_that_was_filled_in_afterwards_is_told() -> None:
    before = verify(with_a_field(), pki.authority().anchors, pki.AT)
    assert [one.modified for one in before.signatures] == [False]
    after = verify(filled(with_a_field()), pki.authority().anchors, pki.AT)
    assert [(one.valid, one.modified) for one in after.signatures] == [(True, True)]
    assert after.verdict == "modified"


def test_whoever_signs_a_wrapped_file_closes_all_its_fields() -> None:
    cover = render(every_kind()["other"])
    whole = signed(wrap(made(lambda _: None), cover.pdf, cover.fields))
    lock = PdfFileReader(io.BytesIO(whole)).embedded_signatures[0].fieldmdp
    assert lock is not None
    assert lock.is_locked("amount")
    assert verify(whole, pki.authority().anchors, pki.AT).good
