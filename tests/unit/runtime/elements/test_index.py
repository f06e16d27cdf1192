"""The index: every element of BPMN that runs has a test here that bears its name.

`pytest tests/unit/runtime/elements -k boundary_event_timer` finds what a timer boundary event does.
The names are those of the standard's XML, in lower case; what does not run is in
`test_refusals.py`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.runtime.parse import names
from engine.runtime.parse.events import RUNS

TESTS = [
    node.name.removeprefix("test_")
    for file in Path(__file__).parent.glob("test_*.py")
    for node in ast.parse(file.read_text()).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
]


def snake(tag: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", tag).lower()


EVENTS = [f"{snake(node)}_{kind}" for kind, nodes in RUNS.items() for node in nodes]
PLAIN = ["start_event_none", "intermediate_throw_event_none", "end_event_none"]
BESIDE = [
    f"{place}_{kind}_not_interrupting"
    for place in ("boundary_event", "event_sub_process")
    for kind in ("message", "signal", "timer", "conditional", "escalation")
]
TRIGGERS = [
    f"event_sub_process_{kind}"
    for kind in ("message", "signal", "timer", "conditional", "escalation", "error")
]
ONLY_IN_EVENT_SUB_PROCESSES = {f"start_event_{k}" for k in ("escalation", "error")}
REPETITIONS = [
    "standard_loop_characteristics", "standard_loop_test_before", "standard_loop_maximum",
    "multi_instance_parallel", "multi_instance_sequential", "multi_instance_loop_cardinality",
    "multi_instance_loop_data", "multi_instance_completion_condition",
]  # fmt: skip
GATEWAYS = [
    "parallel_gateway_split_and_join", "inclusive_gateway_join_in_a_loop",
    *(f"event_based_gateway_{kind}" for kind in ("message", "signal", "timer", "conditional")),
    "event_based_gateway_receive_task",
]  # fmt: skip
FLOWS = ["sequence_flow", "conditional_flow", "default_flow"]
DATA = ["data_object", "data_store", "data_input", "data_association", "property"]
AROUND = ["collaboration", "participant", "message_flow", "lane", "text_annotation", "group",
          "association"]  # fmt: skip

WANTED = [
    *(snake(tag) for tag in names.ACTIVITIES | names.GATEWAYS), *EVENTS, *PLAIN, *BESIDE,
    *TRIGGERS, *REPETITIONS, *GATEWAYS, *FLOWS, *DATA, *AROUND,
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(WANTED) - ONLY_IN_EVENT_SUB_PROCESSES))
def test_is_found_by_its_name(name: str):
    assert [one for one in TESTS if one == name or one.startswith(f"{name}_")]
