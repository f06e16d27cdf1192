"""Pages that only show: the menu of a phone, help and shortcuts."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from api.pages.site import site


@site.get("/menu")
def menu() -> ResponseReturnValue:
    return render_template("menu.html")


@site.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("help.html")
