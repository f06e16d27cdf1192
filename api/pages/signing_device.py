"""Signing on one's own device: the page between the digest that goes out and the signature."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from uuid import UUID

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.desk import actor, close_db, command_id, db, system
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import Invalid, NotFound, Rejected
from engine.ids import parse_id
from engine.queries import tasks
from office.documents import device_act

#: no signature of a key that we take is longer
LONGEST = 4096


@site.get("/tasks/<task_id>/sign/device")
def device_page(task_id: str) -> ResponseReturnValue:
    return _page(parse_id(task_id, "task"), {})


def _page(task_id: UUID, errors: Mapping[str, str]) -> str:
    base = f"/tasks/{task_id}/sign"
    return render_template(
        "sign_device.html",
        copy=False,
        title=tasks.one(db(), actor(), task_id).task.title,
        pending=device_act.pending(system().bus, actor(), task_id),
        base=base,
        trail=[(_("งานของฉัน"), "/"), (_("ลงนามหนังสือ"), base)],
        errors=errors,
        pasted=pasted(),
    )


@site.get("/tasks/<task_id>/sign/device/to-be-signed.der")
def to_be_signed(task_id: str) -> ResponseReturnValue:
    """The bytes that the device signs by SHA-256."""
    found = device_act.pending(system().bus, actor(), parse_id(task_id, "task"))
    if found is None:
        raise NotFound("Expected a letter that waits for your device, but none does here.")
    return bytes_of(found)


def bytes_of(pending: device_act.Pending) -> Response:
    response = Response(pending.to_be_signed, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = "attachment; filename=to-be-signed.der"
    return response


@site.post("/tasks/<task_id>/sign/device")
def device_answer(task_id: str) -> ResponseReturnValue:
    wanted = parse_id(task_id, "task")
    signature_id = parse_id(request.form.get("signature_id", ""), "signature")
    given = given_signature()
    close_db()
    try:
        answer = device_act.answer(system().bus, actor(), wanted, signature_id, given, command_id())
    except Rejected as refused:
        field = "text" if pasted() else "signature"
        field = field if isinstance(refused, Invalid) else ""
        return _page(wanted, {field: words.say(refused)}), words.status(refused)
    return redirect(f"/documents/{answer['document']['id']}/signed", 303)


def pasted() -> str:
    """What is in the text area; no signature is longer."""
    return request.form.get("text", "")[: 2 * LONGEST].strip()


def given_signature() -> bytes:
    """The signature as a file, or as base64; what is neither is no signature."""
    upload = request.files.get("signature")
    data = upload.stream.read(LONGEST + 1) if upload else b""
    if data:
        return data
    try:
        return b64decode("".join(request.form.get("text", "").split()), validate=True)
    except ValueError:
        return b""
