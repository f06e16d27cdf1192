"""Remarks on a draft: its words with what readers marked, proposed and answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast, get_args
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import words
from api.pages.desk import actor, db, run, whole_number
from api.pages.documents import one_letter
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import Forbidden, Invalid
from engine.ids import parse_id
from office.documents import notation, rules
from office.documents import queries as documents
from office.documents.commands import AddRemark, AnswerRemark, SettleRemark
from office.documents.commands.remarks import Verdict
from office.documents.queries import DocumentView, RemarkRow


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a paragraph's words, and the remark that marks it."""

    text: str
    remark_id: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, counted from 0."""

    number: int
    words: str
    parts: Sequence[Part]


def remarks_of(view: DocumentView) -> Sequence[RemarkRow]:
    """Open ones first; empty for who does not take part in the route."""
    try:
        return _met(view)
    except Forbidden:
        return ()


def _met(view: DocumentView) -> Sequence[RemarkRow]:
    """The same, for a page that is refused to who takes no part."""
    found = documents.of_draft(db(), actor(), UUID(view.document.id))
    meet([one.username for one in found] + [r.username for one in found for r in one.replies])
    return sorted(found, key=lambda one: one.state != rules.OPEN)


@site.get("/documents/<document_id>/remarks")
def show_remarks(document_id: str) -> ResponseReturnValue:
    return _page(document_id, _begun(request.args), {})


def show_remark_again(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(document_id, _typed(values), {})


@site.post("/documents/<document_id>/remarks")
@shows_again(show_remark_again)
def add_remark(document_id: str) -> ResponseReturnValue:
    given = request.form
    quote = _one_kind_of_line_end(given.get("quote", ""))
    command = AddRemark(
        parse_id(document_id, "document"),
        given.get("text", ""),
        quote.strip("\n"),
        _paragraph(given.get("paragraph", "")) if quote else None,
        whole_number(given.get("start", "")) if given.get("start", "").isdecimal() else 0,
        _one_kind_of_line_end(given.get("replacement", "")) if given.get("propose") else None,
    )
    try:
        run(command)
    except Invalid as wrong:
        return _page(document_id, _typed(given), words.field_errors(wrong)), 422
    flash(_("บันทึกข้อสังเกตแล้ว"), "ok")
    return redirect(f"/documents/{document_id}/remarks", 303)


@site.post("/documents/<document_id>/remarks/<remark_id>/answer")
def answer_remark(document_id: str, remark_id: str) -> ResponseReturnValue:
    ids = parse_id(document_id, "document"), parse_id(remark_id, "remark")
    run(AnswerRemark(*ids, request.form.get("text", "")))
    return _back(document_id, remark_id)


@site.post("/documents/<document_id>/remarks/<remark_id>/settle")
def settle_remark(document_id: str, remark_id: str) -> ResponseReturnValue:
    verdict = request.form.get("verdict", "")
    if verdict not in get_args(Verdict):
        raise Invalid("Expected a verdict that a button sends, but got another.", code="verdict")
    ids = parse_id(document_id, "document"), parse_id(remark_id, "remark")
    run(SettleRemark(*ids, cast(Verdict, verdict)))
    if verdict == "accept":
        flash(_("ใช้ถ้อยคำที่เสนอในร่างแล้ว"), "ok")
    return _back(document_id, remark_id)


def _back(document_id: str, remark_id: str) -> ResponseReturnValue:
    """To the page on which the button stood."""
    if request.form.get("back") == "edit":
        return redirect(f"/documents/{document_id}/edit#remarks", 303)
    return redirect(f"/documents/{document_id}/remarks#remark-{remark_id}", 303)


def _page(document_id: str, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    view = one_letter(document_id)
    found = _met(view)
    return render_template(
        "remarks.html",
        document=view.document,
        kind=view.document.kind,
        may_edit=view.may_edit,
        may_propose=documents.may_propose(db(), actor(), UUID(view.document.id)),
        may_say=view.document.state in rules.EDITABLE and not actor().may("read_only"),
        me=actor().username,
        lines=list(_lines(view, found)),
        remarks=found,
        v=_whole(values, view),
        errors=errors,
    )


def _lines(view: DocumentView, found: Sequence[RemarkRow]) -> Iterator[Line]:
    marked = [one for one in found if one.state == rules.OPEN and one.paragraph is not None]
    for number, paragraph in enumerate(view.content["paragraphs"]):
        text = notation.plain(paragraph)
        here = [one for one in marked if one.paragraph == number]
        yield Line(number, text, list(_parts(text, here)))


def _parts(text: str, marked: Sequence[RemarkRow]) -> Iterator[Part]:
    """The words cut at each mark's ends; where marks meet, the first remark's is shown."""
    ends = {at for one in marked for at in (one.start or 0, one.end or 0)}
    cuts = sorted(ends | {0, len(text)})
    for start, end in pairwise(cuts):
        over = (one.id for one in marked if (one.start or 0) <= start and end <= (one.end or 0))
        yield Part(text[start:end], next(over, None))


def _begun(given: Mapping[str, Any]) -> dict[str, Any]:
    """The form before anything was typed."""
    chosen = _paragraph(given.get("paragraph", ""))
    return {"paragraph": chosen, "quote": None, "replacement": None, "text": "", "start": ""}


def _whole(values: Mapping[str, Any], view: DocumentView) -> Mapping[str, Any]:
    """A form that was just begun marks the whole paragraph that was chosen."""
    if values["quote"] is not None:
        return values
    texts, chosen = view.content["paragraphs"], values["paragraph"]
    whole = notation.plain(texts[chosen]) if chosen is not None and chosen < len(texts) else ""
    return {**values, "quote": whole, "replacement": whole}


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "paragraph": _paragraph(given.get("paragraph", "")),
        "quote": given.get("quote", ""),
        "replacement": given.get("replacement", ""),
        "propose": bool(given.get("propose")),
        "text": given.get("text", ""),
        "start": given.get("start", ""),
    }


def _paragraph(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")
