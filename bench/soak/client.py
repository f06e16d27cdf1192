"""A lean HTTP client for one address: keep-alive lines, as many as there are calls at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Seconds after which an answer does not matter any more.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `body` is sent as JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None

    def as_bytes(self) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body is not None:
            lines.append("Content-Type: application/json")
        lines += [f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300 or self.status == 304

    @property
    def put_off(self) -> bool:
        """Whether the server was too busy for it, changed nothing and says when to come again."""
        return self.status == 503 and "retry-after" in self.headers

    def json(self) -> Any:
        return json.loads(self.body)


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Client:
    port: int
    _idle: list[Line] = field(default_factory=list)

    async def send(self, ask: Ask) -> Reply:
        """The answer; OSError or TimeoutError where there is none."""
        async with asyncio.timeout(PATIENCE):
            if self._idle:
                try:
                    return await self._over(self._idle.pop(), ask)
                except (ConnectionError, asyncio.IncompleteReadError):
                    pass  # the server had closed the idle line: as browsers do, once on a new one
            return await self._over(await asyncio.open_connection("127.0.0.1", self.port), ask)

    async def _over(self, line: Line, ask: Ask) -> Reply:
        reader, writer = line
        whole = False
        try:
            writer.write(ask.as_bytes())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in _fields(head[1:])}
            reply = Reply(int(head[0].split()[1]), headers, await _body(reader, headers))
            whole = headers.get("connection", "").lower() != "close"
        finally:
            if whole:
                self._idle.append(line)
            else:
                writer.close()
        return reply

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


def _fields(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.partition(": ") for line in lines if line]


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    return await reader.readexactly(int(headers.get("content-length", 0)))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        found += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return found
