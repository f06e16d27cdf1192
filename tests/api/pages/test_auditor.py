"""The auditor: sees every case of the agency and takes its evidence away, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.browsing import Browser
from support.letter_story import document_id, draft
from support.world import World

from api import migrations
from api.evidence import examine
from api.security import SAFE
from engine.db import reading
from engine.errors import ReadOnly
from office.documents.models import document
from office.people import queries as people

Enter = Callable[[str], Browser]
AUDITOR = "truatsop"
#: what only asks, or is the person's own, besides /account…
OWN = frozenset(
    {"/sign-in", "/sign-in/factor", "/sign-in/passkey", "/sign-out", "/language",
     "/forgot-password", "/reset-password", "/notices/read", "/back-channel-logout/<provider_id>",
     "/verify", "/v/<code>", "/api/v1/documents/verify",
     "/api/v1/decisions/evaluate", "/api/v1/expressions/evaluate",
     "/api/v1/model-drafts/<uuid:model_draft_id>/lint",
     "/api/v1/model-drafts/<uuid:model_draft_id>/try",
     "/api/v1/model-drafts/<uuid:model_draft_id>/play",
     "/api/v1/model-drafts/<uuid:model_draft_id>/tests/run",
     "/api/v1/approval-chains/<uuid:chain_id>/try",
     "/designer/<model_draft_id>/decisions/<path:file>/try", "/designer/<model_draft_id>/play"}
)  # fmt: skip
#: rows of signing in, and of limits on guessing: they move by themselves
COMING_AND_GOING = re.compile("session|token|attempt|guard|failure|command_log|limit")


@pytest.fixture
def letter(office: World, enter: Enter) -> dict[str, str]:
    """A letter on its way, with ids of everything about it."""
    page = draft(enter("thotsop"), subject=f"เรื่องตรวจสอบ {uuid4()}")
    found = office.get(f"/documents/{document_id(page)}", as_="thotsop").json
    case = office.get(f"/process-instances/{found['instance_id']}", as_="thotsop").json
    return {
        "document": found["id"],
        "instance": case["id"],
        "task": case["tasks"][0]["id"],
        "definition": case["definition_id"],
        "subject": found["subject"],
    }


def _changing(office: World) -> Iterator[tuple[str, str]]:
    """(method, rule) of every route that a request could change something by."""
    for rule in office.client.application.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE):
            if rule.rule not in OWN and not rule.rule.startswith("/account/"):
                yield method, rule.rule


def _filled(rule: str, letter: Mapping[str, str]) -> str:
    """The route about this letter; ids of other things are of nothing."""

    def value(match: re.Match[str]) -> str:
        kind = match[1].rpartition(":")[2].removesuffix("_id")
        words = {
            "username": "thotsop", "code": "central", "day": "2026-12-31", "table": "units",
        }  # fmt: skip
        return words.get(kind) or letter.get(kind) or str(uuid4())

    return re.sub(r"<([^>]+)>", value, rule)


def _everything(office: World) -> dict[str, list[Any]]:
    with reading(office.system.engine) as db:
        return {
            table.name: sorted(map(repr, db.execute(sa.select(table)).all()))
            for table in migrations.all_tables().sorted_tables
            if not COMING_AND_GOING.search(table.name)
        }


def _files(office: World) -> list[Any]:
    return sorted((agency, sha256) for agency, sha256, _ in office.system.storage.listing())


def test_an_auditor_changes_nothing_by_any_route(
    office: World, enter: Enter, letter: dict[str, str]
) -> None:
    browser = enter(AUDITOR)
    token = browser.open("/account").form("/account/password").values()["csrf_token"][0]
    office.token(AUDITOR)
    before = _everything(office), _files(office)
    tried = 0
    for method, rule in _changing(office):
        path = _filled(rule, letter)
        if path.startswith("/api/"):
            answer = office.call(method, path.removeprefix("/api/v1"), as_=AUDITOR, json={},
                                 headers={"If-Match": '"1"'})  # fmt: skip
            status, code = answer.status_code, answer.json["code"]
        else:
            sent = {"csrf_token": token, "command_id": str(uuid4()), "reason": "เพราะ"}
            answer = browser.client.open(path, method=method, data=sent)
            status, code = answer.status_code, "read_only" if "อ่านได้อย่างเดียว" in answer.text else ""
        assert (status, code) == (403, "read_only"), (method, rule, answer.text[:300])
        tried += 1
    assert tried > 50
    assert (_everything(office), _files(office)) == before


def test_no_command_of_an_auditor_passes_the_bus_but_their_own(office: World) -> None:
    bus = office.system.bus
    with reading(office.system.engine) as db:
        who = people.person(db, office.home.id, AUDITOR)
        actor = people.actor_for(db, office.home.id, who.id, office.clock.now())
    assert not any(actor.may(right) for right in ("everything", "operate", "accounts", "people"))
    others = set(bus.handlers) - bus.own_affairs
    assert len(others) > 50
    for command in others:
        with pytest.raises(ReadOnly):
            bus.execute(object.__new__(command), actor)


def test_an_auditors_own_account_is_theirs(enter: Enter) -> None:
    enter(AUDITOR)  # another session, to end
    browser = enter(AUDITOR)
    for path in ("/account/notices", "/account/keys", "/account/sessions/end-others"):
        assert browser.open("/account").form(path).send().status == 200
    assert browser.open("/account").form("/language").send(language="th").status == 200
    assert not browser.open("/").links("/documents/new")


def test_an_auditor_takes_a_case_away_as_evidence(
    office: World, enter: Enter, letter: dict[str, str], tmp_path: Path
) -> None:
    browser = enter(AUDITOR)
    page = browser.open(f"/instances/{letter['instance']}?verify=1")
    assert letter["subject"] in page.text
    assert "ลูกโซ่ครบถ้วน" in page.text
    assert not any(f.element.get("action", "").startswith("/instances/") for f in page.forms())
    taken = page.follow("/evidence").response
    assert (taken.status_code, taken.mimetype) == (200, "application/zip")
    assert taken.content_length == len(taken.data)
    assert f"evidence-{letter['instance']}.zip" in taken.headers["Content-Disposition"]
    called = office.get(f"/process-instances/{letter['instance']}/evidence", as_=AUDITOR)
    assert (called.status_code, called.data) == (200, taken.data)
    file = tmp_path / "case.zip"
    file.write_bytes(taken.data)
    report = examine(file, (), office.clock.now(), seal=called.get_etag()[0] or "")
    assert report.findings == []
    assert browser.open(f"/tasks/{letter['task']}").status == 200


def test_evidence_is_for_auditors_of_the_agency(
    office: World, enter: Enter, letter: dict[str, str]
) -> None:
    path = f"/process-instances/{letter['instance']}/evidence"
    for username, status in (("thotsop", 403), ("thotlong", 403), ("admin", 200), ("muban", 404)):
        assert office.get(path, as_=username).status_code == status, username
    assert office.get(path, as_=None).status_code == 401
    assert office.get(f"/process-instances/{uuid4()}/evidence", as_=AUDITOR).status_code == 404
    page = enter("thotsop").open(f"/instances/{letter['instance']}")
    assert (page.status, page.links("/evidence")) == (200, [])
    refused = enter("thotsop").open(f"/instances/{letter['instance']}/evidence")
    assert (refused.status, "ท่านไม่มีสิทธิ์" in refused.text) == (403, True)


def test_a_right_opens_no_secret_letter(
    office: World, enter: Enter, letter: dict[str, str]
) -> None:
    """Ordinary ones it does: an auditor reads what was decided."""
    pages = [f"/documents/{letter['document']}", f"/documents/{letter['document']}/pdf"]
    calls = [f"/documents/{letter['document']}{part}" for part in ("", "/pdf", "/versions")]

    def seen(username: str) -> set[int]:
        browser = enter(username)
        return {browser.open(page).status for page in pages} | {
            office.get(call, as_=username).status_code for call in calls
        }

    def listed(username: str) -> bool:
        found = office.get("/documents?page_size=100", as_=username).json["items"]
        return letter["document"] in {one["id"] for one in found}

    assert (seen(AUDITOR), listed(AUDITOR)) == ({200}, True)
    with office.system.engine.begin() as db:
        secret = sa.update(document).where(document.c.id == UUID(letter["document"]))
        db.execute(secret.values(secrecy=2))
    for username in (AUDITOR, "admin"):
        assert (seen(username), listed(username)) == ({403}, False), username
    assert (seen("thotsop"), listed("thotsop")) == ({200}, True)
    taken = office.get(f"/process-instances/{letter['instance']}/evidence", as_=AUDITOR)
    assert (taken.status_code, taken.json["code"]) == (403, "not_cleared")
