"""Who administers one process finds the way to its cases, and mends them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.browsing import Browser
from support.troubles import DeadJob, dead_job
from support.world import World

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
    assert page.tree.xpath("//div[@class='page-head__a']/a/@href") == ["/incidents"]
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
