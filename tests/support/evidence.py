"""Evidence files: made of a case, taken apart, changed, and packed again as a forger would."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from support.ministry import Ministry

from api.evidence import Made, Sources, make
from api.evidence.container import Writer
from api.evidence.manifest import HISTORY, MANIFEST, SEAL, seal_of
from engine.jsonio import canonical
from office.documents.commands import Attach
from office.files.uploads import receive


def made_of(ministry: Ministry, root: UUID, by: str = "system") -> tuple[bytes, Made]:
    out = io.BytesIO()
    made = make(Sources.of(ministry.bus), ministry.actor(by), out, lambda _db: root)
    return out.getvalue(), made


def enclose(ministry: Ministry, document_id: UUID, content: bytes = b"one,two\n") -> None:
    file = receive(ministry.desk.storage, ministry.agency_id, content, "list.csv")
    ministry.do(Attach(document_id, file, "รายชื่อ", "๑ ฉบับ"), "thotsop")


def entries_of(data: bytes) -> dict[str, bytes]:
    """As any tool unpacks it."""
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def packed(entries: Mapping[str, bytes]) -> bytes:
    """In good form, the seal as it is given."""
    out = io.BytesIO()
    writer = Writer(out)
    for name in sorted(entries):
        writer.add(name, entries[name])
    writer.close()
    return out.getvalue()


def forged(data: bytes, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> bytes:
    """Changed by somebody careful: the manifest lists the new hashes, and is sealed anew."""
    entries = entries_of(data)
    told = json.loads(entries[MANIFEST])
    change(entries, told)
    told["files"] = {
        name: {"sha256": hashlib.sha256(held).hexdigest(), "size": len(held)}
        for name, held in entries.items()
        if name not in (MANIFEST, SEAL)
    }
    entries[MANIFEST] = json.dumps(told, ensure_ascii=False).encode()
    entries[SEAL] = seal_of(entries[MANIFEST]).encode()
    return packed(entries)


def history_of(entries: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in entries[HISTORY].splitlines()]


def written(events: list[dict[str, Any]]) -> bytes:
    return b"".join(canonical(event) + b"\n" for event in events)
