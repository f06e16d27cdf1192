"""Any block-structured process, completed in any order, does what its blocks mean.

Every step stores the instance and loads it again, so the codec and the pruning are in it too.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from support.blocks import (
    DONE,
    Again,
    Both,
    Choice,
    Count,
    Each,
    Ran,
    Seq,
    Sub,
    User,
    Watched,
    draw,
    open_in,
)
from support.blocks import given as variables_of
from support.diagrams import bpmn, end, path, process, start
from support.walking import Walk, compiled

DEPTH, BACKS = 3, 2


@st.composite
def blocks(make: Any, depth: int, ids: Any) -> Any:
    id_ = f"n{next(ids)}"
    kinds = ["user", "count", "each", "watched"]
    kinds += ["seq", "xor", "some", "both", "again", "sub"] if depth else []
    kind = make(st.sampled_from(kinds))

    def inner(least: int, most: int) -> list[Any]:
        many = make(st.integers(least, most))
        return [make(blocks(depth - 1, ids)) for _ in range(many)]

    if kind == "user":
        return User(id_)
    if kind == "count":
        return Count(id_)
    if kind == "watched":
        return Watched(id_)
    if kind == "each":
        return Each(id_, make(st.integers(0, 3)), make(st.booleans()))
    if kind == "seq":
        return Seq(inner(1, 3))
    if kind in ("xor", "some"):
        ways = inner(2, 3)
        return Choice(id_, kind, ways, [make(st.booleans()) for _ in ways])
    if kind == "both":
        return Both(id_, inner(2, 3))
    return (Again if kind == "again" else Sub)(id_, inner(1, 1)[0])


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_the_runtime_agrees_with_the_oracle(data: st.DataObject):
    model = data.draw(blocks(DEPTH, count(1)))
    note(repr(model))
    drawn = draw(model)
    ends = [start("begin"), end("stop"), path("begin", drawn.first), path(drawn.last, "stop")]
    walk = Walk(
        compiled(bpmn(process("p", *ends, *drawn.xml))), variables=dict(variables_of(model))
    )
    ran = Ran()
    live, backs = ran.enter(model), 0
    while live is not DONE:
        assert walk.troubles == []
        assert walk.open == sorted(open_in(live))
        name = data.draw(st.sampled_from(walk.open))
        outcome = None
        if name.endswith("h"):
            outcome = data.draw(st.sampled_from(["back", "on"])) if backs < BACKS else "on"
            backs += outcome == "back"
        live = ran.complete(live, name, outcome)
        walk.complete(name, outcome=outcome)
    assert (walk.troubles, walk.open, walk.done) == ([], [], True)
    counted = {n: v for n, v in walk.variables.items() if n.startswith("cn")}
    assert counted == {f"c{id_}": ran.counts[id_] for id_ in (n[1:] for n in counted)}
