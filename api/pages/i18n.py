"""The one door to flask-babel, with types. Thai is written in the code, English in a catalogue."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, cast

import flask_babel  # type: ignore[import-untyped] # ships none
from flask import Flask


class LazyText(str):
    """Stands for flask-babel's lazy string: becomes text in the reader's language when shown."""


def install(app: Flask, choose: Any) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = "th"
    flask_babel.Babel(app, locale_selector=choose)


def gettext(text: str, **values: Any) -> str:
    return cast(str, flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    return cast(str, flask_babel.ngettext(one, many, count, **values))


def lazy_gettext(text: str) -> LazyText:
    return cast(LazyText, flask_babel.lazy_gettext(text))


def documented(text: str) -> str:
    """What a diagram says of itself (BPMN's `documentation`): that of the library's own, which is
    Thai, in the reader's language; whatever else is drawn stays as it is.
    """
    return gettext(text) if text else ""


def language() -> str:
    """The reader's language now: th or en."""
    locale = flask_babel.get_locale()
    return cast(str, locale.language) if locale else "th"


def speaking(name: str) -> AbstractContextManager[None]:
    """For what is said in a language of its own (th or en), whatever the reader's is."""
    return cast("AbstractContextManager[None]", flask_babel.force_locale(name))


def in_both(text: LazyText) -> dict[str, str]:
    """The text in each language, whatever the reader's is."""
    found = {}
    for name in ("th", "en"):
        with speaking(name):
            found[name] = str(text)
    return found
