"""The review of what came after signing says what pyHanko's own policy says, at less cost."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, SuspiciousModification
from support import pki

from signing.sign import sign_letter
from signing.verify.reviewing import StepByStep

Change = Callable[[IncrementalPdfFileWriter], None]
Name, Number = generic.NameObject, generic.NumberObject


def signed_by(count: int, pdf: bytes | None = None, first: int = 1) -> bytes:
    pdf = pdf or pki.letter_with_fields(6)
    for n in range(first, first + count):
        done = sign_letter(
            pdf,
            field=f"sig_{n:04}",
            key=pki.unlocked(),
            signer=pki.SIGNER,
            at=pki.AT,
            timestamps=None,
        )
        pdf = done.pdf
    return pdf


def nothing(_writer: IncrementalPdfFileWriter) -> None:
    return


def rotates(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page[Name("/Rotate")] = Number(90)
    writer.update_container(page)


def leaves_an_orphan(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.StreamObject(stream_data=b"nobody refers to it"))


def annotates(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = {"/Type": "/Annot", "/Subtype": "/Stamp"}
    added = generic.DictionaryObject({Name(k): Name(v) for k, v in note.items()})
    added[Name("/Rect")] = generic.ArrayObject(map(Number, (50, 50, 300, 300)))
    page["/Annots"].append(writer.add_object(added))
    writer.update_container(page["/Annots"])


def moves_an_empty_field(writer: IncrementalPdfFileWriter) -> None:
    field(writer, 5)[Name("/Rect")] = generic.ArrayObject(map(Number, (1, 1, 9, 9)))


def empties_a_signed_field(writer: IncrementalPdfFileWriter) -> None:
    del field(writer, 1)["/V"]


def field(writer: IncrementalPdfFileWriter, n: int) -> generic.DictionaryObject:
    found: generic.DictionaryObject = writer.root["/AcroForm"]["/Fields"][n]
    writer.update_container(found)
    return found


def renames(writer: IncrementalPdfFileWriter) -> None:
    writer.root[Name("/Lang")] = generic.TextStringObject("en")
    writer.update_root()


CHANGES: dict[str, Change] = {
    one.__name__: one
    for one in (nothing, rotates, leaves_an_orphan, annotates, moves_an_empty_field,
                empties_a_signed_field, renames)
}  # fmt: skip
HARMLESS = {"nothing", "leaves_an_orphan"}


@pytest.fixture(scope="module")
def three() -> bytes:
    return signed_by(3)


def changed(pdf: bytes, change: Change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("more", [0, 1], ids=["last", "and signed again"])
@pytest.mark.parametrize("name", CHANGES)
def test_it_says_of_each_signature_what_the_standard_says(
    three: bytes, name: str, more: int
) -> None:
    pdf = changed(three, CHANGES[name])
    if more:
        pdf = signed_by(1, pdf, first=5)
    reader, policy = PdfFileReader(io.BytesIO(pdf)), StepByStep()
    found = []
    for one in reader.embedded_signatures:
        asked = {"field_mdp_spec": one.fieldmdp, "doc_mdp": one.docmdp_level}
        theirs = DEFAULT_DIFF_POLICY.review_file(reader, one.signed_revision, **asked)
        ours = policy.review_file(reader, one.signed_revision, **asked)
        assert said(ours) == said(theirs)
        found.append(isinstance(ours, DiffResult))
    assert len(found) >= 2
    assert all(found) == (name in HARMLESS)


def said(result: DiffResult | SuspiciousModification) -> tuple[object, ...]:
    if isinstance(result, SuspiciousModification):
        return (str(result),)
    return result.modification_level, frozenset(result.changed_form_fields)


class Counting(StepByStep):
    compared = 0

    def apply(self, old: HistoricalResolver, new: HistoricalResolver, *more, **named) -> DiffResult:
        self.compared += 1
        return super().apply(old, new, *more, **named)


def test_a_revision_is_compared_once_however_many_have_signed_before() -> None:
    reader, policy = PdfFileReader(io.BytesIO(signed_by(6))), Counting()
    for one in reader.embedded_signatures:
        assert isinstance(
            policy.review_file(reader, one.signed_revision, doc_mdp=one.docmdp_level), DiffResult
        )
    # what the first allows as the one that certifies, and what the others do
    assert policy.compared == 5 + 4
