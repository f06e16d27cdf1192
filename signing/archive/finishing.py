"""Makes a written document an archive file: PDF/A-3a and PDF/UA-1, with empty signature fields and
the files that belong to it inside.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from typing import Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from signing.archive.metadata import CREATOR, Description, srgb, xmp
from signing.archive.tags import Tags
from signing.pdf.document import Document
from signing.pdf.streams import deflated
from signing.pdf.structure import Box, Widget

_PRINT_AND_LOCKED = 132
#: Enclosures are packed in themselves, most of them: more effort saves no room.
_PACKING = 1
_FIELD_TIP = "ลายมือชื่ออิเล็กทรอนิกส์"


class Field(Protocol):
    """Where a signature will stand."""

    @property
    def name(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def box(self) -> Box: ...


@dataclass(frozen=True, slots=True)
class Associated:
    """A file inside the document: the same content for machines, or an enclosure (`supplement`).
    Names differ from one another. `modified` is the letter's day.
    """

    name: str
    description: str
    media_type: str
    data: bytes
    modified: date
    supplement: bool = False


def finish(
    document: Document,
    about: Description,
    fields: Sequence[Field],
    associated: Sequence[Associated] = (),
) -> bytes:
    """The file; equal documents give equal bytes."""
    pdf = document.build()
    widgets = {field.name: _widget(pdf, field) for field in fields}
    for field in fields:
        document.root.add("Form").kids.append(Widget(field.page, field.name))
    Tags(pdf, widgets).write(document.root, document.pages)
    if widgets:
        pdf.Root.AcroForm = Dictionary(Fields=Array(list(widgets.values())), SigFlags=0)
    _catalogue(pdf)
    _attach(pdf, associated)
    _describe(pdf, about)
    out = io.BytesIO()
    pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        min_version="1.7",
    )
    return out.getvalue()


def _widget(pdf: Pdf, field: Field) -> Object:
    """Field and annotation in one object: viewers lose the appearance of split ones."""
    left, bottom, right, top = field.box
    appearance = pdf.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, right - left, top - bottom]),
        Resources=Dictionary(),
    )
    page = pdf.pages[field.page].obj
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(_FIELD_TIP),
            F=_PRINT_AND_LOCKED,
            Rect=Array([round(edge, 2) for edge in field.box]),
            P=page,
            AP=Dictionary(N=pdf.make_indirect(appearance)),
        )
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(widget)
    return widget


def _catalogue(pdf: Pdf) -> None:
    profile = Stream(pdf, deflated(srgb()), Dictionary(Filter=Name.FlateDecode, N=3))
    pdf.Root.Lang = String("th-TH")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )


def _attach(pdf: Pdf, associated: Sequence[Associated]) -> None:
    """As associated files (ISO 32000-2, 14.13) of the whole document."""
    if not associated:
        return
    files = [(String(one.name), _file(pdf, one)) for one in associated]
    by_name = sorted(files, key=lambda entry: bytes(entry[0]))  # a tree of names is in order
    names = Array([part for entry in by_name for part in entry])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    pdf.Root.AF = Array([file for _, file in files])


def _file(pdf: Pdf, one: Associated) -> Object:
    embedded = pdf.make_stream(
        zlib.compress(one.data, _PACKING),
        Type=Name.EmbeddedFile,
        Subtype=Name(f"/{one.media_type}"),
        Filter=Name.FlateDecode,
        Params=Dictionary(
            Size=len(one.data),
            CheckSum=String(md5(one.data, usedforsecurity=False).digest()),  # as the format has it
            ModDate=String(f"D:{one.modified:%Y%m%d}000000+07'00'"),
        ),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(one.name),
            UF=String(one.name),
            Desc=String(one.description),
            AFRelationship=Name.Supplement if one.supplement else Name.Alternative,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )


def _describe(pdf: Pdf, about: Description) -> None:
    packet = xmp(about, part=3, conformance="A", accessible=True)
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(about.title),
            Author=String(about.author),
            Subject=String(about.subject),
            Creator=String(CREATOR),
            Producer=String(CREATOR),
        )
    )
