"""Steps of composed chains, and people who do them."""

from __future__ import annotations

from dataclasses import replace

from support.builders import Case, TaskHandle

from engine.models.task import task
from office.chains import words
from office.chains.model import Ask, Who

NO = "เพราะไม่ตรงระเบียบ"


def ask(id_: str, person: str, **more: object) -> Ask:
    refusal = more.get("refusal", "none") != "none"
    made = Ask(
        id_, "approve", id_, Who("named", (f"person:{person}",)),
        words.outcomes_of("approve", refusal=refusal),
    )  # fmt: skip
    return replace(made, **more)


def say(case: Case, element: str, *words: tuple[str, str]) -> None:
    """Each of them says it of this step, in turn."""
    for who, outcome in words:
        reason = NO if outcome == "refuse" else None
        live = case.works.rows(
            task, task.c.root_id == case.id, task.c.element_id == element, task.c.state == "open"
        )
        mine = next(row for row in live if row.candidates[0]["id"] == who)
        TaskHandle(case, mine.id, who).complete(outcome, reason)
