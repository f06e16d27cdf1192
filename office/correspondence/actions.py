"""What service tasks and jobs may ask of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from engine.bus import Context
from engine.db import reading
from engine.ports import Action, JobFailed, JobInput, JobOutput
from office.correspondence.commands import DeliverLetter, SettleNumber
from office.correspondence.numbers import SETTLE
from office.correspondence.queries import sent_entry_of
from office.documents.belonging import named_letter, of_case


def actions(engine: Engine) -> list[Action]:
    """`engine` is read only; every change is an effect of the job's own report."""
    document = frozenset({"document_id"})
    number = frozenset({"number_id"})
    return [
        Action(
            "correspondence.register",
            Register(engine),
            document,
            document,
            drawn=True,
            bound=of_case,
        ),
        Action("correspondence.deliver", deliver, document, document, drawn=True, bound=of_case),
        Action(SETTLE, settle, number, number, drawn=False),
    ]


class Register:
    """The line came with the signature; this hands it to the route, or says that it is missing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            entry = sent_entry_of(db, job.agency_id, named_letter(job))
        if entry is None:
            raise JobFailed(
                "Expected a signed letter with its line in the register, but it has none there."
            )
        return JobOutput({"register_no": entry.no, "number": entry.number})


def deliver(job: JobInput) -> JobOutput:
    command = DeliverLetter(named_letter(job))

    def effect(ctx: Context) -> Mapping[str, Any]:
        answer = ctx.run(command)
        return {"delivered_to": answer["units"], "sent_outside": answer["outside"]}

    return JobOutput(effect=effect)


def settle(job: JobInput) -> JobOutput:
    command = SettleNumber(UUID(job.payload["number_id"]))

    def effect(ctx: Context) -> None:
        ctx.run(command)

    return JobOutput(effect=effect)
