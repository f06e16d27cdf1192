"""The sketches of the documented rules as the files that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape

from engine.runtime.lint.documented import MARK

_BPMN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:saraban="urn:saraban:bpmn:1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' id="definitions" targetNamespace="urn:test">'
)
_DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m"'
    ' namespace="urn:{}">'
)
_ROOT = re.compile(r"<(message|signal|error|escalation) ")
_TIMES = re.compile(r"(.*) × ([\d,]+)")


@dataclass(slots=True)
class Sketch:
    """Files by name, and the places that are marked in them."""

    files: dict[str, bytes] = field(default_factory=dict)
    marks: list[tuple[str, int]] = field(default_factory=list)


def drawn(text: str) -> Sketch:
    sketch = Sketch()
    for name, option, lines in _files(text):
        if option != "as it is":
            lines = _framed(name, option, lines)
        for number, line in enumerate(lines, 1):
            if line.endswith(MARK):
                sketch.marks.append((name, number))
        whole = "\n".join(line.removesuffix(MARK).rstrip() for line in lines)
        sketch.files[name] = whole.encode("utf-16" if option == "utf-16" else "utf-8")
    return sketch


def _files(text: str) -> Iterator[tuple[str, str, list[str]]]:
    if not text.startswith("--- "):
        text = f"--- route.bpmn\n{text}"
    for part in text.removeprefix("--- ").split("\n--- "):
        head, _, body = part.partition("\n")
        name, _, option = head.partition(" (")
        yield name, option.rstrip(")"), body.splitlines()


def _framed(name: str, option: str, lines: list[str]) -> list[str]:
    if name.endswith(".dmn"):
        namespace = option.removeprefix("namespace ") or name.removesuffix(".dmn")
        return [_DMN.format(namespace), *lines, "</definitions>"]
    if not name.endswith(".bpmn"):
        return lines
    lines = [made for line in lines for made in _made(line)]
    if any("<process" in line for line in lines):
        return [_BPMN, *lines, "</definitions>"]
    roots = [line for line in lines if _ROOT.match(line)]
    ends = '<startEvent id="s"/>' + '<endEvent id="e"/>' * any('Ref="e"' in line for line in lines)
    frame = ['<process id="p" isExecutable="true">', ends]
    inside = [line for line in lines if not _ROOT.match(line)]
    return [_BPMN, *roots, *frame, *inside, "</process>", "</definitions>"]


def _made(line: str) -> Iterator[str]:
    """A line of the file; flows and repeated lines are written out."""
    if times := _TIMES.fullmatch(line):
        for number in range(int(times[2].replace(",", ""))):
            yield times[1].replace("{n}", str(number))
    elif "→" in line:
        way, _, condition = line.partition(" when ")
        mark = MARK if line.endswith(MARK) else ""
        nodes = [node.strip() for node in way.removesuffix(MARK).split("→")]
        condition = condition.removesuffix(MARK).strip()
        yield "".join(_flow(*ends, condition) for ends in pairwise(nodes)) + mark
    else:
        yield line


def _flow(source: str, target: str, condition: str) -> str:
    tag = "conditionExpression"
    inner = f"<{tag}>{escape(condition)}</{tag}>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{source}-{target}" {ends}>{inner}</sequenceFlow>'
