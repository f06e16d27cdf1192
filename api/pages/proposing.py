"""A draft in the editor of who may not change it: all that they write in it is a proposal.

The proposals are remarks (`api/pages/remarks.py`), sent one by one as the editor of a writer sends
them; no form of this page carries the letter itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from api.pages import letter_form
from api.pages.desk import actor, db
from api.pages.documents import one_letter
from api.pages.draft_page import editor_of
from api.pages.letters import since_seen
from api.pages.remarks import remarks_of
from api.pages.site import site
from office.documents import queries as documents
from office.documents.queries import DocumentView


@site.get("/documents/<document_id>/propose")
def propose_in_draft(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    if view.may_edit:
        return redirect(editor_of(view.document.id), 303)
    return shown_to_propose(view) or redirect(f"/documents/{view.document.id}", 303)


def shown_to_propose(view: DocumentView, typed: Mapping[str, Any] | None = None) -> str | None:
    """The page, or None for who may not propose in the editor now. `typed`: a content that they
    tried to save, whose words begin as proposals.
    """
    if not documents.may_propose(db(), actor(), UUID(view.document.id)):
        return None
    return render_template(
        "propose.html",
        document=view.document,
        kind=view.document.kind,
        v=letter_form.values(view.content),
        typed=letter_form.values(dict(typed))["paragraphs"] if typed is not None else None,
        errors={},
        only_proposes=True,
        may_edit=False,
        who=actor().username,
        remarks=remarks_of(view),
        **since_seen(view),
    )
