"""The heat of a version over HTTP: what waits where, for those who keep the process."""

from __future__ import annotations

import csv
from typing import Any
from uuid import uuid4

from engine.clock import SystemClock
from office.documents.thai import office_day

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:saraban="urn:saraban:bpmn:1.0" targetNamespace="urn:t">
 <process id="{key}" isExecutable="true"><startEvent id="s"/>
 <userTask id="do" name="=do">
 <extensionElements><saraban:assignment kind="starter"/></extensionElements>
 </userTask><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="do"/>
 <sequenceFlow id="g" sourceRef="do" targetRef="e"/></process></definitions>"""


def test_what_waits_where_is_told_to_those_who_keep_the_process(ministry: Any) -> None:
    key = f"heat-{uuid4().hex[:8]}"
    ministry.deploy({"a.bpmn": BPMN.format(key=key).encode()})
    cases = [
        ministry.post("/process-instances", {"definition_key": key}, as_="thotsop").json
        for _ in range(2)
    ]
    done = cases[0]["tasks"][0]["id"]
    answer = ministry.post(f"/tasks/{done}/complete", {"variables": {}}, as_="thotsop")
    assert answer.status_code == 200, answer.text
    address = f"/process-definitions/{cases[0]['definition_id']}/heat"
    found = ministry.get(f"{address}?days=7", as_="admin")
    assert found.status_code == 200, found.text
    (do,) = found.json["elements"]
    assert (do["element_id"], do["tasks"], do["waits"], do["done"]) == ("do", 1, 0, 1)
    assert do["median_seconds"] >= 0
    assert do["oldest"]
    assert ministry.get(address, as_="thotsop").status_code == 403
    assert (do["done_due"], do["done_late"], do["working_p90_seconds"] >= 0) == (0, 0, True)
    assert (found.json["versions"], found.json["more_done"]) == ([1], False)
    today = office_day(SystemClock().now()).isoformat()
    for wrong in (
        "days=0", "days=7&from=2026-01-01&to=2026-01-02", "from=2026-01-01", "versions=two",
        "from=2026-02-01&to=2026-01-01", "from=2025-01-01&to=2026-06-01", "to=1826-01-01",
    ):  # fmt: skip
        assert ministry.get(f"{address}?{wrong}", as_="admin").status_code == 422, wrong
    (do,) = ministry.get(f"{address}?from={today}&to={today}", as_="admin").json["elements"]
    assert do["done"] == 1
    early = ministry.get(f"{address}?from=2020-01-01&to=2020-02-01", as_="admin")
    assert [one["done"] for one in early.json["elements"]] == [0], "what waits now is told still"
    ministry.deploy({"a.bpmn": BPMN.format(key=key).replace("</definitions>", " </definitions>")
                     .encode()})  # fmt: skip
    newest = ministry.get(f"/process-definitions?key={key}", as_="admin").json["items"][0]["id"]
    alone = ministry.get(f"/process-definitions/{newest}/heat", as_="admin").json
    assert (alone["versions"], alone["elements"]) == ([2], [])
    both = ministry.get(f"/process-definitions/{newest}/heat?versions=all", as_="admin").json
    assert (both["versions"], both["elements"][0]["done"]) == ([2, 1], 1)
    table = ministry.get(f"{address}.csv?language=en", as_="admin")
    assert table.status_code == 200, table.text
    lines = list(csv.reader(table.data.decode("utf-8-sig").splitlines()))
    assert lines[0][:3] == ["Step", "ID", "Waiting now"]
    assert lines[1][:3] == ["'=do", "do", "1"], "no cell begins a formula"
    assert ministry.get(f"{address}.csv", as_="thotsop").status_code == 403
    unknown = f"/process-definitions/{uuid4()}/heat"
    assert ministry.get(unknown, as_="admin").status_code == 404
