"""Every route that reads a letter, asked by whom it names and who is not cleared for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.browsing import Browser
from support.letter_story import document_id, draft, signed
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from engine.models.task import task
from office.documents.degrees import TAKES_SECRETS, UNTOLD
from office.documents.models import document
from office.people import queries
from office.people.models import agency, clearance

Enter = Callable[[str], Browser]


def choose(office: World, taken: bool) -> None:
    with office.system.engine.begin() as db:
        mine = agency.c.id == office.home.id
        policy = db.execute(sa.select(agency.c.policy).where(mine)).scalar_one()
        db.execute(sa.update(agency).where(mine).values(policy={**policy, TAKES_SECRETS: taken}))


def set_clearance(office: World, level: int) -> None:
    with office.system.engine.begin() as db:
        who = queries.person(db, office.home.id, "thotsop").id
        mine = sa.update(clearance).where(clearance.c.person_id == who)
        db.execute(mine.values(level=level))


@pytest.fixture
def secret(office: World, enter: Enter) -> Iterator[tuple[str, str]]:
    """A letter of ลับ on thotsop's desk, with an enclosed file: (id, its subject)."""
    choose(office, True)
    subject = f"แผนพิเศษ{uuid4().hex}"
    yield document_id(draft(enter("thotsop"), subject, secrecy="2")), subject
    set_clearance(office, 2)
    choose(office, False)


def ids(office: World, letter: str) -> dict[str, str]:
    with reading(office.system.engine) as db:
        row = db.execute(sa.select(document).where(document.c.id == UUID(letter))).one()
        found = db.execute(sa.select(task.c.id).where(task.c.root_id == row.instance_id)).scalar()
    return {"document_id": letter, "task_id": str(found), "instance_id": str(row.instance_id)}


def routes(office: World, known: dict[str, str]) -> list[str]:
    """Every page and call that asks by one of these ids alone."""
    app = office.client.application
    adapter = app.url_map.bind("127.0.0.1")
    return sorted(
        adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments and rule.arguments <= known.keys()
    )


def test_no_route_tells_it_to_who_is_not_cleared(
    office: World, enter: Enter, secret: tuple[str, str]
) -> None:
    letter, subject = secret
    known = ids(office, letter)
    asked = routes(office, known)
    assert len(asked) > 15
    reader, token = enter("thotsop"), {"Authorization": f"Bearer {_token(office)}"}

    said = f"ความเห็น{uuid4().hex}"
    comment = {"text": said}
    assert (
        office.post(f"/tasks/{known['task_id']}/comments", comment, as_="thotsop").status_code < 300
    )

    def told() -> dict[str, tuple[int, bool]]:
        found = {}
        for path in asked:
            answer = reader.client.get(path, headers=token if path.startswith("/api/") else {})
            words = subject.encode(), said.encode()
            found[path] = (answer.status_code, any(one in answer.data for one in words))
            commented.update({path} if said.encode() in answer.data else ())
        return found

    commented: set[str] = set()

    cleared = told()
    telling = [path for path, (_status, says) in cleared.items() if says]
    assert len(telling) >= 5, cleared
    assert len(commented) >= 3, "on the task, in the case and by REST"
    set_clearance(office, 1)
    kept_out = told()
    assert [path for path, (_status, says) in kept_out.items() if says] == []
    documents_of = [path for path in asked if f"/documents/{letter}" in path]
    open_still = [path for path in documents_of if kept_out[path][0] < 400]
    assert open_still == []


def _token(office: World) -> str:
    from office.accounts import credentials

    with reading(office.system.engine) as db:
        who = queries.person(db, office.home.id, "thotsop").id
    made: str = credentials.issue_token(
        office.system.bus, system_actor(office.home.id), "t", ["read"], person_id=who
    )
    return made


@pytest.mark.parametrize("who", ["admin", "truatsop", "thotsop"])
def test_lists_and_searches_say_no_subject(
    office: World, enter: Enter, secret: tuple[str, str], who: str
) -> None:
    subject = secret[1]
    set_clearance(office, 1)
    browser = enter(who)
    for path in (
        "/", "/?view=mine", "/?view=waiting", f"/?q={subject}", "/documents",
        f"/documents?q={subject}", "/instances", f"/instances?q={subject}", "/notices",
        "/operations", "/jobs", "/incidents", "/registers", "/unit-load", "/admin/history",
    ):  # fmt: skip
        answer = browser.client.get(path)
        text = answer.data.decode().replace(f'value="{subject}"', "").replace(f"q={subject}", "")
        text = text.replace(f"“{subject}”", "")
        assert subject not in text, (who, path)


def test_the_task_says_what_is_missing_and_who_grants_it(
    office: World, enter: Enter, secret: tuple[str, str]
) -> None:
    known = ids(office, secret[0])
    set_clearance(office, 1)
    page = enter("thotsop").open(f"/tasks/{known['task_id']}")
    assert page.status == 200
    assert UNTOLD in page.text
    assert "ท่านยังไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับของหนังสือฉบับนี้" in page.text
    assert "ผู้ดูแลคนและตำแหน่งของหน่วยงานเป็นผู้บันทึกการอนุญาต" in page.text
    assert not page.tree.xpath("//form[contains(@action, '/decide')]")
    assert not page.tree.xpath("//form[contains(@action, '/claim')]")


def test_a_drafter_who_is_not_cleared_is_told_at_the_field(
    office: World, enter: Enter, secret: tuple[str, str]
) -> None:
    page = draft(enter("thotsop"), f"x{uuid4().hex}", secrecy="3")
    assert page.status == 422
    assert "ท่านยังไม่ได้รับอนุญาตให้เข้าถึงชั้นนี้" in page.text
    page = draft(enter("thotsop"), f"x{uuid4().hex}", secrecy="4")
    assert "ชั้นลับที่สุดไม่รับส่งด้วยระบบสารบรรณอิเล็กทรอนิกส์" in page.text


@pytest.fixture
def sent(office: World) -> Iterator[str]:
    """The subject of a letter of ลับ that was signed and delivered to a unit of the ministry."""
    choose(office, True)
    subject = f"แผนพิเศษ{uuid4().hex}"
    letter = signed(office, subject=subject, to="กรมสาธิต", secrecy="ลับ", secrecy_code="002")
    assert "/ล " in letter["number"]
    yield subject
    choose(office, False)


def test_its_registers_are_offered_to_whom_they_open(
    office: World, enter: Enter, sent: str
) -> None:
    registrar = enter("thabian")
    for which, title in (("secret_out", "ทขล. 2"), ("secret_in", "ทขล. 1")):
        page = registrar.open("/registers").follow(f"register={which}")
        assert (sent in page.text, title in page.text) == (True, True), which
        assert office.get(f"/registers/{which}", as_="truatsop").status_code == 403
        for other in ("rapsong", "thotsop", "truatsop", "admin"):
            assert sent not in enter(other).open(f"/registers?register={which}").text, other
    assert not enter("truatsop").open("/registers").links("register=secret")
    for which in ("send", "receive", "issue"):
        assert sent not in registrar.open(f"/registers?register={which}").text
    assert "หนังสือลับ" in registrar.open("/admin/numbering").text


def test_the_case_says_why_it_tells_so_little(office: World, enter: Enter, sent: str) -> None:
    why = "แสดงเฉพาะผู้ที่อยู่ในเส้นทางและได้รับอนุญาต"
    letter = office.get(f"/documents?q={sent}", as_="thotsop").json["items"][0]
    case = f"/instances/{letter['instance_id']}"
    assert why not in enter("thotsop").open(case).text
    page = enter("truatsop").open(case)
    assert (page.status, why in page.text) == (200, True)


def test_the_receiving_unit_signs_for_it(office: World, enter: Enter, sent: str) -> None:
    registrar = enter("thabian")
    page = registrar.open(f"/registers?register=secret_in&q={sent}")
    (form,) = [one for one in page.forms() if "/acknowledge" in one.element.get("action", "")]
    page = form.send()
    assert "ทะเบียนรับข้อมูลข่าวสารลับ" in page.text
    assert "รับทราบแล้ว" in page.text
