"""Any block-structured process, completed in any order, does what its blocks mean.

Every step stores the instance and loads it again, so the codec and the pruning are in it too.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from support.blocks import DONE, Ran, draw, open_in
from support.blocks import given as variables_of
from support.diagrams import bpmn, end, path, process, start
from support.nights import by_night
from support.random_blocks import any_block
from support.walking import Walk, compiled

DEPTH, BACKS = 3, 2


@pytest.mark.timeout(3_000)
@settings(
    max_examples=by_night(200, 5_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_the_runtime_agrees_with_the_oracle(data: st.DataObject):
    model = data.draw(any_block(DEPTH))
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
