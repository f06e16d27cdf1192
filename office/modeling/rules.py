"""What a draft's file must be, what it is called, and what a new one begins as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from engine.commands import checks
from engine.runtime import Unreadable, read_xml
from engine.untrusted_xml import MAX_BYTES
from office.modeling import remarks

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAMS = (".bpmn", ".bpmn20.xml", ".bpmn2")
#: what may stand beside a diagram
BESIDE = (*DIAGRAMS, ".dmn", ".form.json", ".tests.json")
MOST_FILES = 100
#: bytes of all files beside a diagram
LARGEST = 8 << 20
#: a diagram and what stands beside it
MOST_TOGETHER, LARGEST_TOGETHER = MOST_FILES + 1, LARGEST + MAX_BYTES
KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
LONGEST_NAME, LONGEST_NOTE = 200, 190

_DECLARED = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)(["'])([A-Za-z0-9._-]+)\2""")


@dataclass(frozen=True, slots=True)
class Identity:
    """The process that a diagram draws, or, of several, the first that can be executed."""

    key: str
    name: str


def identify(xml: str) -> Identity:
    """Invalid where the text is no BPMN diagram that can be read without danger, or has more
    comments than a canvas can be given back.
    """
    try:
        root = read_xml(xml.encode())
    except Unreadable as refused:
        raise checks.refused("xml", refused.code, f"{refused.message} {refused.mend}") from None
    if root.tag != f"{BPMN}definitions":
        raise checks.refused(
            "xml", "not_bpmn", "Expected a BPMN 2.0 diagram, but it is another XML file."
        )
    remarks.bounded(xml)
    processes = root.findall(f"{BPMN}process")
    runs = [one for one in processes if one.get("isExecutable") not in ("false", "0")]
    first = next(iter([*runs, *processes]), root)
    name = " ".join((first.get("name") or root.get("name") or "").split())
    return Identity((first.get("id") or "")[:200], name[:LONGEST_NAME])


def is_model(source: bytes) -> bool:
    """Whether it is XML that can be read without danger, as decision models are read."""
    try:
        read_xml(source)
    except Unreadable:
        return False
    return True


def decode(source: bytes) -> str:
    """A diagram's file as the text that it is, in UTF-8 from now on; nothing else is touched."""
    declared = _DECLARED.search(source[:200].decode("ascii", "ignore"))
    encoding = declared[3].lower() if declared else "utf-8"
    encoding = "cp874" if encoding == "windows-874" else encoding
    try:
        text = source.decode("utf-8-sig" if encoding in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise checks.refused(
            "files", "not_utf8", "Expected UTF-8, but the file is encoded otherwise."
        ) from None
    if encoding in ("utf-8", "utf8", "us-ascii"):
        return text
    return _DECLARED.sub(r"\1\2UTF-8\2", text, count=1)


def split(files: Mapping[str, bytes]) -> tuple[str, str, dict[str, bytes]]:
    """(name, text, files beside it): of several diagrams the first by name is the one to draw."""
    diagrams = sorted(name for name in files if name.lower().endswith(DIAGRAMS))
    if not diagrams:
        raise checks.refused(
            "files", "no_diagram", "Expected a .bpmn file, but there is none among these."
        )
    drawn = diagrams[0]
    others = {name: content for name, content in files.items() if name != drawn}
    check_beside(others)
    return drawn, decode(files[drawn]), others


def check_beside(files: Mapping[str, bytes]) -> None:
    odd = sorted(name for name in files if not name.lower().endswith(BESIDE))
    if odd:
        raise checks.refused(
            "files", "unknown_file",
            f"Expected .bpmn, .dmn, .form.json or .tests.json files, but {odd[0]!r:.90} is none.",
        )  # fmt: skip
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST:
        raise checks.refused(
            "files", "too_many",
            f"Expected at most {MOST_FILES} files of {LARGEST >> 20} MiB together, but got more.",
        )  # fmt: skip


def template(key: str, name: str, *, english: bool = False) -> str:
    """The smallest process that runs: begin, one person's step, end. It draws itself."""
    begin, work, end = ("Start", "Do the work", "Done") if english else ("เริ่ม", "ดำเนินการ", "เสร็จ")
    return _TEMPLATE.format(key=key, name=quoteattr(name), begin=begin, work=work, end=end)


_TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:saraban="urn:saraban:bpmn:1.0" id="definitions" targetNamespace="urn:saraban:process">
  <bpmn:process id="{key}" name={name} isExecutable="true">
    <bpmn:startEvent id="begin" name="{begin}">
      <bpmn:outgoing>to_work</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="work" name="{work}">
      <bpmn:extensionElements>
        <saraban:assignment kind="starter" />
      </bpmn:extensionElements>
      <bpmn:incoming>to_work</bpmn:incoming>
      <bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end" name="{end}">
      <bpmn:incoming>to_end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_work" sourceRef="begin" targetRef="work" />
    <bpmn:sequenceFlow id="to_end" sourceRef="work" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin">
        <dc:Bounds x="160" y="102" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="166" y="145" width="24" height="18" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="work_di" bpmnElement="work">
        <dc:Bounds x="260" y="80" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end">
        <dc:Bounds x="444" y="102" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="449" y="145" width="26" height="18" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_work_di" bpmnElement="to_work">
        <di:waypoint x="196" y="120" />
        <di:waypoint x="260" y="120" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end">
        <di:waypoint x="380" y="120" />
        <di:waypoint x="444" y="120" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
