"""Rules about a deployment as a whole: what its files are, and that something in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime.lint.rule import Expected
from engine.runtime.reading_files import FORM, Reading
from engine.runtime.starts import StartEvent, starts_of


def something_runs(reading: Reading, _: Expected) -> Iterator[Problem]:
    """nothing_deployed, not_executable"""
    if not reading.diagrams and not reading.decisions and not reading.problems:
        yield _whole(
            "",
            "nothing_deployed",
            "Expected a .bpmn or .dmn file in the deployment, but there is none.",
            "Add the diagram.",
        )
    for diagram in reading.diagrams:
        if diagram.problems and not diagram.processes:
            continue  # unreadable: said already
        if not any(process.executable for process in diagram.processes):
            yield _whole(
                diagram.file,
                "not_executable",
                "Expected a process that can be executed, but the file has none.",
                'Set isExecutable="true" on the process.',
            )


def once(reading: Reading, _: Expected) -> Iterator[Problem]:
    """duplicate_process"""
    seen: dict[str, str] = {}
    for diagram in reading.diagrams:
        for process in diagram.processes:
            if process.id in seen:
                yield Problem(
                    diagram.file,
                    process.line,
                    process.id,
                    "id",
                    "duplicate_process",
                    f"Expected process ids to be unique, but “{process.id}” is in "
                    f"{seen[process.id]} as well.",
                    "Give one of the two another id.",
                )
            seen[process.id] = diagram.file


def one_receiver(reading: Reading, _: Expected) -> Iterator[Problem]:
    """start_taken"""
    seen: dict[str, str] = {}
    for process in reading.processes.values():
        messages = [start for start in starts_of(process) if start.kind == "message"]
        for start in messages if process.executable else ():
            if seen.setdefault(start.name, process.id) != process.id:
                yield start_taken(process.file, start, seen[start.name])


def start_taken(file: str, start: StartEvent, by: str) -> Problem:
    """A message has one receiver, so it starts one process."""
    return Problem(
        file,
        start.line,
        start.element_id,
        "messageRef",
        "start_taken",
        f"Expected a message that starts no other process, but “{start.name}” starts “{by}”.",
        "Name the message differently, or remove the start event there and deploy that first.",
    )


def forms(reading: Reading, expected: Expected) -> Iterator[Problem]:
    """Form"""
    for file, source in reading.form_files.items():
        for pointer, message, mend in expected.forms.check(file, source):
            yield Problem(file, 0, None, pointer, "form", message, mend)


def models(reading: Reading, _: Expected) -> Iterator[Problem]:
    """missing_import, unknown_reference, requirement_cycle, no_logic, unknown_type, output_names,
    unknown_variable
    """
    yield from reading.decisions.findings()


def known_files(reading: Reading, _: Expected) -> Iterator[Problem]:
    """unknown_file"""
    for file in reading.others:
        yield _whole(
            file,
            "unknown_file",
            f"Expected files named .bpmn, .dmn or {FORM}, but {file!r} is none of them.",
            "Rename it, or leave it out.",
        )


def _whole(file: str, code: str, message: str, mend: str) -> Problem:
    return Problem(file, 0, None, None, code, message, mend)


RULES = (something_runs, once, one_receiver, forms, models, known_files)
