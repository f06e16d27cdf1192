"""Processes of tasks one after another, deployed over HTTP: versions to go from and to."""

from __future__ import annotations

import io
from typing import Any

_BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 targetNamespace="urn:t"><process id="{key}" isExecutable="true"><startEvent id="s"/>{tasks}
 <endEvent id="e"/>{flows}</process></definitions>"""


def deploy(world: Any, key: str, *tasks: str, as_: str = "admin") -> str:
    """A process of tasks one after another; its definition's id."""
    ways = zip(("s", *tasks), (*tasks, "e"), strict=True)
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ways
    )
    drawn = "".join(f'<userTask id="{task}"/>' for task in tasks)
    source = _BPMN.format(key=key, tasks=drawn, flows=flows).encode()
    made = world.call(
        "POST", "/deployments", as_=as_, data={"files": [(io.BytesIO(source), "a.bpmn")]},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert made.status_code == 201, made.text
    return str(made.json["definitions"][0]["id"])
