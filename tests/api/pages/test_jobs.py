"""Long work of the machine: who asked follows it, operators see all of it."""

from __future__ import annotations

from uuid import UUID

from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.instances import StartInstance
from engine.commands.jobs import LeaseJob, ReportJob, want_job
from engine.commands.progress import TellProgress
from office.people import queries as people


def _asked(office, username):
    """A job that the person asked for, at work at its 30th of 120 items."""
    bus = office.system.bus
    with bus.engine.connect() as db:
        me = people.person(db, office.home.id, username)
        actor = people.actor_for(db, office.home.id, me.id, office.clock.now())

    def ask(_command, ctx):
        return {"id": want_job(ctx, "test.count", {}, followed=True)}

    asking = Bus(bus.engine, bus.services, bus.bell, {StartInstance: ask})
    id_ = UUID(asking.execute(StartInstance("x"), actor)["id"])
    attempt = bus.execute(LeaseJob(id_), system_actor(office.home.id))["attempt"]
    told = TellProgress(id_, attempt, 30, 120, "กค 0201/12")
    bus.execute(told, system_actor(office.home.id))
    return id_


def _row(page, id_):
    (row,) = page.tree.xpath(f"//tr[@id='job-{id_}']")
    return row


def test_who_asked_follows_it_on_a_page(office, enter):
    id_ = _asked(office, "faem")
    page = enter("faem").open("/jobs")
    (bar,) = _row(page, id_).xpath(".//progress")
    assert (bar.get("max"), bar.get("value")) == ("120", "30")
    assert "30 จาก 120 รายการ" in page.text
    assert "กค 0201/12" in page.text
    assert page.tree.xpath("//*[@id='jobs']/@hx-trigger") == ["every 5s"]
    assert str(id_) not in enter("thotsop").open("/jobs").text
    office.system.bus.execute(ReportJob(id_, 1), system_actor(office.home.id))
    done = enter("faem").open("/jobs")
    assert "เสร็จแล้ว" in " ".join(_row(done, id_).itertext())
    assert done.tree.xpath("//*[@id='jobs']/@hx-trigger") == []  # nothing left to ask for


def test_nobody_has_asked_for_any(enter):
    assert "ยังไม่มีงานที่ท่านสั่ง" in enter("thotsop").open("/jobs").text


def test_operators_see_whose_it_is_and_how_far_it_has_come(office, enter):
    id_ = _asked(office, "faem")
    page = enter("admin").open("/operations")
    (bar,) = page.tree.xpath("//*[@id='at-work']//progress")
    assert (bar.get("max"), bar.get("value")) == ("120", "30")
    office.system.bus.execute(ReportJob(id_, 1), system_actor(office.home.id))
    assert enter("admin").open("/operations").tree.xpath("//*[@id='at-work']") == []


def test_it_is_told_by_the_interface(office):
    id_ = _asked(office, "faem")
    for who in ("faem", "admin"):
        told = office.get(f"/jobs/{id_}", as_=who)
        assert told.json["progress"]["done"] == 30, told.json
        assert (told.json["progress"]["total"], told.json["asked_by"]) == (120, "faem")
    assert office.get(f"/jobs/{id_}", as_="thotsop").status_code == 403
    assert office.get("/jobs/own", as_="faem").json["items"][0]["id"] == str(id_)
    assert office.get("/jobs/at-work", as_="admin").json["items"][0]["id"] == str(id_)
    assert office.get("/jobs/at-work", as_="faem").status_code == 403
    office.system.bus.execute(ReportJob(id_, 1), system_actor(office.home.id))
