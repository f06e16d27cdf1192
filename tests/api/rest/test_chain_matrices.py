"""The approval matrix for other systems: kept, judged and tried by /approval-chains."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
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


def test_a_chain_goes_out_with_its_tables_and_forms_and_is_deployed_from_it(world: Any) -> None:
    path, content = kept(world, APPROVALS)
    out = world.get(f"{path}/zip", as_="admin")
    assert (out.status_code, out.mimetype) == (200, "application/zip")
    assert f"filename={content['key']}.zip" in out.headers["Content-Disposition"]
    made = world.call(
        "POST", "/deployments", as_="admin", data={"files": [(BytesIO(out.data), "a.zip")]},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert made.status_code == 201, made.text
    (one,) = made.json["definitions"]
    assert one["key"] == content["key"]
    assert world.get(f"/process-definitions/{one['id']}/zip", as_="admin").data == out.data
    opened = world.post("/approval-chains/open", {"definition_id": one["id"]}, as_="admin").json
    assert world.get(f"/approval-chains/{opened['id']}", as_="admin").json["content"] == content
    for as_, status in (("clerk", 403), ("stranger", 404)):
        assert world.get(f"{path}/zip", as_=as_).status_code == status
    empty = world.post(CHAINS, {"name": "ว่าง"}, as_="admin").json["id"]
    refused = world.get(f"{CHAINS}/{empty}/zip", as_="admin")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "no_steps")
