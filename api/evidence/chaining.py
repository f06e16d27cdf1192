"""The history of an evidence file, from its first link to its head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.evidence.container import Broken
from api.evidence.manifest import HISTORY, Event, Manifest, decode_event, hashed
from engine.models.history import genesis, link


@dataclass(frozen=True, slots=True)
class Chain:
    """The events up to the first that is wrong; `findings` say what and where."""

    events: Sequence[Event]
    findings: Sequence[str]


def read_chain(data: bytes, manifest: Manifest) -> Chain:
    """Recompute every link. Nothing is proven after a wrong event: it is the last that is told."""
    events: list[Event] = []
    try:
        for event in _linked(data, manifest):
            events.append(event)
    except Broken as broken:
        return Chain(events, [broken.message])
    return Chain(events, list(_ending(events, manifest)))


def _linked(data: bytes, manifest: Manifest) -> Iterator[Event]:
    before = genesis(manifest.agency.id, manifest.root)
    members = {one.id for one in manifest.processes}
    for number, line in enumerate(data.splitlines(), 1):
        event = decode_event(number, line)
        where = f"{HISTORY} line {number}"
        if event.seq != number:
            raise Broken(
                f"{where}: expected event {number}, but it is event {event.seq}: one is missing,"
                " or their order was changed."
            )
        before = link(before, hashed(event))
        if before.hex() != event.hash:
            raise Broken(f"{where}: event {number} is not as it was written.")
        if event.instance_id not in members:
            raise Broken(f"{where}: event {number} is of a process that is not of this case.")
        yield event


def _ending(events: Sequence[Event], manifest: Manifest) -> Iterator[str]:
    told = manifest.history
    if len(events) != told.events:
        yield f"{HISTORY}: {told.events} events were written, but {len(events)} are there."
    elif not events or events[-1].hash != told.head:
        yield f"{HISTORY}: the last event is not the head of the case's chain."
