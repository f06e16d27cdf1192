"""The approval matrix for other systems: kept, judged and tried by /approval-chains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from support.matrices import APPROVALS

from office.chains.model import Chain, Matrix
from office.chains.stored import dump

CHAINS = "/approval-chains"


def kept(world: Any, chain: Chain) -> tuple[str, Any]:
    key = f"matrix-{uuid4().hex[:8]}"
    made = world.post(CHAINS, {"name": "ขออนุมัติ", "key": key}, as_="admin").json["id"]
    content = dump(replace(chain, key=key))
    put = world.call("PUT", f"{CHAINS}/{made}", as_="admin", json={"content": content},
                     headers={"If-Match": '"1"'})  # fmt: skip
    assert put.status_code == 200, put.json
    return f"{CHAINS}/{made}", content


def test_a_matrix_is_kept_and_a_trial_tells_its_rules(world: Any) -> None:
    path, content = kept(world, APPROVALS)
    read = world.get(path, as_="admin").json
    assert (read["content"], read["faults"], read["remarks"]) == (content, [], [])
    assert (read["content"]["steps"][0]["card"], read["cards"][0]["step"]) == ("matrix", "whose")
    values = {"amount": 250_000, "kind": "งาน", "day": "2026-12-08", "hurry": False}
    tried = world.post(f"{path}/try", {"starter": "clerk", "values": values}, as_="admin").json
    met = [(one["step"], one["rules"], one["taken"]) for one in tried["items"]]
    assert met == [("whose", [3], "ผู้อำนวยการ"), ("director", [], "")]


def test_what_a_matrix_leaves_open_is_told(world: Any) -> None:
    (step,) = APPROVALS.steps
    assert isinstance(step, Matrix)
    chain = replace(APPROVALS, steps=(replace(step, rules=step.rules[:3]),))
    path, _content = kept(world, chain)
    read = world.get(path, as_="admin").json
    assert read["faults"] == []
    (gap,) = read["remarks"]
    assert (gap["step"], gap["code"]) == ("whose", "matrix_gap")
    assert "วงเงิน (บาท) > 500,000" in gap["english"]
