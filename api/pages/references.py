"""อ้างถึง: letters of the registers that a drafter may see, offered, put in, and linked.

What is printed stays text, which anybody may type. Beside it the content keeps which line of a
register it is (`extra.ref_links`, text to id), found by the text when it is saved: so whoever picks
a letter and whoever types it whole have the same link, and a text that is changed loses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages.desk import actor, db, run
from api.pages.draft_page import editor_of
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Conflict, NotFound
from engine.ids import parse_id
from office.correspondence import referring
from office.correspondence.referring import Referable
from office.documents import queries as documents
from office.documents.commands import SaveDraft
from office.documents.kinds import KINDS
from office.documents.queries import DocumentView

OFFERED, LONGEST = 20, 200
LINKS = "ref_links"
_NUMBER = re.compile(r" ที่ (.+) ลงวันที่ ")


@dataclass(frozen=True, slots=True)
class Reference:
    """A line under อ้างถึง; `href`: the letter, or its line in the register; None: typed alone."""

    text: str
    href: str | None


@site.get("/references/offers")
def offer_references() -> ResponseReturnValue:
    """The options of the field while somebody types."""
    found = referring.referable(db(), actor(), _asked(), OFFERED)
    options = [(one.text, one.entry.subject) for one in found]
    return render_template("_offers.html", options=options)


@site.get("/references")
def reference_page() -> ResponseReturnValue:
    """The same as a page: for a draft (`draft`), or to begin a letter of a kind with one."""
    draft, kind = request.args.get("draft", ""), request.args.get("kind", "EXT")
    view = _draft(draft) if draft else None
    if view is not None and not view.may_edit:
        raise Conflict("Expected a draft that is yours to write in, but it is not.")
    return render_template(
        "references.html",
        q=_asked(),
        found=referring.referable(db(), actor(), _asked(), OFFERED),
        document=view.document if view else None,
        present=view.content.get("refs") or () if view else (),
        kind=kind if kind in KINDS else "EXT",
    )


def _asked() -> str:
    typed = request.args.get("q", "")
    return typed.replace("\0", "")[:LONGEST]


@site.post("/documents/<document_id>/references")
def refer(document_id: str) -> ResponseReturnValue:
    """Put a letter of the register behind the draft's references."""
    view, found = _draft(document_id), _line(request.form.get("entry", ""))
    refs = view.content.get("refs") or []
    if found.text not in refs:
        content = linked({**view.content, "refs": [*refs, found.text]}, view.content)
        run(SaveDraft(parse_id(document_id, "document"), content, view.document.revision))
    flash(_("เพิ่มอ้างถึงแล้ว"), "ok")
    return redirect(f"{editor_of(document_id)}#refs", 303)


def _draft(document_id: str) -> DocumentView:
    return documents.one(db(), actor(), parse_id(document_id, "document"))


def begun_with(entry_id: str) -> dict[str, Any]:
    """What a new letter that refers to this line begins with."""
    return {"refs": [_line(entry_id).text]}


def _line(entry_id: str) -> Referable:
    found = referring.line(db(), actor(), parse_id(entry_id, "entry"))
    if found is None:
        raise NotFound("Expected a letter of a register that is yours to see, but there is none.")
    return found


def linked(content: dict[str, Any], saved: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its links; only texts that the saved content has not are looked up."""
    refs: Sequence[str] = content.get("refs") or ()
    known, before = _links(saved), saved.get("refs") or ()
    links = {text: known[text] for text in refs if text in known}
    for text in refs:
        if text not in before and (found := _by_text(text)):
            links[text] = found.entry.id
    extra = {name: said for name, said in (content.get("extra") or {}).items() if name != LINKS}
    return {**content, "extra": {**extra, LINKS: links} if links else extra}


def _by_text(text: str) -> Referable | None:
    named = _NUMBER.search(text)
    lines = referring.referred(db(), actor(), named[1]) if named else ()
    return next((one for one in lines if one.text == text), None)


def references(content: Mapping[str, Any]) -> Sequence[Reference]:
    """What the letter refers to, with links where the reader may follow them."""
    known = _links(content)
    return [Reference(text, _href(known.get(text))) for text in content.get("refs") or ()]


def _href(entry_id: str | None) -> str | None:
    """To the letter; where it is not the reader's, or no document of ours, to none."""
    try:
        found = referring.line(db(), actor(), UUID(entry_id)) if entry_id else None
    except ValueError:
        return None
    letter = found.entry.document_id if found else None
    return f"/documents/{letter}" if letter and documents.readable(db(), actor(), letter) else None


def _links(content: Mapping[str, Any]) -> Mapping[str, str]:
    """What REST put there may be anything."""
    found = (content.get("extra") or {}).get(LINKS)
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}
