"""Two people in one draft see each other, for as long as they are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.letter_story import document_id, draft
from support.valkey import Valkey
from support.world import World

from api.bell import connect
from api.presence import STAYS, Presence
from engine.ids import new_id


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    started = Valkey(tmp_path_factory.mktemp("valkey"))
    yield started
    started.die()


def test_whoever_went_is_shown_no_longer(valkey: Valkey, office: World) -> None:
    here, agency, page, now = Presence(connect(valkey.url)), new_id(), new_id(), office.clock.now()
    assert list(here.enter(agency, page, "a", now)) == []
    assert here.enter(agency, page, "b", now) == ["a"]
    assert here.enter(agency, new_id(), "c", now) == []
    assert here.enter(new_id(), page, "c", now) == []
    later = now + timedelta(seconds=STAYS)
    assert here.enter(agency, page, "b", later - timedelta(seconds=1)) == ["a"]
    assert here.enter(agency, page, "a", later + timedelta(seconds=STAYS)) == []


def test_without_valkey_nobody_is_shown_and_pages_work(tmp_path: Path, office: World) -> None:
    gone = Valkey(tmp_path)
    here = Presence(connect(gone.url))
    gone.die()
    assert list(here.enter(new_id(), new_id(), "a", office.clock.now())) == []


def test_the_editor_names_who_else_is_there(
    valkey: Valkey, office: World, enter, monkeypatch
) -> None:
    page = draft(enter("thotsop"), "เห็นกันในร่าง")
    here, document = Presence(connect(valkey.url)), document_id(page)
    monkeypatch.setattr(office.system, "presence", here)
    here.enter(office.home.id, UUID(document), "sommut", office.clock.now())
    assert "พิมพ์ชัด เปิดร่างนี้อยู่ด้วย" in page.browser.open(page.path).text
    sent = {"csrf_token": page.form(page.path).values()["csrf_token"]}
    assert "พิมพ์ชัด" in page.browser.post(f"/documents/{document}/here", sent).response.text
    stranger = enter("wikhro").post(f"/documents/{document}/here", sent)
    assert stranger.status in {400, 403}
