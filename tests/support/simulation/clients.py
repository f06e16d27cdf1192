"""People and systems that ask: what they were told, and what must therefore be in the database."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from support.builders import Works
from support.simulation.nemesis import Died

from engine import jsonio
from engine.commands.messages import SendMessage
from engine.commands.tasks import ClaimTask, UnclaimTask
from engine.errors import Rejected, Unavailable
from engine.models.history import history_event
from engine.models.waiting import message_buffer

#: What the event of an accepted claim is called; it carries no mark, so these are counted.
_COUNTED = {ClaimTask: "task.claimed", UnclaimTask: "task.unclaimed"}


@dataclass
class Asked:
    """One command of one client. `outcome`: ok, refused, or unknown, as the client knows it.

    The event `witness`, and only one, carries the mark if it was accepted.
    """

    command: Any
    who: str
    id: UUID
    mark: str
    witness: str | None
    at: datetime
    outcome: str = "unknown"
    answer: Mapping[str, Any] | None = None


@dataclass
class Clients:
    works: Works
    chance: random.Random
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def mark(self) -> str:
        return f"m{len(self.asked)}m"

    def ask(self, command: Any, who: str, witness: str | None = None) -> Asked:
        one = Asked(command, who, uuid4(), self.mark(), witness, self.works.clock.now())
        self.asked.append(one)
        self.send(one)
        return one

    def send(self, one: Asked) -> None:
        """Once more, where it was sent before: with the same id."""
        known = one.outcome == "ok"
        try:
            answer = self.works.run(one.command, one.who, one.id)
        except (Died, Unavailable):
            return
        except Rejected as refused:
            if known:
                self.wrong.append(f"I10 {one} was accepted, and its repeat refused: {refused}")
            else:
                one.outcome = "refused"
            return
        if known and answer != one.answer:
            self.wrong.append(f"I10 {one} was answered otherwise: {answer}")
        one.outcome, one.answer = "ok", answer

    def repeat(self) -> None:
        """An impatient client, or one who does not know: again, whatever happened meanwhile."""
        again = [one for one in self.asked if one.outcome != "refused"]
        if again:
            self.send(self.chance.choice(again))

    def settle(self) -> None:
        """In the end everybody wants to know."""
        for one in self.asked:
            if one.outcome == "unknown":
                self.send(one)

    # -- what must be true --------------------------------------------------------------------

    def broken(self) -> Iterator[str]:
        yield from self.wrong
        events = self.works.rows(history_event)
        yield from self._marked(events)
        yield from self._counted(events)

    def _marked(self, events: Any) -> Iterator[str]:
        found: Counter[tuple[str, str]] = Counter()
        for row in events:
            for mark in {word for word in row.data.split('"') if word[:1] == "m" == word[-1:]}:
                found[mark, row.type] += 1
        for row in self.works.rows(message_buffer):
            found[str(row.variables.get("mark")), "message.correlated"] += 1
        for one in self.asked:
            wanted = int(one.outcome == "ok")
            seen = found[one.mark, one.witness] if one.witness else wanted
            if one.outcome == "unknown" or seen != wanted:
                yield f"I5 {one.outcome} was told, but the effect is there {seen} times: {one}"

    def _counted(self, events: Any) -> Iterator[str]:
        """Whoever claims what they hold changes nothing: of claims there are at most so many."""
        told = Counter(
            (_COUNTED[type(one.command)], one.command.task_id)
            for one in self.asked
            if one.outcome == "ok" and type(one.command) in _COUNTED
        )
        seen = Counter((row.type, row.task_id) for row in events if row.type in _COUNTED.values())
        for what in {*told, *seen}:
            least, most = told[what], told[what]
            if what[0] == "task.claimed":
                least = 0
            if not least <= seen[what] <= most:
                yield f"I5 {what} was told {told[what]} times, and is there {seen[what]} times"

    def sent(self) -> Counter[str]:
        """Accepted messages by name."""
        done = [one for one in self.asked if one.outcome == "ok"]
        return Counter(one.command.name for one in done if isinstance(one.command, SendMessage))


def thrown_and_heard(works: Works) -> tuple[Counter[str], Counter[str]]:
    """Messages by name, as history tells: those thrown, and those that reached a token or start."""
    found: dict[str, Counter[str]] = {"message.thrown": Counter(), "message.correlated": Counter()}
    for row in works.rows(history_event, history_event.c.type.in_(list(found))):
        found[row.type][jsonio.loads(row.data)["name"]] += 1
    return found["message.thrown"], found["message.correlated"]
