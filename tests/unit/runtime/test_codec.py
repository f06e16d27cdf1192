"""The stored state: what it keeps, what it refuses, how small it is."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from support.diagrams import both, boundary, bpmn, each, end, path, process, start, timer, user
from support.walking import Walk, compiled

from engine.runtime import CorruptState, complete_task
from engine.runtime.codec import pack, unpack


def walk(**variables: object) -> Walk:
    model = bpmn(
        process("p", start("s"), both("f"), user("a"), user("r", each("who", "one")), both("j"),
                boundary("t", "a", timer(cycle="R/PT1H"), interrupting=False), end("x"), end("e"),
                path("s", "f", "a", "j", "e"), path("f", "r", "j"), path("t", "x"))
    )  # fmt: skip
    return Walk(compiled(model), variables={"who": [1, 2], **variables})


def test_it_is_small_and_says_the_same_again():
    one = walk()
    assert len(one.last.state) < 400
    state = one.last.state
    assert one.set().last.state == state


@pytest.mark.parametrize("seed", range(60))
def test_every_damage_is_noticed(seed: int):
    one, chance = walk(), random.Random(seed)
    state = bytearray(one.last.state)
    at = chance.randrange(len(state))
    state[at] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        state = state[: at + 1]
    with pytest.raises(CorruptState):
        complete_task(
            one.bundle, bytes(state), one.last.variables, one.token("a"), {}, None, one.around
        )


@pytest.mark.parametrize("state", [b"", b"\x01", b"\x02" + bytes(20), bytes(100)])
def test_other_bytes_are_refused(state: bytes):
    one = walk()
    with pytest.raises(CorruptState):
        complete_task(one.bundle, state, one.last.variables, "0" * 32, {}, None, one.around)


VALUES = [
    None, True, 0, -1, 2**63 - 1, 2**63, -(10**40), Decimal("0.10"), Decimal(10) ** 30, "ไทย", "",
    [1, [2, {"a": None}]], {"k": [Decimal("1.5")]}, date(2026, 1, 5), time(9, 30),
    datetime(2026, 1, 5, 9, 30, tzinfo=UTC), timedelta(days=-1, microseconds=5),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_locals_keep_their_exact_values(value: object):
    assert unpack(pack(value)) == value
    assert type(unpack(pack(value))) is type(value)
    kept = walk(who=[value]).complete("a")
    assert [dict(t.local)["one"] for t in kept.tasks.values()] == [value]
