"""Workers that fail in every way there is, and what their work must have left.

A token waits for `test.act`; its report wants `test.tail`, for which none waits; and that one's
report wants `test.echo`. So each report that counts leaves one row, which names the job.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from support.builders import Works
from support.simulation.nemesis import Died

from engine import jobs
from engine.bus import Context
from engine.commands.jobs import LeaseJob, ReportJob, want_job
from engine.errors import Rejected
from engine.models.job import CANCELLED, DONE, LEASED, WAITING, job
from engine.ports import Action, JobFailed, JobInput, JobOutput

_WANTS = {"test.act": "test.tail", "test.tail": "test.echo"}


def _output(job_id: UUID, action: str) -> JobOutput:
    if action not in _WANTS:
        return JobOutput()

    def effect(ctx: Context) -> Mapping[str, Any]:
        want_job(ctx, _WANTS[action], {"text": str(job_id)})
        return {}

    return JobOutput({"by": str(job_id)}, effect=effect)


@dataclass
class Workers:
    chance: random.Random
    works: Works = field(init=False)
    #: leases of workers that sleep: (job, attempt)
    asleep: list[tuple[UUID, int]] = field(default_factory=list)
    healthy: bool = False

    def actions(self) -> list[Action]:
        known, text = self._act, frozenset({"text"})
        return [Action(name, known, text, max_attempts=4, drawn=True) for name in _WANTS]

    def _act(self, given: JobInput) -> JobOutput:
        match None if self.healthy else self.chance.randrange(14):
            case 0:
                raise Died("worker")
            case 1 | 2:
                self.asleep.append((given.job_id, given.attempt))
                raise Died("for as long as it sleeps")
            case 6:
                raise JobFailed("no line")
            case 3:
                raise JobFailed("never", retry=False)
            case 4:
                raise JobFailed("wrong", error_code="E1")
            case 5:
                raise ValueError("a bug")
            case _:
                return _output(given.job_id, given.action)

    # -- steps --------------------------------------------------------------------------------

    def work(self) -> None:
        """Whatever was rung for, in any order, some of it twice."""
        rung, self.works.bell.rung = self.works.bell.rung, []
        rung += self.chance.sample(rung, len(rung) // 3)
        self.chance.shuffle(rung)
        for job_id in rung:
            self.run(job_id)

    def run(self, job_id: UUID) -> None:
        try:
            jobs.run_job(self.works.bus, job_id)
        except (Died, Rejected):
            return  # a lost lease, or the database was away: rq would log it

    def fall_asleep(self) -> None:
        """A worker takes a job and is stopped before it reports."""
        waiting = sorted(row.id for row in self.works.rows(job, job.c.state == WAITING))
        if not waiting:
            return
        chosen = self.chance.choice(waiting)
        try:
            lease = self.works.run(LeaseJob(chosen), "system")
        except (Died, Rejected):
            return
        if lease["leased"]:
            self.asleep.append((chosen, lease["attempt"]))

    def wake(self) -> None:
        if not self.asleep or self.chance.random() < 0.5:
            return
        job_id, attempt = self.asleep.pop(self.chance.randrange(len(self.asleep)))
        (row,) = self.works.rows(job, job.c.id == job_id)
        output = _output(job_id, row.action)
        if row.action.startswith("engine."):
            return  # its own effect is not ours to make: it never wakes
        try:
            report = ReportJob(job_id, attempt, output.variables, output.effect)
            self.works.run(report, "system")
        except (Died, Rejected):
            return

    # -- what must be true --------------------------------------------------------------------

    def broken(self) -> Iterator[str]:
        rows = self.works.rows(job)
        left = Counter(row.payload.get("text") for row in rows)
        for row in rows:
            wanted = int(row.state == DONE and row.action in _WANTS and not row.last_error)
            if left[str(row.id)] != wanted:
                yield f"I9 {row.action} {row.id}: {row.state}, but {left[str(row.id)]} effects"
            if row.state in (WAITING, LEASED):
                yield f"I9 job {row.id} ({row.action}) was forgotten: {row.state}"

    def undelivered(self) -> Counter[str]:
        """Messages by name that a job has still to carry, or will not."""
        rows = self.works.rows(job, job.c.action == "engine.send_message")
        return Counter(row.payload["name"] for row in rows if row.state not in (DONE, CANCELLED))
