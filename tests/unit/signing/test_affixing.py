"""An organisation's electronic seal is a signature of nobody in person, after the officials'."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    SigFieldSpec,
    append_signature_field,
)
from support import pki
from support.samples import sample

from signing.affixing import affix
from signing.errors import FieldLocked, TimestampUnavailable, Unreadable, Unrenderable
from signing.lasting import lasting
from signing.preview import page_text
from signing.render import render
from signing.sign import Signed, sign_letter
from signing.verify import verify

TRUST = pki.authority().anchors


def signed(pdf: bytes) -> bytes:
    done = sign_letter(
        pdf, field="sig_0001", key=pki.unlocked(), signer=pki.SIGNER, at=pki.AT,
        timestamps=pki.timestamps(),
    )  # fmt: skip
    return done.pdf


def sealed(pdf: bytes, **more: Any) -> Signed:
    how: dict[str, Any] = {"timestamps": pki.timestamps(), "organisation": pki.HOUSE, **more}
    return affix(pdf, pki.house(), at=pki.AT, **how)


@cache
def stamp_letter() -> bytes:
    return render({**sample("S05"), "agency_seal": True}).pdf


def test_the_seal_is_told_from_a_persons_signature() -> None:
    before = signed(pki.letter().pdf)
    done = sealed(before)
    assert done.pdf.startswith(before)
    assert (done.field, done.level) == ("seal_0001", "B-T")
    verdict = verify(done.pdf, TRUST, pki.AT)
    assert verdict.good
    person, house = verdict.signatures
    assert (person.by, person.signer) == ("person", pki.SIGNER.name)
    assert (house.by, house.signer) == ("organisation", pki.HOUSE)
    assert [one["by"] for one in verdict.as_json()["signatures"]] == ["person", "organisation"]


def test_without_a_place_for_it_nothing_is_seen() -> None:
    before = signed(pki.letter().pdf)
    assert page_text(sealed(before).pdf) == page_text(before)


def mark(pdf: bytes) -> str:
    """The text of the mark: a page of its own, made of the field's appearance."""
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as alone:
        field = next(one for one in source.Root.AcroForm.Fields if one.T == "agency_seal")
        form = alone.copy_foreign(field.AP.N)
        page = alone.add_blank_page(page_size=(form.BBox[2], form.BBox[3]))
        page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Mark)
        page.contents_add(b"/Mark Do")
        out = io.BytesIO()
        alone.save(out)
    return page_text(out.getvalue())


def test_where_the_template_leaves_a_place_the_mark_names_the_house() -> None:
    before = signed(stamp_letter())
    done = sealed(before)
    assert done.field == "agency_seal"
    with pikepdf.open(io.BytesIO(done.pdf)) as pdf:
        fields = pdf.Root.AcroForm.Fields
        boxes = {str(one.T): [float(edge) for edge in one.Rect] for one in fields}
    seal, person = boxes["agency_seal"], boxes["sig_0001"]
    assert seal[2] - seal[0] == pytest.approx(seal[3] - seal[1], abs=0.1)
    assert seal[2] < person[0]  # who answers for it signs beside
    said = mark(done.pdf).split("\n")
    assert said[0] == "ตราประทับอิเล็กทรอนิกส์"
    assert "".join(said[1:-2]) == pki.HOUSE
    assert said[-2:] == ["๒๓ พฤศจิกายน ๒๕๖๙", "๐๙.๐๐ น."]
    assert verify(done.pdf, TRUST, pki.AT).good


def test_a_sealed_letter_is_archived_after_the_seal() -> None:
    done = sealed(signed(pki.letter().pdf))
    statuses = pki.authority().statuses(pki.folder(), lambda: pki.AT)
    last = lasting(done.pdf, statuses=statuses, timestamps=pki.timestamps(), trust=TRUST, at=pki.AT)
    assert [one.level for one in verify(last.pdf, TRUST, pki.AT).signatures] == ["B-LTA", "B-LTA"]


def test_a_document_that_nobody_signed_is_sealed_too_and_twice() -> None:
    once = sealed(pki.letter().pdf)
    twice = sealed(once.pdf)
    assert (once.field, twice.field) == ("seal_0001", "seal_0002")
    assert verify(twice.pdf, TRUST, pki.AT).good


def test_what_was_closed_by_a_signature_is_not_sealed() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(pki.letter().pdf))
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    spec = SigFieldSpec("last", box=(60, 60, 160, 100), field_mdp_spec=lock)
    append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    closed = sign_letter(
        out.getvalue(), field="last", key=pki.unlocked(), signer=pki.SIGNER, at=pki.AT,
        timestamps=None,
    )  # fmt: skip
    with pytest.raises(FieldLocked):
        sealed(closed.pdf)


class Silent:
    def stamp(self, _digest: bytes) -> bytes:
        raise TimestampUnavailable("Expected an answer, but there is none.")


def test_bad_input_is_named() -> None:
    with pytest.raises(TimestampUnavailable):
        sealed(pki.letter().pdf, timestamps=Silent())
    with pytest.raises(Unrenderable):
        sealed(pki.letter().pdf, organisation="😀")
    with pytest.raises(Unreadable):
        sealed(b"%PDF-1.7 nothing")
