"""The inbox: views, search, filters, claiming many, and the poll that costs nothing."""

from __future__ import annotations

import pytest
from support.letter_story import decide, draft


@pytest.fixture
def waiting(enter):
    """Two letters that wait for the proofreader."""
    drafter = enter("thotsop")
    for subject in ("กล่องงาน เรื่องหนึ่ง", "กล่องงาน เรื่องสอง"):
        if (
            subject
            not in enter("sommut").open("/", query={"view": "claimable", "q": "กล่องงาน"}).text
        ):
            draft(drafter, subject, priority="3")
            decide(drafter, subject, "submit")
    return enter("sommut")


def test_what_can_be_taken_stands_under_ones_own_tasks(waiting):
    page = waiting.open("/")
    assert "งานที่รับได้" in page.text
    assert "ด่วนมาก" in page.text
    assert "กล่องงาน เรื่องหนึ่ง" in page.text


def test_search_filters_and_says_when_nothing_fits(waiting):
    found = waiting.open("/", query={"view": "claimable", "q": "เรื่องสอง"})
    assert "เรื่องสอง" in found.text
    assert "เรื่องหนึ่ง" not in found.text
    assert "ไม่พบงานตามที่ค้น" in waiting.open("/", query={"q": "ไม่มีเรื่องนี้เลย"}).text


def test_many_tasks_are_claimed_at_once(waiting):
    form = waiting.open("/", query={"view": "claimable", "q": "กล่องงาน"}).form("/tasks/claim")
    chosen = form.element.xpath(".//input[@name='task']/@value")[:2]
    page = form.send(task=chosen)
    assert f"รับแล้ว {len(chosen)} งาน" in page.text
    again = form.send(task=chosen)  # the same form again is the same act
    assert f"รับแล้ว {len(chosen)} งาน" in again.text
    for task in chosen:
        waiting.open(f"/tasks/{task}").form(f"/tasks/{task}/unclaim").send()


def test_claiming_nothing_says_so(waiting):
    form = waiting.open("/", query={"view": "claimable"}).form("/tasks/claim")
    assert "ยังไม่ได้เลือกงาน" in form.send().text


def test_the_poll_answers_304_until_something_changes(waiting, enter):
    page = waiting.open("/")
    live = page.tree.xpath("//@hx-get[starts-with(., '/inbox/live')]")[0]
    first = waiting.client.get(live)
    assert first.status_code == 200
    assert first.text.strip() == ""
    etag = first.headers["ETag"]
    assert waiting.client.get(live, headers={"If-None-Match": etag}).status_code == 304
    drafter = enter("thotsop")
    draft(drafter, "เรื่องที่เข้ามาใหม่")
    decide(drafter, "เรื่องที่เข้ามาใหม่", "submit")
    changed = waiting.client.get(live, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "1 งานใหม่" in changed.text


STRANGE = (
    "view=no-such-view", "sort='; drop table task", "page=-3", f"page={'9' * 40}", "page=x",
    f"q={'%25_' * 50}", "definition_key=<script>", "overdue=maybe",
)  # fmt: skip


@pytest.mark.parametrize("query", STRANGE)
def test_strange_addresses_show_the_usual_inbox(waiting, query):
    assert waiting.open(f"/?{query}").status == 200


@pytest.mark.parametrize("view", ["mine", "claimable", "team", "waiting", "done"])
@pytest.mark.parametrize("sort", ["urgency", "due", "new"])
def test_every_view_in_every_order(enter, view, sort):
    assert enter("thotsop").open("/", query={"view": view, "sort": sort}).status == 200
