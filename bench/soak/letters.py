"""Letters for the signer's desk, each walked there over HTTP: drafted, read, checked, endorsed."""

from __future__ import annotations

import asyncio
from typing import Any

from support.samples import sample

from bench.soak.client import Ask, Client
from bench.soak.house import House

#: So many letters are on their way at once.
AT_ONCE = 6
_WAY = (
    ("sommut", "pass"), ("tuayang", "pass"), ("phatsadu", "pass"), ("wichan", "pass"),
)  # fmt: skip


async def prepare(client: Client, house: House, count: int) -> list[str]:
    """The signing tasks of so many letters."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> str:
        async with gate:
            return await _letter(client, house, number)

    return list(await asyncio.gather(*map(one, range(count))))


async def _letter(client: Client, house: House, number: int) -> str:
    subject = f"ขอเชิญเป็นวิทยากร ครั้งที่ {number}"
    created = await _post(client, house, "thotsop", "/documents", sample("S01", subject=subject))
    task, instance = created["next"][0]["id"], created["instance_id"]
    for who, outcome in (("thotsop", "submit"), *_WAY):
        await _post(client, house, who, f"/tasks/{task}/complete", {"outcome": outcome})
        task = await _open_task(client, house, instance)
    return task


async def _open_task(client: Client, house: House, instance: str) -> str:
    path, headers = f"/api/v1/process-instances/{instance}", _headers(house, "thotsop")
    reply = await client.send(Ask("GET", path, headers))
    assert reply.good, reply
    return next(str(task["id"]) for task in reply.json()["tasks"] if task["state"] == "open")


async def _post(client: Client, house: House, who: str, path: str, body: Any) -> Any:
    reply = await client.send(Ask("POST", f"/api/v1{path}", _headers(house, who), body))
    assert reply.good, (path, who, reply)
    return reply.json()


def _headers(house: House, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.tokens[who]}"}
