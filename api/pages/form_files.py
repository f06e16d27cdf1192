"""Files in a form's fields: kept as they come, so that whatever else is wrong costs none of them.

A file that is chosen is checked and kept before the form is judged, and its id stands in the form
from then on. The same file of the same form has the same id, however often it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import SEEK_END
from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.datastructures import FileStorage, MultiDict

from api.downloads import name_download
from api.idempotency import for_key
from api.pages import words
from api.pages.desk import actor, close_db, db, system
from api.pages.i18n import gettext as _
from engine.errors import FieldError, Invalid, Rejected
from engine.ids import new_id
from forms.files import MOST_FILES, Reference, misfit, references
from forms.form import Form
from forms.messages import Message
from forms.view import Widget
from office.files import cases, storage
from office.files.commands import HandInFile
from office.files.uploads import MOST, check_size, clean_name, receive

#: bytes of all that one form brings along: a proxy before us lets as many through
MOST_SENT = 2 * MOST + (1 << 20)


def with_files(form: Form | None, posted: MultiDict[str, Any]) -> MultiDict[str, Any]:
    """What was posted, with the ids of the files that came with it. Invalid, with `posted` as far
    as it came, where one of them is refused: see `kept`.
    """
    fields = form.files() if form is not None else ()
    if form is None or not any(request.files.getlist(key) for key in fields):
        return posted
    values, errors = MultiDict(posted), []
    for key in fields:
        item = form.inputs[key]
        came = [one for one in request.files.getlist(key) if one.filename]
        if came and not item.several:
            values.setlist(key, [])  # the one that was chosen now stands for the one before
        for one in came[:MOST_FILES]:
            try:
                values.add(key, _kept(key, one, item.accept))
            except Rejected as refused:
                errors.append(FieldError(key, _said(one, refused), words.OWN))
            finally:
                one.close()
        if len(came) > MOST_FILES:
            errors.append(FieldError(key, Message("file_count", limit=MOST_FILES)))
    g.form_files = values
    if errors:
        raise Invalid("Expected files that the form takes, but some are none.", errors)
    return values


def kept(posted: MultiDict[str, Any]) -> MultiDict[str, Any]:
    """What was posted, with the ids of all files that were kept in this request."""
    values: MultiDict[str, Any] = g.get("form_files", posted)
    return values


def _kept(key: str, one: FileStorage, accept: str) -> str:
    name = one.filename or ""
    check_size(name, one.stream.seek(0, SEEK_END))
    if (wrong := misfit([{"name": clean_name(name)}], accept, several=True)) is not None:
        raise Invalid(wrong, [FieldError(key, wrong)])
    one.stream.seek(0)
    stored = receive(system().storage, actor().agency_id, one.stream.read(), name)
    given = request.form.get("command_id") or str(new_id())
    this = for_key(actor(), f"form {given[:80]} file {key} {stored.sha256} {stored.name}")
    close_db()
    return str(system().bus.execute(HandInFile(stored), actor(), this)["id"])


def _said(one: FileStorage, refused: Rejected) -> str:
    first = refused.errors[0] if isinstance(refused, Invalid) and refused.errors else None
    if first is not None and isinstance(first.message, Message):
        return words.say_field(first)
    return f"{(one.filename or '')[:100]}: {words.say(refused)}"


def shown_files(
    form: Form, typed: Mapping[str, Any], known: Mapping[str, Any], case_id: str | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """`typed` with the files that its ids stand for, and `known`, whose files have the address at
    which they are had. What is there no more is left out.
    """
    held = {key: linked(known.get(key), case_id) for key in form.files()}
    chosen = {key: list(_ids(typed[key])) for key in form.files() if key in typed}
    mine = _handed_in(one for key, ids in chosen.items() for one in ids if one not in held[key])
    found = {
        key: [there[one] for one in dict.fromkeys(ids) if one in (there := mine | held[key])]
        for key, ids in chosen.items()
    }
    return {**typed, **found}, {**known, **{key: list(its.values()) for key, its in held.items()}}


def spoken(one: Widget, said: Mapping[str, Any]) -> Widget:
    """A field of a trial: files are not sent there but named, with commas between them."""
    children = tuple(spoken(child, said) for child in one.children)
    if one.kind != "files":
        return replace(one, children=children)
    value = said.get(one.name or "")
    named = value if isinstance(value, list) else []
    texts = [
        str(item.get("name", "")) if isinstance(item, Mapping) else str(item) for item in named
    ]
    hint = _(
        "พิมพ์ชื่อไฟล์สมมติ คั่นด้วยจุลภาค เช่น %(name)s ไม่มีไฟล์จริงถูกส่ง", name=f"a.{one.kinds.split(',')[0]}"
    )
    return replace(one, kind="line", value=", ".join(texts), description=hint)


def _handed_in(ids: Iterable[str]) -> dict[str, Reference]:
    """Files of the actor's that no case has yet."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    files, me = system().services.files, actor()
    known = files.known(db(), me.agency_id, me.username, None, wanted)
    return {name: one.reference for name, one in known.items()}


def _ids(value: Any) -> Iterator[str]:
    return (one for one in value if isinstance(one, str)) if isinstance(value, list) else iter(())


def linked(value: Any, case_id: str | None) -> dict[str, Reference]:
    """The files that a variable of a case names, by id, with the address at which they are had."""
    return {
        one["id"]: {**one, "href": f"/instances/{case_id}/files/{one['id']}"}
        for one in references(value)
    }


def sent(instance_id: UUID, file_id: UUID) -> Response:
    """A file of a case. Always as a download: no upload is ever shown as a page of ours."""
    found = cases.one_of_case(db(), actor(), instance_id, file_id)
    data = storage.read(system().storage, actor().agency_id, found.sha256)
    response = Response(data, mimetype=found.type)
    name_download(response, found.name)
    return response
