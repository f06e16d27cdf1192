"""Every word is in the catalogue, every icon in the sprite, and no template asks for a script."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from lxml import etree

import bpmn

API = Path(__file__).parents[3] / "api"
METHODS = [("pages/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
TEMPLATES = sorted((API / "templates").glob("*.html"))


def _drawn():
    """What the diagrams of the library say of themselves."""
    files = [etree.parse(one) for one in bpmn.path().rglob("*.bpmn")]
    return {" ".join(one.text.split()) for file in files for one in file.iter("{*}documentation")}


def _said():
    found = extract_from_dir(str(API), METHODS, OPTIONS, keywords=KEYWORDS)
    code = {message[0] if isinstance(message, tuple) else message for *_, message, _c, _x in found}
    return code | _drawn()


@cache
def _translated():
    source = (API / "translations/en/LC_MESSAGES/messages.po").read_bytes()
    catalogue = read_po(BytesIO(source))
    return {m.id[0] if isinstance(m.id, tuple) else m.id: m.string for m in catalogue if m.id}


def test_everything_that_is_said_in_thai_is_said_in_english():
    translated = _translated()
    missing = sorted(text for text in _said() if not translated.get(text))
    assert not missing, "add them to api/translations/en/LC_MESSAGES/messages.po"


def test_what_the_library_says_of_itself_is_thai():
    assert len(_drawn()) > 30
    assert [one for one in _drawn() if not re.match("[\u0e00-\u0e7f]", one)] == []


def test_the_catalogue_holds_nothing_that_is_not_said():
    assert not sorted(set(_translated()) - _said())


def test_places_in_a_text_are_the_same_in_both_languages():
    for thai, english in _translated().items():
        for text in english if isinstance(english, tuple) else [english]:
            assert sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}", thai)) == sorted(
                re.findall(r"%\(\w+\)[sd]|\{\w+\}", text)
            ), thai


def test_every_icon_is_in_the_sprite():
    known = set((API / "web/icons.txt").read_text("utf-8").split("\n"))
    used = set()
    for source in [*TEMPLATES, *(API / "pages").glob("*.py")]:
        text = source.read_text("utf-8")
        used |= set(re.findall(r"\b(?:i|ib)\('([a-z0-9-]+)'", text))
        used |= set(re.findall(r"(?:empty|notice)\('?[a-z-]*'?,? ?'([a-z0-9-]+)'", text))
        used |= set(re.findall(r"icon=\"([a-z0-9-]+)\"", text))
    assert sorted(used - known - {"ok", "warn", "danger"}) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_templates_keep_to_the_strict_policy(template):
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?! type=\"(module|application/json)\")", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_form_that_changes_something_carries_its_token(template):
    for form in re.findall(
        r"<form[^>]*method=\"post\".*?</form>", template.read_text("utf-8"), re.S
    ):
        assert "{{ hidden(" in form, form[:200]
