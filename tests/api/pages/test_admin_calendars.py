"""Working calendars and numbering: what is set, and what can no longer be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from support.browsing import Browser
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from engine.errors import Conflict
from engine.ids import new_id
from office.calendar import queries
from office.correspondence.commands import CountCircularsApart
from office.correspondence.models import letter_book, letter_number

Enter = Callable[[str], Browser]


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


@pytest.fixture
def path(admin: Browser) -> str:
    code = f"c{uuid4().hex[:8]}"
    form = admin.open("/admin/calendars").form("/admin/calendars")
    page = form.send(code=code, name="ปฏิทินทดลอง")
    assert page.path == f"/admin/calendars/{code}", page.text
    return page.path


def test_hours_of_the_week_are_changed_as_read(admin: Browser, office: World, path: str) -> None:
    first, second = admin.open(path).form(path), admin.open(path).form(path)
    assert first.element.xpath(".//label[@for='day-0']")[0].text == "วันจันทร์"
    assert first.send(**{"day-0": "เช้า"}).error("day-0")
    assert first.send(**{"day-0": "13:00-12:00"}).error("day-0")
    week = {f"day-{n}": "" for n in range(7)}
    assert first.send(**week).status == 422
    page = first.send(**{"day-0": "08:30-12:00, 13.00-16.30", "day-4": ""})
    assert page.status == 200, page.text
    with reading(office.system.engine) as db:
        row = queries.one(db, office.home.id, path.rpartition("/")[2])
    assert row.week[0] == [["08:30", "12:00"], ["13:00", "16:30"]]
    assert row.week[4] == []
    assert second.send(name="อีกชื่อ").status == 412
    history = page.tree.get_element_by_id("history").text_content()
    assert "08:30-16:30" in history


def test_days_are_set_removed_and_imported(admin: Browser, path: str) -> None:
    form = admin.open(path).form(f"{path}/days")
    assert form.send(day="32/1/2569", name="x").error("day")
    assert form.send(day="30/12/2569", name=" ").status == 422
    assert form.send(day="30/12/2569", name="x", kind="other", hours="สาย").error("hours")
    page = form.send(day="30/12/2569", name="ครึ่งวันสิ้นปี", kind="morning", year="2026")
    assert "ครึ่งวันสิ้นปี" in page.text
    assert "08:30-12:00" in page.text
    page = page.form(f"{path}/holidays").send()
    assert "นำเข้าวันหยุด" in page.text
    assert "ครึ่งวันสิ้นปี" in page.text
    page = page.form(f"{path}/days/2026-12-30/remove").send()
    days = page.tree.get_element_by_id("days").text_content()
    assert "ครึ่งวันสิ้นปี" not in days


def test_others_do_not_keep_the_calendar(enter: Enter, path: str) -> None:
    official, stranger = enter("wikhro"), enter("tambon")
    assert official.open("/admin/calendars").status == 403
    assert official.open(path).status == 403
    assert stranger.open(path).status == 404
    for browser, status in ((official, 403), (stranger, 404)):
        token = browser.open("/account").form("/language").values()["csrf_token"][0]
        for part in ("", "/days", "/holidays", "/days/2026-12-30/remove"):
            sent = {"csrf_token": token, "name": "x", "day": "1/1/2569", "kind": "off",
                    "day-0": "08:30-16:30"}  # fmt: skip
            assert browser.post(path + part, sent).status == status, part
    assert official.open("/admin/numbering").status == 403


def test_how_circulars_count_is_chosen_before_the_first_has_a_number(
    admin: Browser, enter: Enter, office: World
) -> None:
    with reading(office.system.engine) as db:
        ours = sa.select(letter_number.c.id).where(letter_number.c.agency_id == office.home.id)
        given = ours.where(letter_number.c.text.contains("/ว "))
        assert db.execute(given).first() is None
    form = admin.open("/admin/numbering").form("/admin/numbering")
    page = form.send(apart="0")
    assert page.form("/admin/numbering").values()["apart"] == ["0"]
    assert "เปลี่ยนวิธีนับเลขหนังสือเวียน" in page.text
    assert page.form("/admin/numbering").send(apart="1").status == 200
    token = enter("wikhro").open("/account").form("/language").values()["csrf_token"][0]
    assert enter("wikhro").post("/admin/numbering", {"csrf_token": token}).status == 403


def test_a_book_that_was_on_paper_is_started_on_a_page(admin: Browser, enter: Enter) -> None:
    path = "/admin/numbering/start"
    typed = {"kind": "receive", "code": "thotlong", "first": "345", "note": "ทะเบียนกระดาษ"}
    form = admin.open(path).form(path)
    assert form.send(**{**typed, "code": "ตย 9999"}).error("code")
    assert form.send(**{**typed, "first": "สาม"}).error("first")
    assert form.send(**{**typed, "note": " "}).error("note")
    sure = form.send(**typed)
    assert "1–344" in sure.text
    assert "thotlong" not in admin.open("/admin/numbering").text  # looked at, not begun
    page = sure.form(path).send()
    assert "เริ่มเล่มต่อจากทะเบียนกระดาษ" in page.text
    assert form.send(**{**typed, "first": "344"}).error("first")
    (link,) = (one for one in page.tree.xpath("//section[@aria-labelledby='books-h']//a/@href")
               if "thotlong" in admin.open(one).text)  # fmt: skip
    book = admin.open(link).text
    assert "1–344" in book
    assert "345" in book
    assert enter("wikhro").open(link).status == 403
    assert enter("tambon").open(link).status == 404
    assert enter("wikhro").open(path).status == 403


def test_a_circular_with_a_number_settles_how_they_count(office: World) -> None:
    """In the agency next door, where nobody numbers letters."""
    agency, book = office.foreign.id, new_id()
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    with office.system.engine.begin() as db:
        db.execute(
            sa.insert(letter_book),
            {"agency_id": agency, "id": book, "kind": "circular", "code": "พบ 7100",
             "year": 2020, "last": 1},
        )  # fmt: skip
        db.execute(
            sa.insert(letter_number),
            {"agency_id": agency, "id": new_id(), "book_id": book, "value": 1,
             "text": "พบ 7100/ว 1", "dated": moment.date(), "state": "lost",
             "reserved_by": "x", "reserved_at": moment},
        )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        office.system.bus.execute(CountCircularsApart(False), system_actor(agency))
    assert refused.value.code == "circulars_numbered"


def test_whom_letters_honour_is_kept_on_a_page(admin: Browser, enter: Enter) -> None:
    form = admin.open("/admin/greetings").form("/admin/greetings")
    page = form.send(names="ประธานสภาตัวอย่าง\n\nประธานสภาทดลอง")
    assert page.form("/admin/greetings").values()["names"][0].split() == [
        "ประธานสภาตัวอย่าง",
        "ประธานสภาทดลอง",
    ]
    assert "เปลี่ยนรายชื่อผู้ที่ใช้คำขึ้นต้นว่ากราบเรียน" in page.text
    wrong = page.form("/admin/greetings").send(names="\n".join("ก" * n for n in range(1, 103)))
    assert wrong.status == 422
    assert wrong.error("names")
    assert page.form("/admin/greetings").send(names="").status == 200
    assert enter("wikhro").open("/admin/greetings").status == 403
