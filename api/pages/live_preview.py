"""A draft's pages while it is written: the posted words printed, and nothing kept of them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from api.pages import style_words, words
from api.pages.desk import actor, now
from api.pages.documents import one_letter
from api.pages.drafts import DOCUMENT_TEXT, posted_content
from api.pages.letters import unsaved
from api.pages.pace import Pace
from api.pages.site import site, takes_words
from engine.errors import Invalid
from office.documents import errors
from office.documents.reading import read_content
from signing import preview

#: pixels across: more takes longer than a pause should
WIDTH = 840
#: sheets that are drawn while typing; the rest is laid out and counted, and stands in the PDF
SHEETS = 12
#: a person types with pauses, not in bursts
PACE = Pace(burst=12, a_second=8)


@site.post("/documents/<document_id>/live")
@takes_words(DOCUMENT_TEXT)
def live_preview(document_id: str) -> ResponseReturnValue:
    """Pictures of the pages that differ from those `known`, or what cannot be printed and where."""
    PACE.ask((actor().agency_id, actor().username), now())
    view = one_letter(document_id)
    if not view.may_edit:
        raise errors.not_yours_to_edit(actor().username)
    try:
        content = read_content(posted_content(view)).content
        made = unsaved(view, content, SHEETS)
    except Invalid as wrong:
        # An answer, no failure: whoever writes is often between two words.
        return jsonify({"problems": _located(wrong)})
    known = set(request.form.getlist("known"))
    drawn = preview.pictures(made.pdf, WIDTH, known=known, most=SHEETS)
    sheets = [{"digest": one.digest, "png": _text(one.png)} for one in drawn]
    return jsonify({"sheets": sheets, "pages": made.pages})


def _text(png: bytes | None) -> str | None:
    return None if png is None else b64encode(png).decode()


def _located(wrong: Invalid) -> list[dict[str, Any]]:
    """Each with the field's id in the form."""
    return [
        {"field": path.partition(".")[0], "place": style_words.place_or_none(path), "why": why}
        for path, why in words.field_errors(wrong).items()
    ]
