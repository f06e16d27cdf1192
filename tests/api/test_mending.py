"""A finding leads to where it is mended: a field, a file's editor, or a page of the agency's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.sketches import drawn
from support.walking import ACTIONS

from api import mending
from engine import runtime
from engine.actor import Actor
from engine.errors import Problem
from engine.ids import new_id
from engine.runtime.lint.documented import documented
from forms.stored import StoredForms
from office.people.queries import Standing
from office.people.shortfalls import SHORTFALLS, place

FOUND = Problem("a.bpmn", 1, "work", None, "x", "Expected “a b”, but “c” is none.", "Mend it.")


def reader(*rights: str) -> Actor:
    return Actor(new_id(), new_id(), "designer", rights=frozenset(rights))


@pytest.mark.parametrize(("outside", "right", "path"), [
    ("role:clerk", "people", "/admin/roles/clerk"), ("leaves:", "people", "/admin/leaves"),
    ("committee:board", "people", "/admin/committees/board"),
    ("connector:gfmis", "connectors", "/admin/connectors/gfmis"),
    ("seal:", "accounts", "/admin/seal"),
    ("position:a b?c", "people", "/admin/positions/a%20b%3Fc"),
])  # fmt: skip
def test_only_whoever_may_open_a_page_is_led_there(outside: str, right: str, path: str) -> None:
    found = replace(FOUND, outside=outside)
    assert mending.mended_on(found, reader("deploy", right), "7") == path
    assert mending.mended_on(found, reader("deploy"), "7") == ""


def test_what_stands_in_a_file_beside_the_diagram_is_mended_in_its_editor() -> None:
    for file, path in {
        "ก.form.json": "/designer/7/forms/%E0%B8%81.form.json",
        "a.dmn": "/designer/7/decisions/a.dmn",
        "k.tests.json": "/designer/7/tests",
        "a.bpmn": "",
    }.items():
        assert mending.mended_on(replace(FOUND, file=file), reader("deploy"), "7") == path


def test_every_shortfall_has_its_page() -> None:
    for key in SHORTFALLS:
        kind, _, why = key.partition("_")
        at = place(f"{kind}:x", "id" if kind == "person" else "", why)
        assert bool(mending.page_of(Standing(f"{kind}:x", of="id"), why)) == (why != "unknown")
        assert not at or at.partition(":")[0] in mending.PAGES


def test_the_names_in_a_finding_lead_to_its_field() -> None:
    found = replace(FOUND, attribute="saraban:due/@value", outside="role:clerk")
    assert mending.drawn_at(found, "7") == (
        "/designer/7?at=saraban%3Adue%2F%40value&says=a+b+c+clerk#el-work"
    )
    assert "?at=x&" in mending.drawn_at(FOUND, "7")


def test_what_the_linter_finds_in_a_diagram_is_in_the_diagram() -> None:
    for rule in documented():
        for found in runtime.check(drawn(rule.bad).files, actions=ACTIONS, forms=StoredForms()):
            assert found.outside == ""
