"""The heat of a version over HTTP: what waits where, for those who keep the process."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:saraban="urn:saraban:bpmn:1.0" targetNamespace="urn:t">
 <process id="{key}" isExecutable="true"><startEvent id="s"/>
 <userTask id="do"><extensionElements><saraban:assignment kind="starter"/></extensionElements>
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
    assert ministry.get(f"{address}?days=0", as_="admin").status_code == 422
    unknown = f"/process-definitions/{uuid4()}/heat"
    assert ministry.get(unknown, as_="admin").status_code == 404
