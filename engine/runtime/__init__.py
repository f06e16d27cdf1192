"""The single door to SpiffWorkflow: bundles in, advances out. Nothing of Spiff leaves this room."""

from __future__ import annotations

from engine.runtime.advance import (
    change_list,
    complete_job,
    complete_task,
    correlate,
    fire_timer,
    retry,
    set_variables,
    start,
    throw_error,
)
from engine.runtime.assigned import Assigned, assigned
from engine.runtime.bundle import (
    Bundle,
    ProcessInfo,
    UserTaskInfo,
    bundle_cache,
    bundle_hash,
    check,
    compile_bundle,
    load_bundle,
    variable_names,
)
from engine.runtime.conditions import Asked, ask_start
from engine.runtime.errors import CorruptState, TokenGone
from engine.runtime.foresight import Foresight, Listed, Ringing
from engine.runtime.lint.deployment import start_taken
from engine.runtime.migration.values import Fate, Migration
from engine.runtime.migration.verb import migrate
from engine.runtime.moments import first_moment, next_moment
from engine.runtime.outline import ElementFact, FlowFact, Outline, outline
from engine.runtime.reading import Unreadable, read_xml
from engine.runtime.reading_files import Files, Reading, read_files
from engine.runtime.resting import Resting, resting
from engine.runtime.starts import StartEvent
from engine.runtime.values import Advance, Surroundings

__all__ = [
    "Advance",
    "Asked",
    "Assigned",
    "Bundle",
    "CorruptState",
    "ElementFact",
    "Fate",
    "Files",
    "FlowFact",
    "Foresight",
    "Listed",
    "Migration",
    "Outline",
    "ProcessInfo",
    "Reading",
    "Resting",
    "Ringing",
    "StartEvent",
    "Surroundings",
    "TokenGone",
    "Unreadable",
    "UserTaskInfo",
    "ask_start",
    "assigned",
    "bundle_cache",
    "bundle_hash",
    "change_list",
    "check",
    "compile_bundle",
    "complete_job",
    "complete_task",
    "correlate",
    "fire_timer",
    "first_moment",
    "load_bundle",
    "migrate",
    "next_moment",
    "outline",
    "read_files",
    "read_xml",
    "resting",
    "retry",
    "set_variables",
    "start",
    "start_taken",
    "throw_error",
    "variable_names",
]
