"""The page of a letter's form, whether it is new or on somebody's desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from api.pages import letter_extra, words
from api.pages.desk import actor, db
from api.pages.draft_choices import recipients, signers
from api.pages.i18n import gettext as _
from office.documents.kinds import KINDS
from office.documents.policy import manners
from office.people import queries as people


def letter_page(
    kind: str, values: dict[str, Any], errors: Mapping[str, str], *, sent: str = "", **more: Any
) -> str:
    """`sent`: the id of the form whose words are shown again, for they were not taken."""
    document = more.get("document")
    return render_template(
        "letter.html",
        kind=kind,
        # where and for whom the browser keeps what is not saved (src/islands/kept-draft.ts)
        keep=f"/{document.id}" if document else f"/{kind}/{values['reply_to']}/new/",
        keeper=f"{actor().agency_id}/{actor().username}",
        sent=sent,
        shape=KINDS[kind],
        extra_words=letter_extra.LABELS,
        extra_hints=defaultdict(str, letter_extra.HINTS),
        extra_errors=partial(_of_field, errors),
        v=values,
        errors=errors,
        urgency_options=list(words.URGENCY.items()),
        secrecy_options=list(words.SECRECY.items()),
        salutations=_salutations(values.get("salutation") or ""),
        recipients=recipients(kind),
        signers=signers(kind, values.get("position_lines", "")),
        units=[unit for unit in people.units(db(), actor().agency_id) if unit.active],
        **more,
    )


def _salutations(chosen: str) -> list[tuple[str, str]]:
    """What the agency's table has, and what the letter says already."""
    known = manners(db(), actor().agency_id).salutations
    offered = dict.fromkeys([*known, chosen] if chosen else known)
    return [("", _("ตามตำแหน่งผู้รับ")), *((one, one) for one in offered)]


def editor_of(document_id: str) -> str:
    return f"/documents/{document_id}/edit"


def accepted(path: str) -> str:
    """The page behind a save: its address names the form that arrived, for no page can tell that by
    its words (src/islands/kept-draft.ts).
    """
    saved = {"saved": request.form.get("command_id", "")[:36]}
    return f"{path}?{urlencode(saved)}"


def _of_field(errors: Mapping[str, str], path: str) -> str:
    """What is wrong with a field, or with a line of it."""
    found = (said for at, said in errors.items() if at == path or at.startswith(f"{path}."))
    return next(found, "")
