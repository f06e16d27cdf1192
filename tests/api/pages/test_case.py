"""The page of a case: its history a page at a time, and its chain checked when one asks."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from support.browsing import Page
from support.letter_story import document_id, draft, open_task

from api.pages.instances import EVENTS
from engine.actor import system_actor
from engine.commands.tasks import CommentTask
from engine.db import begin_write
from engine.ids import parse_id
from engine.models.history import history_event
from office.documents.models import document
from office.documents.thai import office_day
from office.people import queries as people
from office.people.commands import AddRole, GrantRole

SAID = 2 * EVENTS


def numbers(page: Page) -> list[int]:
    found = page.tree.xpath("//ol[@class='chain']/li/span[@class='hash']")
    return [int("".join(one.itertext())) for one in found]


@pytest.fixture(scope="module")
def case(office):
    """The address of a case in which much was said."""
    from support.browsing import signed_in

    drafter, subject = signed_in(office.client.application, "thotsop"), "เรื่องที่คุยกันยาว"
    letter = document_id(draft(drafter, subject))
    task_id = parse_id(open_task(drafter, subject).path.split("/")[2], "task")
    with office.system.engine.connect() as db:
        who = people.person(db, office.home.id, "thotsop")
        actor = people.actor_for(db, office.home.id, who.id, office.clock.now())
    for number in range(SAID):
        office.system.bus.execute(CommentTask(task_id, f"ความเห็นที่ {number}"), actor)
    return drafter.open(f"/documents/{letter}").follow("/instances/").path


def test_the_history_is_read_a_page_at_a_time(case, enter):
    page = enter("thotsop").open(case)
    newest = numbers(page)
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == EVENTS
    seen = [*newest]
    while found := page.links("before="):
        page = page.browser.open(found[0].partition("#")[0])
        seen += numbers(page)
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) >= SAID
    assert seen[-1] == 1
    assert page.links("before=") == []
    assert numbers(page.browser.open(case + "?")) == newest


def test_technical_events_are_shown_on_request_and_stay_so_on_the_next_page(case, enter):
    everything = enter("thotsop").open(case + "?all=1")
    assert len(numbers(everything)) == EVENTS
    assert all("all=1" in link for link in everything.links("before="))


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "", "0"])
def test_an_odd_page_of_the_history_is_no_error(case, enter, before):
    assert enter("thotsop").open(case, query={"before": before}).status == 200


def test_the_chain_is_checked_when_one_asks_and_only_then(case, office, enter):
    browser = enter("thotsop")
    whole = browser.open(case + "?verify=1").text
    assert re.search(r"ลูกโซ่ครบถ้วน \d{3} รายการ", whole), whole
    this = history_event.c.root_id == parse_id(case.split("/")[2], "case")
    third = history_event.c.seq == 3
    with begin_write(office.system.engine) as db:
        kept = db.execute(sa.select(history_event.c.data).where(this, third)).scalar_one()
        db.execute(sa.update(history_event).where(this, third).values(data='{"x":1}'))
        db.commit()
    try:
        assert "ลูกโซ่ขาด" not in browser.open(case).text
        assert "ลูกโซ่ขาดที่รายการ 3" in browser.open(case + "?verify=1").text
    finally:
        with begin_write(office.system.engine) as db:
            db.execute(sa.update(history_event).where(this, third).values(data=kept))
            db.commit()


# -- who may see a task, and who its letter ------------------------------------------------------


@pytest.fixture(scope="module")
def watchers(office):
    """Two who take no part in letters: one may operate cases, one may audit them."""
    today = office_day(office.clock.now())
    for who, right in (("obrom", "operate"), ("wijai", "audit")):
        role = f"only-{right}"
        for command in (AddRole(role, right, [right]), GrantRole(who, role, today)):
            office.system.bus.execute(command, system_actor(office.home.id))
    return {"operate": "obrom", "audit": "wijai"}


def set_secrecy(office, letter: str, degree: int) -> None:
    with begin_write(office.system.engine) as db:
        this = document.c.id == parse_id(letter, "document")
        db.execute(sa.update(document).where(this).values(secrecy=degree))
        db.commit()


@pytest.mark.parametrize(
    ("right", "degree", "reads"),
    [("operate", 1, False), ("audit", 1, True), ("operate", 2, False), ("audit", 2, False)],
)
def test_a_right_shows_the_task_and_says_where_the_letter_is_not_open(
    office, enter, watchers, right, degree, reads
):
    drafter, subject = enter("thotsop"), f"หนังสือที่ {right} ดู ชั้น {degree}"
    letter = document_id(draft(drafter, subject))
    task = open_task(drafter, subject).path
    set_secrecy(office, letter, degree)
    watcher = enter(watchers[right])
    page = watcher.open(task)
    assert page.status == 200
    secret, other = "งานนี้มีหนังสือชั้นความลับ", "หนังสือของงานนี้ไม่ได้เปิดให้ท่านอ่าน"
    assert [told in page.text for told in (secret, other)] == [
        degree > 1,
        degree == 1 and not reads,
    ]
    assert ("ตามหนังสือที่อ้างถึง" in page.text) is reads
    assert watcher.open(f"/documents/{letter}").status == (200 if reads else 403)
    assert drafter.open(task).status == 200
