"""The administrators' guide names what is there: pages, fields and buttons, in both languages."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from support.browsing import Browser, Page, signed_in
from support.world import World

import api
from api.pages.admin_guide_topics import TOPICS, Topic
from api.pages.i18n import in_both
from api.pages.view import LANGUAGE_COOKIE
from engine import jobs

PICTURES = Path(api.__file__).parent / "static" / "guide"


@dataclass
class Reader:
    """The administrator, reading in either language, and what stands for the guide's braces."""

    browser: Browser
    places: dict[str, str] = field(default_factory=dict)
    #: what a page said before it changed, by address and language
    earlier: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, at: str, language: str) -> str:
        path = re.sub(r"\{\w+\}", lambda found: self.places[found[0][1:-1]], at)
        self.browser.client.set_cookie(LANGUAGE_COOKIE, language)
        response = self.browser.client.get(path)
        self.browser.client.delete_cookie(LANGUAGE_COOKIE)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return unescape(response.text) + self.earlier.get((at, language), "")

    def keep(self, at: str) -> None:
        self.earlier |= {(at, language): self.read(at, language) for language in ("th", "en")}


@pytest.fixture(scope="module")
def reader(office: World) -> Reader:
    admin = signed_in(office.client.application, "admin")
    places = {
        "unit": "general", "position": "deputy-1", "committee": "stocktake", "role": "admin",
        "ask": "approve1", "choose": "choose1", "matrix": "matrix1",
    }  # fmt: skip
    reader = Reader(admin, places)
    reader.places["person"] = admin.open("/people", query={"q": "obrom"}).links("/people/")[0][8:]
    leave = admin.open("/admin/leaves").form("/admin/leaves")
    leave.send(username="obrom")
    _a_chain_that_moved(reader, office)
    return reader


def _a_chain_that_moved(reader: Reader, office: World) -> None:
    """A chain of two versions and a case that went from one to the other."""
    admin = reader.browser
    chain = admin.open("/chains").form("/chains").send(name="คู่มือ")
    settings = admin.open(chain.path, query={"settings": "1"}).form(f"{chain.path}/settings")
    settings.send(**{"field-0": "วงเงิน", "kind-0": "number"})
    chain = _add(admin, chain.path, "approve")
    reader.places["chain"] = chain.path.split("/")[2]
    first = _publish(chain, "รุ่นแรก")
    first.form(f"{first.path}/start").send(field1="5")
    running = _publish(_add(admin, chain.path, "inform"), "แจ้งผล")
    reader.places["definition"] = running.path.split("/")[2]
    checked = running.form(running.path).send()
    reader.places["batch"] = checked.path.split("/")[2]
    _work_off(office)
    reader.keep("/definitions/{definition}/running")
    reader.keep("/migrations/{batch}")
    chosen = admin.open(checked.path).form(f"{checked.path}/choose").values()
    admin.post(f"{checked.path}/carry-out", chosen)
    _work_off(office)
    choose = _add(admin, chain.path, "choose")
    _fill(choose, **{"if-0": "field1", "value-0": "5"})
    _fill(_add(admin, chain.path, "matrix"), **{"low-0-field1": "5", "way-0": "0"})


def _add(admin: Browser, chain: str, kind: str) -> Page:
    page = admin.open(chain)
    (value,) = page.tree.xpath(f"//button[starts-with(@value, 'add:{kind}@')]/@value")
    return page.form(f"{chain}/cards").send(button=("act", value))


def _fill(page: Page, **typed: str) -> None:
    steps = next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))
    steps.send(**typed)


def _publish(page: Page, note: str) -> Page:
    asked = page.browser.open(f"{page.path}/publish")
    return asked.form(f"{page.path}/publish").send(note=note)


def _work_off(office: World) -> None:
    turns = jobs.Turns()
    while turns.run_next(office.system.bus, uuid4()):
        pass


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_every_name_stands_on_the_page_of_its_step(
    office: World, reader: Reader, topic: Topic, language: str
) -> None:
    for step in topic.steps:
        with office.client.application.test_request_context():
            text = in_both(step.text)[language]
        shown = reader.read(step.at, language)
        for name in re.findall("“([^”]+)”", text):
            assert re.search(rf"[>\"]\s*{re.escape(name)}\s*[<\"]", shown), f"{step.at}: {name}"


def test_the_guide_shows_every_matter_step_and_picture(reader: Reader) -> None:
    page = reader.browser.open("/help").follow("/help/admin")
    for topic in TOPICS:
        assert page.tree.xpath(f"//h2[@id='{topic.key}']")
        assert page.links(f"#{topic.key}")
    links = page.links("/")
    assert {step.at for topic in TOPICS for step in topic.steps if "{" not in step.at} <= {*links}
    images = page.tree.xpath("//main//img")
    assert len(images) == sum(topic.picture is not None for topic in TOPICS)
    assert all(image.get("alt") for image in images)
    for image in images:
        with reader.browser.client.get(image.get("src")) as answer:
            assert answer.mimetype == "image/png"


def test_the_guide_is_found_where_one_administers_and_composes(reader: Reader) -> None:
    for page in ("/admin", "/chains"):
        assert reader.browser.open(page).links("/help/admin"), page


@pytest.mark.parametrize("topic", [one for one in TOPICS if one.picture], ids=lambda t: t.key)
def test_a_picture_is_small_and_has_the_size_that_is_said(topic: Topic) -> None:
    picture = topic.picture
    assert picture is not None
    data = (PICTURES / f"{picture.name}.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (picture.width, picture.height)
    assert len(data) < 80_000
