"""Certifying with a key on one's own device: as of signing a letter, for a copy of one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.certifying import certified
from api.pages.desk import actor, close_db, command_id, db, system
from api.pages.i18n import gettext as _
from api.pages.signing_device import bytes_of, given_signature, pasted
from api.pages.site import site
from engine.errors import Invalid, NotFound, Rejected
from engine.ids import parse_id
from office.documents import certifying_held
from office.documents import queries as documents


@site.get("/documents/<document_id>/certify/device")
def certify_device_page(document_id: str) -> ResponseReturnValue:
    return _page(parse_id(document_id, "document"), {})


def _page(document_id: UUID, errors: Mapping[str, str]) -> str:
    letter = documents.one(db(), actor(), document_id).document
    href = f"/documents/{document_id}"
    trail = [(letter.number or letter.subject, href), (_("รับรองสำเนา"), f"{href}/certify")]
    return render_template(
        "sign_device.html",
        copy=True,
        title=letter.subject,
        pending=certifying_held.pending(system().bus, actor(), document_id),
        base=f"{href}/certify",
        trail=trail,
        errors=errors,
        pasted=pasted(),
    )


@site.get("/documents/<document_id>/certify/device/to-be-signed.der")
def copy_to_be_signed(document_id: str) -> ResponseReturnValue:
    """The bytes that the device signs by SHA-256."""
    found = certifying_held.pending(system().bus, actor(), parse_id(document_id, "document"))
    if found is None:
        raise NotFound("Expected a copy that waits for your device, but none does here.")
    return bytes_of(found)


@site.post("/documents/<document_id>/certify/device")
def certify_by_device(document_id: str) -> ResponseReturnValue:
    wanted = parse_id(document_id, "document")
    this = parse_id(request.form.get("signature_id", ""), "certification")
    given, me, command = given_signature(), actor(), command_id()
    close_db()
    try:
        answer = certifying_held.answer(system().bus, me, wanted, this, given, command)
    except Rejected as refused:
        field = "text" if pasted() else "signature"
        field = field if isinstance(refused, Invalid) else ""
        return _page(wanted, {field: words.say(refused)}), words.status(refused)
    return certified(document_id, answer)
