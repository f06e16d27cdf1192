"""What is done with a stranger's PDF, in the process apart."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    SigFieldSpec,
    append_signature_field,
)

from signing.errors import Unwrappable
from signing.incremental import Revision
from signing.wrapping import MOST_OBJECTS, MOST_PAGES
from signing.wrapping.tree import leaves

_PART = re.compile(rb"pdfaid:part(?:=[\"']|>)\s*(\d)")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:=[\"']|>)\s*([A-Za-z])")
#: what of a page of ours is drawn; its tags and fields belong to the file that it comes from
_DRAWN = ("/MediaBox", "/Resources", "/Contents")
_LARGEST_METADATA = 1 << 20
_METADATA = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
    b'<?xpacket end="w"?>'
)
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
P = ParamSpec("P")
T = TypeVar("T")


def _located(work: Callable[P, T]) -> Callable[P, T]:
    """Whatever a parser raises over such a file says that it is broken, and how."""

    @wraps(work)
    def done(*args: P.args, **named: P.kwargs) -> T:
        try:
            return work(*args, **named)
        except Unwrappable:
            raise
        except PdfError as error:
            if "hybrid" in str(error):
                raise Unwrappable(
                    "hybrid", "Expected one table of objects, but it has two; print it anew."
                ) from error
            raise Unwrappable("broken", f"Expected a PDF that can be read, but: {error}") from error
        except _BROKEN as error:
            raise Unwrappable("broken", f"Expected a PDF that can be read, but: {error}") from error

    return done


@_located
def examined(pdf: bytes) -> dict[str, Any]:
    """Its pages and its claim, after everything was looked at that would forbid signing it."""
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise Unwrappable("encrypted", "Expected a PDF without a password.")
    if reader.embedded_signatures:
        raise Unwrappable(
            "signed",
            "Expected a PDF that nobody has signed: a cover would be a change after their"
            " signature. Enclose it with a letter instead.",
        )
    if (held := _objects(reader)) > MOST_OBJECTS:
        raise Unwrappable(
            "too_much",
            f"Expected at most {MOST_OBJECTS:,} objects, but the file has {held:,}; print it anew,"
            " or enclose it with a letter instead.",
        )
    pages = leaves(reader.root, MOST_PAGES)
    _check_still(reader.root, pages)
    reader.find_page_for_modification(0)  # type: ignore[no-untyped-call] # it has no types
    return {"pages": len(pages), "pdfa": _claim(reader)}


def _check_still(root: Any, pages: Sequence[Any]) -> None:
    """No fields: one that is filled in afterwards changes what was signed, and breaks nothing."""
    form = _named(root, "/AcroForm") or {}
    notes = (note.get_object() for page in pages for note in _named(page, "/Annots") or ())
    drawn = {str(_named(note, "/Subtype")) for note in notes}
    if _named(form, "/Fields") or "/XFA" in form or "/Widget" in drawn:
        raise Unwrappable(
            "form",
            "Expected a PDF without fields to fill in or to sign, which could be changed after"
            " signing; print it anew.",
        )


def _named(within: Any, name: str) -> Any:
    """`get` follows no reference, and `in` takes what is null for something."""
    try:
        return within[name]
    except KeyError:
        return None


def _objects(reader: PdfFileReader) -> int:
    """How many its tables name, in all its revisions."""
    tables = reader.xrefs
    return sum(
        len(tables.explicit_refs_in_revision(number)) for number in range(tables.total_revisions)
    )


def _claim(reader: PdfFileReader) -> str | None:
    if "/Metadata" not in reader.root:
        return None
    said = reader.root["/Metadata"].data[:_LARGEST_METADATA]
    part, level = _PART.search(said), _CONFORMANCE.search(said)
    if part is None:
        return None
    return (part[1] + (level[1].lower() if level else b"")).decode()


@_located
def revision(pdf: bytes, cover: bytes, fields: Sequence[Mapping[str, Any]]) -> bytes:
    """What is written behind the file."""
    examined(pdf)
    writer, source = Revision(pdf), PdfFileReader(io.BytesIO(cover))
    own = [page.get_object() for page in source.root["/Pages"]["/Kids"]]
    for page in reversed(own):
        _insert_first(writer, _drawn(writer, page))
    names = [one["name"] for one in fields]
    for one in fields:
        box = tuple(round(edge) for edge in one["box"])
        append_signature_field(
            writer,
            SigFieldSpec(one["name"], on_page=one["page"], box=box, field_mdp_spec=_lock(names)),
        )
    if _claim(writer.prev):
        stream = generic.StreamObject(
            {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")},
            stream_data=_METADATA,
        )
        writer.root["/Metadata"] = writer.add_object(stream)
        writer.update_root()  # type: ignore[no-untyped-call] # it has no types
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call] # it has no types
    return out.getvalue()[len(pdf) :]


def _lock(names: Sequence[str]) -> FieldMDPSpec:
    """Whoever signs closes every field but those that are there to be signed."""
    if len(names) == 1:
        return FieldMDPSpec(FieldMDPAction.ALL)
    return FieldMDPSpec(FieldMDPAction.EXCLUDE, fields=list(names))


def _drawn(writer: Revision, page: Any) -> generic.DictionaryObject:
    made = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page")})  # type: ignore[no-untyped-call] # it has no types
    for name in _DRAWN:
        made[pdf_name(name)] = writer.import_object(page.raw_get(name))
    # what is not said here comes from the stranger's tree: turned, or cut to nothing
    made[pdf_name("/Rotate")] = generic.NumberObject(0)  # type: ignore[no-untyped-call] # the same
    made[pdf_name("/CropBox")] = made.raw_get("/MediaBox")
    return made


def _insert_first(writer: Revision, page: generic.DictionaryObject) -> None:
    """Before all others: the writer itself can only insert behind a page."""
    parent_ref, at, _ = writer.find_page_container(0)  # type: ignore[no-untyped-call] # it has no types
    kids = parent_ref.get_object()["/Kids"]
    page[pdf_name("/Parent")] = parent_ref
    kids.insert(at, writer.add_object(page))
    writer.update_container(kids)
    above: Any = parent_ref
    while above is not None:
        node = above.get_object()
        node[pdf_name("/Count")] = generic.NumberObject(node["/Count"] + 1)  # type: ignore[no-untyped-call] # it has no types
        writer.update_container(node)
        above = node.get("/Parent")
