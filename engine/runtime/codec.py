# ruff: noqa: SLF001 - rows are exactly the private fields of Spiff's tasks
"""The stored state of an instance: compact rows of live tokens, nothing of the diagram.

Layout: one byte version, four bytes CRC, then MessagePack. The CRC also covers the instance id and
the bundle's hash, so a state can only be read by the instance and with the diagram it belongs to.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine import jsonio
from engine.feel import FeelError
from engine.feel import values as feel_values
from engine.runtime.errors import CorruptState
from engine.runtime.instance import Instance
from engine.runtime.places.place import Place

VERSION = 1
_HEAD = 5
#: what rows that no engine has written may raise while they are read
_DAMAGE = (LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError,
           RecursionError, FeelError)  # fmt: skip
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def encode(instance: Instance, sha256: str) -> bytes:
    """Parents stand before children; a place is named once and then counted."""
    names: dict[str, int] = {}
    index: dict[UUID, int] = {}
    rows = []
    for number, (id_, token) in enumerate(instance.tasks.items()):
        index[id_] = number
        name = names.setdefault(token.task_spec.name, len(names))
        inner = pack(token.internal_data) if token.internal_data else 0
        rows.append([id_.bytes, index.get(token._parent, -1), name, token._state, inner])
    body = _encode([list(names), rows])
    return bytes([VERSION]) + _crc(body, instance.around.instance_id, sha256) + body


def decode(state: bytes, instance: Instance, places: Mapping[str, Place], sha256: str) -> None:
    """Fill an empty instance with the tokens of a stored state."""
    body = _checked(state, instance.around.instance_id, sha256)
    try:
        names, rows = _decode(body)
        known = [places[name] for name in names]
        tokens: list[Any] = []
        for row in rows:
            tokens.append(_token(instance, row, known, tokens))
        instance.task_tree = tokens[0]
    except _DAMAGE as error:
        raise CorruptState(f"Expected the rows of a state, but: {error!r:.200}.") from None
    instance.spec = tokens[0].task_spec.process_spec


def _checked(state: bytes, instance_id: str, sha256: str) -> bytes:
    if len(state) <= _HEAD or state[0] != VERSION:
        raise CorruptState(f"Expected a state of version {VERSION}, but got other bytes.")
    body = state[_HEAD:]
    if state[1:_HEAD] != _crc(body, instance_id, sha256):
        raise CorruptState(
            "Expected the state that this instance stored with this diagram, but the checksum "
            "differs: it is damaged, or another's."
        )
    return body


def _crc(body: bytes, instance_id: str, sha256: str) -> bytes:
    bound = zlib.crc32(f"{instance_id}|{sha256}".encode())
    return zlib.crc32(body, bound).to_bytes(4, "big")


def _token(instance: Instance, row: list[Any], known: list[Place], tokens: list[Any]) -> Any:
    """Built without Task.__init__, which would draw a new id and notify the parent."""
    id_, parent, name, state, inner = row
    token = Task.__new__(Task)
    token.id, token.workflow, token.task_spec = UUID(bytes=id_), instance, known[name]
    token._state, token._children, token.data = state, [], {}
    token.internal_data = unpack(inner) if inner else {}
    token.triggered, token.thread_id, token.last_state_change = False, 0, time.time()
    token._parent = tokens[parent].id if parent >= 0 else None
    if parent >= 0:
        tokens[parent]._children.append(token.id)
    instance.tasks[token.id] = token
    return token


def new_root(instance: Instance, place: Place) -> Any:
    instance.task_tree = Task(instance, place, state=TaskState.STARTED)
    return instance.task_tree


# -- values -----------------------------------------------------------------------------------

_INT64 = 1 << 63


def pack(value: Any) -> Any:
    """FEEL values as MessagePack: what it has no type for becomes an extension with its text."""
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if -_INT64 <= value < _INT64 else _ext(1, str(value))
    if isinstance(value, Mapping):
        return {key: pack(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [pack(inner) for inner in value]
    return _pack_rich(value)


def _pack_rich(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _ext(2, str(value))
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return _ext(3, value.isoformat())
    return _ext(4, jsonio.dumps(feel_values.pack(value)))


def _ext(code: int, text: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, text.encode())


def unpack(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unpack(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unpack(inner) for inner in value]
    if isinstance(value, msgspec.msgpack.Ext):
        return _RICH[value.code](bytes(value.data).decode())
    return value


_RICH: Mapping[int, Callable[[str], Any]] = {
    1: int,
    2: Decimal,
    3: datetime.fromisoformat,
    4: lambda text: feel_values.unpack(jsonio.loads(text)),
}
