"""A draft's pages while it is written: the posted words printed, and nothing kept of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from api.pages import style_words, words
from api.pages.desk import actor, now, whole_number
from api.pages.documents import one_letter
from api.pages.drafts import DOCUMENT_TEXT, posted_content
from api.pages.letters import unsaved
from api.pages.pace import Pace
from api.pages.site import site, takes_words
from engine.errors import Invalid
from office.documents import errors, notation
from office.documents.queries import DocumentView
from office.documents.reading import read_content
from signing import preview
from signing.render import Rendered, Window

#: pixels across: more takes longer than a pause should
WIDTH = 840
#: sheets that are drawn while typing, around where it is; the rest is laid out and counted
SHEETS = 12
#: of these so many before the one that is written on
BEFORE = 4
#: letters by which the beginning of the text is found behind the head
BEGINNING = 40
#: a person types with pauses, not in bursts
PACE = Pace(burst=12, a_second=8)


@site.post("/documents/<document_id>/live")
@takes_words(DOCUMENT_TEXT)
def live_preview(document_id: str) -> ResponseReturnValue:
    """Pictures of the pages that differ from those `known`, or what cannot be printed and where.

    Of a long draft those from page `first` (from 0), unless what is written, behind `near` letters
    of the text, stands on another: then those around it. The answer says which `first` it was.
    """
    PACE.ask((actor().agency_id, actor().username), now())
    view = one_letter(document_id)
    if not view.may_edit:
        raise errors.not_yours_to_edit(actor().username)
    try:
        content = read_content(posted_content(view)).content
        made, first = _around(view, content)
    except Invalid as wrong:
        # An answer, no failure: whoever writes is often between two words.
        return jsonify({"problems": _located(wrong)})
    known = set(request.form.getlist("known"))
    drawn = preview.pictures(made.pdf, WIDTH, known=known, most=SHEETS)
    sheets = [{"digest": one.digest, "png": _text(one.png)} for one in drawn]
    return jsonify({"sheets": sheets, "pages": made.pages, "first": first})


def _around(view: DocumentView, content: Mapping[str, Any]) -> tuple[Rendered, int]:
    """The draft with the asked sheets drawn, and the first of them. Laying out is most of the work,
    and is not done anew for other sheets: lines are kept (`signing.render.lines.Seen`).
    """
    near = _asked("near")
    window = Window(_asked("first") or 0, SHEETS)
    made = unsaved(view, content, window)
    drawn = window.of(made.pages)
    if near is None or made.pages <= SHEETS:
        return made, drawn.start
    at = sheet_at(made.lines, content.get("paragraphs") or (), near)
    if at in drawn:
        return made, drawn.start
    window = Window(at - BEFORE, SHEETS)
    return unsaved(view, content, window), window.of(made.pages).start


def _asked(name: str) -> int | None:
    given = request.form.get(name, "")
    return whole_number(given) if given.isdecimal() else None


def sheet_at(lines: Sequence[Sequence[str]], paragraphs: Sequence[str], near: int) -> int:
    """The sheet (from 0) on which a place of the text stands that has `near` letters of it before;
    spaces are no letters. `lines` are those of each sheet.
    """
    sheets = [_letters(sheet) for sheet in lines]
    begins = _letters(map(notation.plain, paragraphs[:1]))[:BEGINNING]
    left = max("".join(sheets).find(begins), 0) + near
    for number, sheet in enumerate(sheets):
        left -= len(sheet)
        if left <= 0:
            return number
    return len(sheets) - 1


def _letters(texts: Iterable[str]) -> str:
    return "".join("".join(text.split()) for text in texts)


def _text(png: bytes | None) -> str | None:
    return None if png is None else b64encode(png).decode()


def _located(wrong: Invalid) -> list[dict[str, Any]]:
    """Each with the field's id in the form."""
    return [
        {"field": path.partition(".")[0], "place": style_words.place_or_none(path), "why": why}
        for path, why in words.field_errors(wrong).items()
    ]
