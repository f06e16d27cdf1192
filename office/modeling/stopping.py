"""Why a play cannot go on where it is stuck, in the warnings of a trial."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.errors import Cause
from engine.models.forms import SUFFIX
from engine.runtime import Bundle, Foresight
from engine.runtime.diagram import Node
from forms.definition import BadForm
from forms.reading import read
from office.chains.model import FIND, LETTER
from office.foreseen.values import Warned

_UNKNOWN = ("unknown_variable", "feel_unknown_variable")
_NAMED = re.compile(r"Expected (?:a|the) variable ['“](\w+)['”]")
_GAVE = re.compile(r"Expected “(.*)” to give a name or a list of names, but it gave null")
#: one field that names people, by itself or as a list
_FIELD = re.compile(r"(?:flatten\(\[)?(\w+)(?:\]\))?")
_WAYS = ("exclusiveGateway", "inclusiveGateway")


@dataclass(frozen=True, slots=True)
class Stopping:
    bundle: Bundle
    foresight: Foresight
    process: str

    def told(self, cause: Cause) -> Warned | None:
        node = self.foresight.node(self.process, cause.element_id)
        if node is None:
            return None
        if node.type in _WAYS:
            return self._unclear("unclear_way", cause, self._way(cause))
        if node.type == "businessRuleTask":
            return self._unclear("unclear_table", cause)
        asks = node.type == "userTask" or (
            node.settings.action is not None and node.settings.action.name == FIND
        )
        return self._people(cause, node) if asks else None

    def _people(self, cause: Cause, node: Node) -> Warned:
        if named := self._field(cause, node):
            return Warned("field_empty", self._labels().get(named, named))
        if cause.code == "assignment" and cause.message.endswith("gave null."):
            return Warned("nobody")
        return self._unclear("unclear_who", cause)

    def _field(self, cause: Cause, node: Node) -> str:
        """The one field that names who does it, and is empty. Empty: it is another matter."""
        asked = cause.detail.get("expression", "")
        if cause.code == "unknown_variable":
            return self._missing(cause)
        if cause.code == "assignment":
            found = _GAVE.search(cause.message)
            asked = found[1] if found else ""
            if node.repetition is not None and asked == node.repetition.item:
                listed = node.repetition.collection
                asked = listed.feel if listed is not None else ""
        field = _FIELD.fullmatch(asked.strip())
        return field[1] if field else ""

    def _unclear(self, code: str, cause: Cause, detail: str = "") -> Warned:
        missing = self._missing(cause)
        label = self._labels().get(missing, "") if missing else ""
        if label:
            return Warned(code, detail, missing=label)
        return Warned(code, detail, cause.message)

    def _missing(self, cause: Cause) -> str:
        found = _NAMED.search(cause.message) if cause.code in _UNKNOWN else None
        return found[1] if found else ""

    def _way(self, cause: Cause) -> str:
        for diagram in self.bundle.diagrams:
            for process in diagram.processes:
                if process.id != self.process:
                    continue
                for flow in process.flows.values():
                    asked = flow.condition.feel.strip() if flow.condition else None
                    if (flow.source, asked) == (cause.element_id, cause.detail.get("expression")):
                        return flow.name or flow.id
        return ""

    def _labels(self) -> Mapping[str, str]:
        """What fields are called, by their variable: of the forms, and of a letter's facts."""
        return {**{one.key: one.label for one in LETTER}, **dict(_labels(self.bundle.files))}


def _labels(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, source in files.items():
        if not name.endswith(SUFFIX):
            continue
        try:
            components = read(source)
        except BadForm:
            continue
        for one in (each for component in components for each in component.walk()):
            if one.key and one.label:
                yield one.key, one.label
