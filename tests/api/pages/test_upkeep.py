"""The operator's page: everything stuck or late in one place, each with the act that mends it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support import troubles

from api.pages import words
from api.pages.upkeep import PAGE_SIZE
from api.pages.view import LANGUAGE_COOKIE
from engine.db import reading
from office.correspondence.models import letter_number

AT = "/operations"


def _acts(page, part):
    return [f.element.get("action") for f in page.forms() if part in f.element.get("action", "")]


def _number(office, id_):
    with reading(office.system.engine) as db:
        return db.execute(sa.select(letter_number).where(letter_number.c.id == UUID(id_))).one()


def test_it_is_for_operators_alone(office, enter):
    dead = troubles.dead_job(office)
    clerk, admin = enter("thotsop"), enter("admin")
    assert admin.open("/").links(AT) == admin.open("/menu").links("/operations")[:1] == [AT]
    assert clerk.open("/").links(AT) == []
    assert clerk.open(AT).status == 403
    token = clerk.open("/account").form("/account/keys").values()["csrf_token"][0]
    for act in (
        f"jobs/{dead.job}/retry", f"jobs/{dead.job}/skip", f"incidents/{uuid4()}/retry",
        f"timers/{uuid4()}/fire", f"numbers/{uuid4()}/settle", f"numbers/{uuid4()}/void",
        f"certificates/{uuid4()}/retire",
    ):  # fmt: skip
        sent = {"csrf_token": token, "reason": "x", "cause": "x"}
        assert clerk.post(f"{AT}/{act}", sent).status == 403, act


def test_what_is_not_there_is_not_found(enter):
    admin = enter("admin")
    token = admin.open(AT).form("/language").values()["csrf_token"][0]
    for act in ("jobs/x/retry", f"jobs/{uuid4()}/retry", f"incidents/{uuid4()}/retry",
                f"timers/{uuid4()}/fire", f"numbers/{uuid4()}/settle"):  # fmt: skip
        assert admin.post(f"{AT}/{act}", {"csrf_token": token}).status == 404, act


def test_the_queues_tell_what_waits(office, enter):
    troubles.started(office, troubles.SENDS, "send")
    page = enter("admin").open(AT)
    row = " ".join(
        page.tree.xpath("//*[@id='queues']//tr[contains(., 'people.pass')]")[0].itertext()
    )
    assert "ข้ามขั้นที่ไม่มีผู้ทำ" in row


def test_a_dead_job_is_tried_again_from_the_page(office, enter):
    dead = troubles.dead_job(office, "the mailbox is full")
    page = enter("admin").open(AT)
    assert "the mailbox is full" in page.text
    assert f"/instances/{dead.case}" in page.links()
    done = page.form(f"{AT}/jobs/{dead.job}/retry").send()
    assert (done.status, _acts(done, dead.job)) == (200, [])
    assert "สั่งให้ระบบทำงานนี้ใหม่แล้ว" in done.text
    assert page.form(f"{AT}/jobs/{dead.job}/retry").send().status == 200  # the same press again
    other = page.browser.post(
        f"{AT}/jobs/{dead.job}/retry",
        {"csrf_token": page.form("/language").values()["csrf_token"][0]},
    )
    assert (other.status, "ไม่ได้ค้างอยู่แล้ว" in other.text) == (409, True)


def test_a_dead_job_is_skipped_for_a_reason(office, enter):
    dead = troubles.dead_job(office)
    page = enter("admin").open(AT)
    form = page.form(f"{AT}/jobs/{dead.job}/skip")
    refused = form.send(reason="  ")
    assert refused.status == 422
    assert "ใส่เหตุผล" in refused.error(f"reason-{dead.job}")
    assert refused.links(f"#reason-{dead.job}")
    (opened,) = refused.tree.xpath("//details[@open]")
    assert opened.xpath(f".//input[@id='reason-{dead.job}']")
    done = refused.form(f"{AT}/jobs/{dead.job}/skip").send(reason="ส่งทางไปรษณีย์แล้ว")
    assert (done.status, _acts(done, dead.job)) == (200, [])
    case = page.browser.open(f"/instances/{dead.case}")
    assert "ส่งทางไปรษณีย์แล้ว" in case.text


def test_an_incident_that_is_still_stuck_says_so(office, enter):
    case = troubles.stuck_case(office)
    page = enter("admin").open(AT)
    (row,) = page.tree.xpath(f"//*[@id='incidents']//tr[.//a[@href='/instances/{case}']]")
    (address,) = row.xpath(".//form/@action")
    assert "ยังติดอยู่" in page.form(address).send().text


def test_a_dead_job_stands_in_one_list_only(office, enter):
    dead = troubles.dead_job(office)
    page = enter("admin").open(AT)
    links = f"//*[@id='incidents']//a[@href='/instances/{dead.case}']"
    assert page.tree.xpath(links) == []
    assert page.tree.xpath(links.replace("incidents", "jobs"))


def test_a_late_timer_is_fired_from_the_page(office, enter):
    case = troubles.late_timer(office)
    page = enter("admin").open(AT)
    (row,) = page.tree.xpath(f"//*[@id='timers']//tr[.//a[@href='/instances/{case}']]")
    assert "ช้า 5 นาที" in " ".join(row.itertext())
    (address,) = row.xpath(".//form/@action")
    assert _acts(page.form(address).send(), address) == []
    tasks = office.get(f"/process-instances/{case}", as_="admin").json["tasks"]
    assert [task["element_id"] for task in tasks] == ["after"]


def test_a_reserved_number_is_settled_or_crossed_out(office, enter):
    (past, text), (today, _) = (troubles.reserved_number(office, days) for days in (1, 0))
    page = enter("admin").open(AT)
    assert text in page.text
    assert _acts(page, f"{today}/settle") == []
    assert page.form(f"{AT}/numbers/{past}/settle").send().status == 200
    assert _number(office, past).state == "void"
    form = page.form(f"{AT}/numbers/{today}/void")
    refused = form.send(cause="")
    assert (refused.status, bool(refused.error(f"cause-{today}"))) == (422, True)
    assert form.send(cause="พิมพ์ผิดเล่ม").status == 200
    assert (_number(office, today).state, _number(office, today).cause) == ("void", "พิมพ์ผิดเล่ม")


def test_each_work_of_the_machine_has_a_name(office):
    assert set(office.system.services.actions) == set(words.ACTIONS)


def test_certificates_are_told_and_retired(office, enter):
    admin = enter("admin")
    assert "ไม่มีใบรับรองที่ใกล้หมดอายุ" in admin.open(AT).text
    soon, gone = troubles.expiring_key(office, 10), troubles.expiring_key(office, -1)
    page = admin.open(AT)
    assert "เหลือ 10 วัน" in page.text
    assert "หมดอายุแล้ว" in page.text
    for id_ in (soon, gone):
        page = page.form(f"{AT}/certificates/{id_}/retire").send()
    assert "ไม่มีใบรับรองที่ใกล้หมดอายุ" in page.text


@pytest.fixture
def many_numbers(office):
    """More reserved numbers than a page shows; the other tests find theirs on the first page."""
    made = [troubles.reserved_number(office, 9) for _ in range(PAGE_SIZE + 1)]
    yield [text for _, text in made]
    ids = [UUID(id_) for id_, _ in made]
    with office.system.engine.begin() as db:
        db.execute(sa.update(letter_number).where(letter_number.c.id.in_(ids)).values(state="void"))


def test_each_list_has_pages_of_its_own(many_numbers, enter):
    texts = many_numbers
    admin = enter("admin")
    first = admin.open(AT)
    (following,) = [link for link in first.links("numbers=2") if link.endswith("#numbers")]
    second = admin.open(following.partition("#")[0])
    shown = [sum(text in page.text for text in texts) for page in (first, second)]
    assert (shown[0], sum(shown)) == (PAGE_SIZE, PAGE_SIZE + 1)
    beyond = admin.open(AT, query={"numbers": 50, "jobs": "x"})
    assert beyond.status == 200
    assert beyond.links("numbers=49")


def test_it_speaks_english_too(enter):
    admin = enter("admin")
    admin.client.set_cookie(LANGUAGE_COOKIE, "en")
    shown = admin.open(AT).text
    for text in ("Operations", "Queues of the system", "Late timers", "Reserved numbers"):
        assert text in shown
