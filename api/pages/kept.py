"""A form that was sent after the session had ended: kept through sign-in, shown again filled.

The fields travel signed inside the sign-in page, so that nothing of an unknown sender is stored
and nothing of one person's form can be slipped to another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, g, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from api.pages.desk import SECRETS
from api.pages.i18n import gettext
from office.accounts.secrets import alternatives

#: A page that shows its form again with given values: view arguments and `values`.
Redisplay = Callable[..., ResponseReturnValue]

#: an hour at the sign-in page is long enough
_SECONDS = 3600
_redisplays: dict[str, Redisplay] = {}


@dataclass(frozen=True, slots=True)
class KeptForm:
    path: str
    fields: list[tuple[str, str]]


def shows_again(show: Redisplay) -> Callable[[Redisplay], Redisplay]:
    """Marks a POST view: `show(**view_args, values=…)` displays its form with the kept values."""

    def mark(view: Redisplay) -> Redisplay:
        _redisplays[view.__name__] = show
        return view

    return mark


def _sent() -> list[tuple[str, str]]:
    """The present request's fields, without what must be typed anew."""
    return [(k, v) for k, v in request.form.items(multi=True) if k not in SECRETS]


def seal() -> str:
    """The present request's form as signed text."""
    return _serializer().dumps({"path": request.path, "fields": _sent()})


def shown_anew() -> ResponseReturnValue | None:
    """A page of ours that was left open over another sign-in has an old token: its form again,
    filled, with the present one. What another site sent is not shown.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not ours or g.get("actor") is None or request.method != "POST":
        return None
    flash(gettext("หน้านี้เปิดไว้ก่อนเข้าสู่ระบบครั้งล่าสุด ข้อมูลยังอยู่ครบ ตรวจแล้วส่งอีกครั้ง"), "warn")
    return show_again(KeptForm(request.path, _sent()))


def unseal(text: str) -> KeptForm | None:
    try:
        raw = _serializer().loads(text, max_age=_SECONDS)
    except BadData:
        return None
    return KeptForm(raw["path"], [(str(k), str(v)) for k, v in raw["fields"]])


def show_again(kept: KeptForm) -> ResponseReturnValue | None:
    """The page of the kept form, filled; None where the form has no such page."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, arguments = adapter.match(kept.path, method="POST")
    except HTTPException:
        return None
    show = _redisplays.get(endpoint.rpartition(".")[2])
    values: MultiDict[str, Any] = MultiDict(kept.fields)
    return show(**arguments, values=values) if show else None


def _serializer() -> URLSafeTimedSerializer:
    secret = current_app.extensions["saraban"].settings.installation_secret
    oldest_first = [*reversed(alternatives(secret))]
    return URLSafeTimedSerializer(oldest_first, salt="saraban-kept-form")
