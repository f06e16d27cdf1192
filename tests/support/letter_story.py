"""Steps of the letter's story as pages see them: draft, decide, return, sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from support.browsing import Browser, Page
from support.samples import sample
from support.world import World

from engine import jobs
from engine.db import reading
from engine.models.job import job
from office.demo.officials import OFFICIALS

SUBJECT = "ขอเชิญเป็นวิทยากรบรรยายเรื่องการใช้งานระบบ e-Office"
WORDS = "ตามหนังสือที่อ้างถึง ความละเอียดแจ้งแล้ว นั้น\nจึงเรียนมาเพื่อโปรดพิจารณา"
POST = "ปลัดกระทรวงตัวอย่าง"


def draft(drafter: Browser, subject: str = SUBJECT, **fields: Any) -> Page:
    """A new external letter: answers its editor."""
    form = drafter.open("/documents/new", query={"kind": "EXT"}).form("/documents")
    filled = {"subject": subject, "to": "ปลัดกระทรวงสาธิต", "paragraphs": WORDS,
              "position_lines": POST, **fields}  # fmt: skip
    return form.send(**filled)


def document_id(page: Page) -> str:
    """The letter that an editor or a letter's page is about."""
    return page.path.split("/")[2]


def open_task(browser: Browser, subject: str) -> Page:
    """The person's task about the letter, by way of the inbox."""
    for view in ("mine", "claimable"):
        inbox = browser.open("/", query={"view": view, "q": subject})
        if found := inbox.links("/tasks/"):
            return browser.open(found[0])
    raise AssertionError(f"no task about {subject!r} in the inbox: {inbox.text[:400]}")


def decide(browser: Browser, subject: str, outcome: str, **fields: Any) -> Page:
    task = open_task(browser, subject)
    return task.form(f"{task.path}/decide").send(outcome=outcome, **fields)


def on_the_desk(enter: Callable[[str], Browser], subject: str, **fields: Any) -> Page:
    """The signing page of a new letter."""
    drafter = enter("thotsop")
    draft(drafter, subject, **fields)
    decide(drafter, subject, "submit")
    for name in ("sommut", "tuayang", "phatsadu", "wichan"):
        decide(enter(name), subject, "pass")
    signer = enter("somying")
    return signer.open(open_task(signer, subject).path + "/sign")


#: who brings a letter of the sample's kind to its signer, and by which outcome
WAY = (("thotsop", "submit"), ("sommut", "pass"), ("tuayang", "pass"), ("phatsadu", "pass"),
       ("wichan", "pass"))  # fmt: skip


def at_the_signer(world: World, **changes: Any) -> tuple[dict[str, Any], str]:
    """A letter that went by REST to its signer, and the task that signs it."""
    words = sample("S01", **{"subject": "แจ้งผลการประชุม", **changes})
    letter = world.post("/documents", words, as_="thotsop").json
    for who, outcome in WAY:
        done = world.post(
            f"/tasks/{_task(world, letter, who)}/complete", {"outcome": outcome}, as_=who
        )
        assert done.status_code == 200, done.text
    return letter, _task(world, letter, "somying")


def signed(world: World, **changes: Any) -> dict[str, Any]:
    """A letter that went the whole way by REST: as its drafter reads it then."""
    letter, task = at_the_signer(world, **changes)
    (pin,) = [one.pin for one in OFFICIALS if one.username == "somying"]
    proof = {"authorization": {"method": "pin", "code": pin}}
    done = world.post(f"/tasks/{task}/complete", proof, as_="somying")
    assert done.status_code in {200, 202}, done.text
    work_off(world)
    return dict(world.get(f"/documents/{letter['id']}", as_="thotsop").json)


def _task(world: World, letter: dict[str, Any], who: str) -> str:
    found = world.get(f"/process-instances/{letter['instance_id']}", as_=who).json["tasks"]
    (task,) = [one["id"] for one in found if one["state"] in {"open", "claimed"}]
    return str(task)


def work_off(world: World) -> None:
    """Run the jobs that are due, and those that follow from them."""
    for _ in range(20):
        due_now = sa.and_(job.c.state == "waiting", job.c.due_at <= world.clock.now())
        with reading(world.system.engine) as db:
            due: list[UUID] = list(db.scalars(sa.select(job.c.id).where(due_now)))
        if not sum(jobs.run_job(world.system.bus, one) for one in due):
            return
