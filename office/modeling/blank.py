"""What a new form and a new decision model begin as: the least that is sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from engine.commands import checks
from engine.ids import new_id
from office.modeling import rules


def file(kind: str, name: str, key: str, *, english: bool = False) -> tuple[str, bytes]:
    """(file's name, content). Invalid where name or key cannot be so; no key: one is made."""
    name, key = " ".join(name.split()), key.strip() or f"{kind}-{new_id().hex[-8:]}"
    if kind not in KINDS:
        raise checks.refused("kind", "unknown", f"Expected a decision or form, not {kind!r:.40}.")
    if not name or len(name) > rules.LONGEST_NAME:
        raise checks.refused("name", "required", "Expected a name of at most 200 characters.")
    if not rules.KEY.fullmatch(key):
        raise checks.refused(
            "key", "key", f"Expected a code of a-z, digits and -, but got {key!r:.80}."
        )
    ending, write = KINDS[kind]
    return key + ending, write(key, name, english).encode()


def decision(key: str, name: str, english: bool) -> str:
    """One table with one rule, that draws itself."""
    asked, result = ("Amount", "Result") if english else ("จำนวนเงิน", "ผล")
    return _DECISION.format(key=key, name=quoteattr(name), asked=asked, result=result)


def form(key: str, name: str, english: bool) -> str:
    """A heading and one line to fill in."""
    label = "Note" if english else "หมายเหตุ"
    shown = {"type": "text", "id": "heading", "text": name}
    line = {"type": "textfield", "id": "note", "key": "note", "label": label}
    made = {"type": "default", "id": key, "schemaVersion": 19, "components": [shown, line]}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


#: each with the ending of its file
KINDS: Mapping[str, tuple[str, Callable[[str, str, bool], str]]] = {
    "decision": (".dmn", decision),
    "form": (".form.json", form),
}

_DECISION = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{key}_model" name={name} \
namespace="urn:saraban:decision:{key}">
  <decision id="{key}" name={name}>
    <decisionTable id="{key}_table" hitPolicy="UNIQUE">
      <input id="{key}_input" label="{asked}">
        <inputExpression id="{key}_expression" typeRef="number">
          <text>amount</text>
        </inputExpression>
      </input>
      <output id="{key}_output" label="{result}" name="result" typeRef="string" />
      <rule id="{key}_rule">
        <inputEntry id="{key}_test">
          <text></text>
        </inputEntry>
        <outputEntry id="{key}_result">
          <text>"{result}"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{key}_diagram">
      <dmndi:DMNShape id="{key}_shape" dmnElementRef="{key}">
        <dc:Bounds height="80" width="180" x="300" y="160" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""
