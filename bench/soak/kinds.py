"""What people do all day: complete tasks, look whether there is something new, search, sign."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import uuid4

from bench.soak import people
from bench.soak.cases import WORDS
from bench.soak.client import Ask, Client, Reply
from bench.soak.house import House
from office.demo.secrets import PINS

#: Seconds between two polls of one inbox page.
POLL_EVERY = 20
SIGNER = "somying"


@dataclass(frozen=True, slots=True)
class Kind:
    """`goal`: so many a second, and the milliseconds that 99 of 100 answers stay under."""

    name: str
    rate: float
    p99: float
    act: Callable[[], Awaitable[Reply]]


@dataclass
class Crowd:
    """The people at work. Each act sends one request."""

    client: Client
    house: House
    letters: list[str]
    online: int
    chance: random.Random = field(default_factory=lambda: random.Random(42))
    _etags: dict[int, str] = field(default_factory=dict)
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _search: Iterator[int] = field(default_factory=itertools.count)

    async def complete(self) -> Reply:
        """The next of the tasks that wait, by one who may."""
        task = self.house.waiting.pop()
        body = {"variables": {}, "comment": "เห็นชอบ"}
        path = f"/api/v1/tasks/{task.task_id}/complete"
        return await self._call("POST", path, people.token(task.who), body)

    async def poll(self) -> Reply:
        """The next of the open inbox pages asks whether anything is new."""
        n = next(self._turn) % self.online
        who = n * (self.house.people // self.online) % self.house.people
        headers = {"Cookie": f"saraban={people.cookie(who)}"}
        if n in self._etags:
            headers["If-None-Match"] = self._etags[n]
        reply = await self.client.send(Ask("GET", "/inbox/live?view=mine", headers))
        if "etag" in reply.headers:
            self._etags[n] = reply.headers["etag"]
        return reply

    async def open_pages(self) -> None:
        """Everybody opens their inbox page, one after the other: a day's load begins with pages
        that are open. RuntimeError for one that does not come.
        """
        for n in range(self.online):
            reply = await self.poll()
            if not reply.good:
                raise RuntimeError(f"page {n}: {reply.status} {reply.body[:400]!r}")

    def forget(self) -> None:
        """All pages are opened anew: the next poll of each is answered in full."""
        self._etags.clear()

    async def search(self) -> Reply:
        """In turn: one's own tasks, those done, cases, people, letters, the register of letters."""
        word = quote(self.chance.choice(WORDS))
        who = people.token(self.chance.randrange(self.house.people))
        number = f"{self.chance.randrange(1000):03}"
        paths = (
            f"/api/v1/tasks?view=mine,claimable&q={word}",
            f"/api/v1/tasks?view=done&q={word}",
            f"/api/v1/process-instances?q={word}",
            f"/api/v1/people?q={people.username(0)[:5]}{number}",
            f"/api/v1/documents?q={quote('วิทยากร')}",
            f"/api/v1/registers/send?q={quote('วิทยากร')}",
        )
        turn = next(self._search) % len(paths)
        if turn >= len(paths) - 2:
            who = self.house.tokens["thotsop"]
        return await self._call("GET", paths[turn], who)

    async def sign(self) -> Reply:
        """The next letter on the signer's desk, signed with their own key."""
        body = {"outcome": "sign", "authorization": {"method": "pin", "code": PINS[SIGNER]}}
        path = f"/api/v1/tasks/{self.letters.pop()}/complete"
        return await self._call("POST", path, self.house.tokens[SIGNER], body)

    async def _call(self, method: str, path: str, token: str, body: object = None) -> Reply:
        headers = {"Authorization": f"Bearer {token}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        return await self.client.send(Ask(method, path, headers, body))
