"""A browser without script: opens pages, fills and sends the forms that stand on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from api.auth.cookies import PLAIN_NAME
from office.accounts.sign_in import Origin, sign_in
from office.demo.secrets import PASSWORDS

#: what a strict content security policy would refuse
FORBIDDEN = "//*[@style] | //style | //script[not(@src) and not(@type='application/json')]"
#: the same, of what looks like an event
HANDLERS = "//*[@*[starts-with(name(), 'on')]]"


class Form:
    """One form as its page shows it: hidden fields, defaults, what is chosen."""

    def __init__(self, page: Page, element: Any) -> None:
        self.page, self.element = page, element

    def values(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        areas = {area.get("name") for area in self.element.iter("textarea")}
        for name, value in self.element.form_values():
            # browsers drop the line end behind <textarea>, lxml keeps it
            shown = value.removeprefix("\n") if name in areas else value
            found.setdefault(name, []).append(shown)
        return found

    def send(self, *, button: tuple[str, str] | None = None, **typed: Any) -> Page:
        """Fill in and send. Lists are repeated fields, pairs (name, bytes) are files."""
        sent: dict[str, Any] = {**self.values(), **typed}
        if button:
            sent[button[0]] = button[1]
        unknown = set(typed) - self.names()
        assert not unknown, f"the form has no fields {sorted(unknown)}"
        data = {name: _posted(value) for name, value in sent.items() if value is not None}
        action = urljoin(self.page.path, self.element.get("action") or "")
        if (self.element.get("method") or "get").lower() == "get":
            return self.page.browser.open(action, query=data)
        return self.page.browser.post(action, data)

    def names(self) -> set[str]:
        return {field.get("name") for field in self.element.xpath(".//*[@name]")}


def _posted(value: Any) -> Any:
    if isinstance(value, tuple):
        return (BytesIO(value[1]), value[0])
    return value


@dataclass
class Page:
    browser: Browser
    path: str
    response: TestResponse
    tree: Any = field(init=False)

    def __post_init__(self) -> None:
        text = self.response.text if self.response.mimetype == "text/html" else ""
        self.tree = html.fromstring(text or "<html></html>")
        assert not self.tree.xpath(FORBIDDEN), f"inline style or script on {self.path}"
        handlers = [element.tag for element in self.tree.xpath(HANDLERS)]
        assert not handlers, f"inline handlers on {self.path}: {handlers}"

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """The words of the main part, with single spaces."""
        main = self.tree.xpath("//main")
        return " ".join(" ".join((main[0] if main else self.tree).itertext()).split())

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title") or "")

    def links(self, part: str = "") -> list[str]:
        return [str(a.get("href")) for a in self.tree.iter("a") if part in (a.get("href") or "")]

    def follow(self, part: str) -> Page:
        """The first link whose address has this part."""
        return self.browser.open(self.links(part)[0])

    def form(self, action: str) -> Form:
        """The form that is sent to this address."""
        found = [form for form in self.forms() if (form.element.get("action") or "") == action]
        assert found, f"no form to {action} on {self.path}: {self.text[:300]}"
        return found[0]

    def forms(self) -> Iterator[Form]:
        return (Form(self, element) for element in self.tree.iter("form"))

    def error(self, name: str) -> str:
        """The message beside a field."""
        found = self.tree.xpath(f"//*[@id='{name}-e']")
        return " ".join(" ".join(found[0].itertext()).split()) if found else ""


class Browser:
    """One person's browser: its own cookies."""

    def __init__(self, app: Flask, address: str = "10.0.0.1") -> None:
        self.client = app.test_client()
        self.address = address

    def open(self, path: str, query: Mapping[str, Any] | None = None, **more: Any) -> Page:
        return self._page(self.client.get(path, query_string=query, **self._from(), **more))

    def post(self, path: str, data: Mapping[str, Any], **more: Any) -> Page:
        return self._page(self.client.post(path, data=data, **self._from(), **more))

    def _from(self) -> dict[str, Any]:
        return {"follow_redirects": True, "environ_overrides": {"REMOTE_ADDR": self.address}}

    def _page(self, response: TestResponse) -> Page:
        return Page(self, urlsplit(response.request.url).path, response)

    def sign_in(self, username: str, password: str | None = None) -> Page:
        """Through the sign-in page, as everybody does."""
        secret = password or PASSWORDS[username]
        page = self.open("/sign-in").form("/sign-in").send(username=username, password=secret)
        assert page.path != "/sign-in", page.text
        return page


def signed_in(app: Flask, username: str) -> Browser:
    """Who is in already, with no way through the sign-in page and the inbox behind it: name and
    password are proved as there, and the cookie is laid into the browser.

    Everybody comes from an address of their own: the limits on guessing count addresses.
    """
    browser = Browser(app, f"10.1.{hash(username) % 250}.{len(username)}")
    origin = Origin(browser.address, "Werkzeug")
    opened = sign_in(app.extensions["saraban"].bus, username, PASSWORDS[username], origin)
    assert not opened.needs_factor, username
    browser.client.set_cookie(PLAIN_NAME, opened.token)
    return browser
