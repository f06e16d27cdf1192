"""Who administers one process finds the way to its cases, and mends them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from support.browsing import Browser
from support.builders import bpmn, user
from support.troubles import DeadJob, dead_job
from support.world import World

from engine import jobs

Enter = Callable[[str], Browser]
GRANTS = "/permissions/grants"
KEEPER = "faem"


@pytest.fixture
def mine(office: World) -> Iterator[DeadJob]:
    """A stuck case of a process that the keeper administers."""
    dead = dead_job(office)
    body = {
        "process": key_of(office, dead),
        "matter": "administer",
        "principal": f"person:{KEEPER}",
    }
    made = office.post(GRANTS, body, as_="admin")
    assert made.status_code == 201, made.text
    yield dead
    office.call("DELETE", f"{GRANTS}/{made.json['id']}", as_="admin")


def key_of(office: World, dead: DeadJob) -> str:
    found: Any = office.get(f"/process-instances/{dead.case}", as_="admin").json
    return str(found["definition_key"])


def acts(page: Any) -> list[str]:
    return page.tree.xpath("//form[starts-with(@action, '/incidents/')]/@action")


def test_its_incidents_are_tried_again_and_no_others(
    enter: Enter, office: World, mine: DeadJob
) -> None:
    other = dead_job(office)
    keeper = enter(KEEPER)
    page = keeper.open("/incidents")
    assert page.links(mine.case)
    assert not page.links(other.case)
    retry, skip = acts(page)
    theirs = [one for one in acts(enter("admin").open("/incidents")) if one not in acts(page)]
    token = page.form(retry).values()["csrf_token"][0]
    for act in theirs:
        assert keeper.post(act, {"csrf_token": token, "reason": "ลอง"}).status == 403
    assert "ใส่เหตุผลที่ข้าม" in page.form(skip).send().error(skip_field(skip))
    done = page.form(skip).send(reason="ส่งทางไปรษณีย์แล้ว")
    assert "ข้ามงานนี้แล้ว" in done.text
    assert acts(done) == []


def skip_field(skip: str) -> str:
    return f"reason-{skip.split('/')[2]}"


def test_the_way_there_is_shown(enter: Enter, office: World, mine: DeadJob) -> None:
    keeper = enter(KEEPER)
    page = keeper.open("/instances")
    assert "กระบวนการที่ท่านดูแล" in page.text
    ways = ["/incidents", "/operations/messages"]
    assert page.tree.xpath("//div[@class='page-head__a']/a/@href") == ways
    (href,) = page.tree.xpath("//nav[@aria-labelledby='kept-h']/a/@href")
    assert key_of(office, mine) in keeper.open(href).text
    assert keeper.open("/menu").tree.xpath("//a[@href='/incidents']")
    case = keeper.open(f"/instances/{mine.case}")
    (again,) = acts(case)
    assert "ลองใหม่แล้ว" in case.form(again).send().text


def test_who_administers_nothing_sees_none_of_it(enter: Enter, mine: DeadJob) -> None:
    clerk = enter("thotsop")
    assert clerk.open("/incidents").status == 403
    assert "กระบวนการที่ท่านดูแล" not in clerk.open("/instances").text
    assert not clerk.open("/menu").tree.xpath("//a[@href='/incidents']")
    operator = enter("admin")
    assert "กระบวนการที่ท่านดูแล" not in operator.open("/instances").text


def test_an_auditor_sees_all_and_mends_none(enter: Enter, office: World, mine: DeadJob) -> None:
    reader = enter("truatsop").open("/incidents")
    assert reader.links(mine.case)
    assert acts(reader) == []


def versions(office: World, key: str, name: str = "ขอวัสดุ") -> str:
    """A process of two versions with a case in the first; the newest version's page."""
    office.deploy(
        {"a.bpmn": bpmn(key, user("a"), user("b"), flows="start>a a>b b>end", title=name)}
    )
    office.post("/process-instances", {"definition_key": key}, as_="admin")
    office.deploy(
        {"a.bpmn": bpmn(key, user("a"), user("c"), flows="start>a a>c c>end", title=name)}
    )
    (found,) = office.get(f"/process-definitions?key={key}", as_="admin").json["items"]
    return f"/definitions/{found['id']}"


def work_off(office: World) -> None:
    turns = jobs.Turns()
    while turns.run_next(office.system.bus, uuid4()):
        pass


def test_its_cases_are_migrated_from_its_page_and_no_others(enter: Enter, office: World) -> None:
    mine, other = f"mine{uuid4().hex[:8]}", f"other{uuid4().hex[:8]}"
    address, elsewhere = versions(office, mine), versions(office, other)
    keeper = enter(KEEPER)
    assert not keeper.open(address).links("/running")
    body = {"process": mine, "matter": "administer", "principal": f"person:{KEEPER}"}
    grant = office.post(GRANTS, body, as_="admin").json["id"]
    page = keeper.open(address)
    assert {"heat", "running", "archive"} <= {
        link.rpartition("/")[2] for link in page.links(f"{address}/")
    }
    asked = page.follow("/running").form(f"{address}/running").send()
    work_off(office)
    batch = asked.path.partition("?")[0]
    checked = keeper.open(batch)
    assert "ขอวัสดุ" in checked.text
    keeper.post(f"{batch}/carry-out", checked.form(f"{batch}/choose").values())
    work_off(office)
    keeper.open(batch).form(f"{batch}/undo").send()
    work_off(office)
    assert "ย้ายกลับแล้ว" in keeper.open(batch).text
    assert keeper.open(f"{address}/heat").status == 200
    assert not keeper.open(elsewhere).links("/running")
    for part in ("running", "heat"):
        assert keeper.open(f"{elsewhere}/{part}").status == 403
    assert "เผยแพร่" not in [form.element.get("action") for form in page.forms()]
    assert not [one for one in page.forms() if "withdraw" in (one.element.get("action") or "")]
    office.call("DELETE", f"{GRANTS}/{grant}", as_="admin")
    assert keeper.open(batch).status == 403
    assert keeper.open(f"{address}/heat").status == 403


def test_its_archive_is_a_page_of_its_own(enter: Enter, office: World) -> None:
    keys, cases, pages = [f"short{uuid4().hex[:8]}" for _ in range(2)], [], []
    for key in keys:
        office.deploy({"a.bpmn": bpmn(key, flows="start>end", title=f"เรื่อง {key}")})
        made = office.post("/process-instances", {"definition_key": key}, as_="admin").json
        cases.append(made["id"])
        pages.append(f"/definitions/{made['definition_id']}/archive")
        policy = {"definition_key": key, "keep_days": 0, "reason": "ระเบียบ"}
        assert office.post("/archived-instances/policies", policy, as_="admin").status_code == 201
    office.clock.advance(timedelta(seconds=1))
    office.post("/archived-instances/runs", {}, as_="admin")
    work_off(office)
    body = {"process": keys[0], "matter": "administer", "principal": f"person:{KEEPER}"}
    grant = office.post(GRANTS, body, as_="admin").json["id"]
    keeper = enter(KEEPER)
    assert keeper.open(pages[0]).links(cases[0])
    assert keeper.open(pages[0], query={"q": "ไม่มีคำนี้"}).links(cases[0]) == []
    assert keeper.open(pages[1]).links(cases[1]) == []
    assert keeper.open(f"/instances/{cases[0]}").status == 200
    assert keeper.open(f"/instances/{cases[1]}").status == 403
    office.call("DELETE", f"{GRANTS}/{grant}", as_="admin")
    assert keeper.open(pages[0]).links(cases[0]) == []
    assert enter("admin").open(pages[1]).links(cases[1])
